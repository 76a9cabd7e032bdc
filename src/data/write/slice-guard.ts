// Keeps rows out of slices that they do not belong to by their hash: finds them, or drops them.

import type { ColumnType } from '../../model/column-type.ts';
import { SlicePlacer } from '../hash-column.ts';
import type { PlaceableColumn } from '../hash-column.ts';
import type { DatasetDeclaration, DeclaredColumn } from '../manifest/dataset-part.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import { isColumnarText, nullsOf } from './column-input.ts';
import type { ColumnInput, InputPart, RowPart } from './column-input.ts';
import type { ColumnRows } from './column-rows.ts';
import { isStoredForm, NUMBER_REASONS } from './number-kinds.ts';
import type { NumberType } from './number-kinds.ts';
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

/** Lists the rows of a batch that belong to `sliceno`; `null` where that cannot be told before they are converted. */
export type FindHome = (
  part: Pick<InputPart, 'values' | 'validity' | 'rows'>,
  count: number,
  sliceno: number,
) => Int32Array | null;

/** Makes a function that finds the rows of one slice by their hash column as it is given. */
export function homeRows(column: DeclaredColumn, slices: number): FindHome {
  const placer = new SlicePlacer(column.type, slices);
  const isKept = column.parsed !== true && column.default === undefined;
  return (part, count, sliceno) => {
    const { values, rows } = part;
    if (rows !== null || !isKept || !isStored(column.type, values)) return null;
    const validity = nullsOf({ ...part, start: 0, end: count });
    const places = placer.place({ values, length: count, validity });
    const home = new Int32Array(count);
    let found = 0;
    for (let row = 0; row < count; row++) {
      home[found] = row;
      found += Number(places[row] === sliceno);
    }
    return home.subarray(0, found);
  };
}

/** Tells whether values are as a column of the type gave them. */
function isStored(type: ColumnType, values: ColumnInput): values is ColumnInput & PlaceableColumn {
  if (isColumnarText(values)) return values.type === type && type !== 'json';
  if (type === 'int64' || type === 'datetime') return values instanceof BigInt64Array;
  return type in NUMBER_REASONS && isStoredForm(type as NumberType, values);
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

  roomFor(inputs: readonly ColumnInput[], part: RowPart): number {
    return this.#staging.roomFor(inputs, part);
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
