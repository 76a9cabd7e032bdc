// Decides which slice each staged row goes to: by the hash of the hash column, or in turn where there is none.

import type { PlaceableColumn } from '../hash-column.ts';
import { SlicePlacer } from '../hash-column.ts';
import type { HashableValue } from '../hash.ts';
import { hashSlice } from '../hash.ts';
import type { DatasetDeclaration } from '../manifest/dataset-part.ts';
import type { ColumnRows } from './column-rows.ts';

/** Returns the slice of each row; the result is good until the next call. */
export type PlaceRows = (rows: readonly ColumnRows[], count: number) => Int32Array;

/** Rows in the order of their slices; within a slice as they were. */
export interface RowsBySlice {
  /** Numbers of rows. */
  readonly order: Int32Array;
  /** Where each slice begins in `order`, and where the last one ends. */
  readonly starts: Int32Array;
}

/** Number of the column that places rows; −1 when none does. */
export function hashColumn({ columns, hashlabel }: DatasetDeclaration): number {
  return hashlabel === null ? -1 : columns.findIndex(({ name }) => name === hashlabel);
}

/** The slice of a row by the value in its hash column as it will be stored: a float32 is rounded. */
export function sliceOfKey(
  declaration: DatasetDeclaration,
  value: HashableValue,
  slices: number,
): number {
  const type = declaration.columns[hashColumn(declaration)]?.type;
  const isRounded = type === 'float32' && typeof value === 'number';
  return hashSlice(isRounded ? Math.fround(value) : value, slices);
}

/** Places rows by hash, or, without a hash column, one in each slice in turn, beginning with `first`. */
export function rowPlacer(
  declaration: DatasetDeclaration,
  slices: number,
  first: number,
): PlaceRows {
  const index = hashColumn(declaration);
  return index < 0 ? inTurn(slices, first) : byHash(declaration, index, slices);
}

/** Sorts rows by slice. */
export function orderBySlice(places: Int32Array, slices: number): RowsBySlice {
  const starts = new Int32Array(slices + 1);
  for (const place of places) starts[place + 1] = (starts[place + 1] ?? 0) + 1;
  for (let slice = 1; slice <= slices; slice++) {
    starts[slice] = (starts[slice] ?? 0) + (starts[slice - 1] ?? 0);
  }
  const next = starts.slice();
  const order = new Int32Array(places.length);
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? 0;
    const at = next[place] ?? 0;
    order[at] = row;
    next[place] = at + 1;
  }
  return { order, starts };
}

function byHash(declaration: DatasetDeclaration, index: number, slices: number): PlaceRows {
  const placer = new SlicePlacer(declaration.columns[index]?.type ?? 'json', slices);
  return (rows, length) => {
    const column = rows[index];
    if (column === undefined) throw new Error('Internal error: no hash column');
    const values: PlaceableColumn = 'values' in column ? column.values : column;
    return placer.place({ values, length, validity: column.validity });
  };
}

function inTurn(slices: number, first: number): PlaceRows {
  let next = first;
  return (_, count) => {
    const places = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      places[row] = next;
      next = next + 1 === slices ? 0 : next + 1;
    }
    return places;
  };
}
