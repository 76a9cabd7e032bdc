// Rows that authors' functions translate and choose, and rows chosen by their position among what these let through.
// Each function is called when its row is asked for and not before, so that it may depend on what a loop has done.

import type { RowRuns } from './row-runs.ts';
import type { RowSlice } from './row-slice.ts';

/** What is done with each row. */
export interface RowMapping {
  /** One for each column, where there is one. */
  readonly translators: readonly (((value: unknown) => unknown) | undefined)[];
  readonly translateRow: ((row: unknown) => unknown) | undefined;
  /** In the order of the columns. */
  readonly filters: readonly { readonly column: number; readonly accepts: Accepts }[];
  readonly acceptsRow: Accepts | undefined;
  /** Positions wanted among the rows that are left; `null` for all. */
  readonly slice: RowSlice | null;
}

type Accepts = (value: unknown) => unknown;

/** How a row is handed out. */
export interface RowShape {
  /** Makes a row of the values of its columns, which are good until the next row. */
  readonly make: (cells: readonly unknown[]) => unknown;
  /** The value of a column in a row made by `make`, or by an author in its likeness. */
  readonly cell: (row: unknown, column: number) => unknown;
}

const DROPPED: unique symbol = Symbol('dropped');

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Tells whether a mapping does anything. */
export function isMapped(mapping: RowMapping): boolean {
  return (
    mapping.translators.some((translate) => translate !== undefined) ||
    mapping.translateRow !== undefined ||
    mapping.filters.length > 0 ||
    mapping.acceptsRow !== undefined ||
    mapping.slice !== null
  );
}

/** Iterates over mapped rows. */
export class MappedRows implements IterableIterator<unknown> {
  readonly #source: RowRuns;
  readonly #mapping: RowMapping;
  readonly #shape: RowShape;
  readonly #cells: unknown[];
  /** Rows that have passed the filters. */
  #passed = 0;

  constructor(source: RowRuns, mapping: RowMapping, shape: RowShape) {
    this.#source = source;
    this.#mapping = mapping;
    this.#shape = shape;
    this.#cells = source.values.map(() => null);
  }

  next(): IteratorResult<unknown> {
    const source = this.#source;
    const { slice } = this.#mapping;
    for (;;) {
      if (slice !== null && this.#passed >= slice.stop) {
        source.finish();
        return END;
      }
      if (source.index === source.count && !source.load()) return END;
      const row = source.index++;
      try {
        const value = this.#map(row);
        if (value !== DROPPED) return { done: false, value };
      } catch (error) {
        source.leave();
        throw error;
      }
    }
  }

  return(): IteratorResult<unknown> {
    this.#source.leave();
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }

  #map(row: number): unknown {
    const { translators, translateRow, filters, acceptsRow, slice } = this.#mapping;
    const cells = this.#cells;
    const { values } = this.#source;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]?.[row];
      const translate = translators[i];
      cells[i] = translate === undefined ? value : translate(value);
    }
    const shape = this.#shape;
    const made = translateRow === undefined ? DROPPED : translateRow(shape.make(cells));
    for (const { column, accepts } of filters) {
      const value = made === DROPPED ? cells[column] : shape.cell(made, column);
      if (!accepts(value)) return DROPPED;
    }
    const result = made === DROPPED ? shape.make(cells) : made;
    if (acceptsRow !== undefined && !acceptsRow(result)) return DROPPED;
    if (slice === null) return result;
    const at = this.#passed++ - slice.start;
    return at >= 0 && at % slice.step === 0 ? result : DROPPED;
  }
}
