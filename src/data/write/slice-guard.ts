// Keeps rows out of slices that they do not belong to by their hash: finds them, or drops them.

import type { DatasetDeclaration } from '../manifest/dataset-part.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import type { ColumnInput } from './column-input.ts';
import type { ColumnRows } from './column-rows.ts';
import { rowPlacer } from './place-rows.ts';
import type { RowSink } from './row-sink.ts';
import { RowStaging } from './row-staging.ts';
import type { SliceWriter } from './slice-writer.ts';

/** The slices of some rows, and which rows belong to `sliceno`. */
export type FindForeign = (
  rows: readonly ColumnRows[],
  count: number,
  sliceno: number,
) => { readonly places: Int32Array; readonly home: Int32Array };

/** Makes a function that finds rows of other slices. The declaration has a hash column. */
export function foreignRows(declaration: DatasetDeclaration, slices: number): FindForeign {
  const place = rowPlacer(declaration, slices, 0);
  return (rows, count, sliceno) => {
    const places = place(rows, count);
    const home = new Int32Array(count);
    let found = 0;
    for (let row = 0; row < count; row++) if (places[row] === sliceno) home[found++] = row;
    return { places, home: home.subarray(0, found) };
  };
}

/** Passes on only the rows that belong to the slice that is open. */
export class DiscardingRows implements RowSink {
  readonly #staging: RowStaging;
  #sliceno = 0;

  constructor(declaration: DatasetDeclaration, writer: SliceWriter, foreign: FindForeign) {
    this.#staging = new RowStaging(declaration, 0, (rows, count) => {
      const { home } = foreign(rows, count, this.#sliceno);
      writer.appendRows(rows, { order: home, start: 0, end: home.length });
    });
  }

  get columns(): readonly ColumnBuffer[] {
    return this.#staging.columns;
  }

  get room(): number {
    return this.#staging.room;
  }

  roomFor(inputs: readonly ColumnInput[], start: number, end: number): number {
    return this.#staging.roomFor(inputs, start, end);
  }

  /** Goes to a slice; the one before must be flushed. */
  start(sliceno: number): void {
    this.#sliceno = sliceno;
  }

  endRows(count: number): void {
    this.#staging.endRows(count);
  }

  rollBack(): void {
    this.#staging.rollBack();
  }

  /** Passes on what is left. */
  flush(): void {
    this.#staging.flush();
  }
}
