// Rows of one column in memory, ready to be copied to another column of the same type: all of them or some, in any order.
// Copies by width of the values and not by type, so that each loop sees one kind of array.

import type { RowPart } from './column-input.ts';
import { isNull } from './validity.ts';

/** Arrays whose elements have at most 64 bits. */
export type FixedValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array;

/** Values of one width, those of bools as bytes 0 and 1. */
export interface FixedRows {
  /** Arrow bitmap; `null` when nothing is null. */
  readonly validity: Uint8Array | null;
  readonly values: FixedValues;
}

/** Values of varying length, as Arrow lays them out. */
export interface VaryingRows {
  readonly validity: Uint8Array | null;
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Rows of one column. Good as long as what they were taken from does not change. */
export type ColumnRows = FixedRows | VaryingRows;

/** Which rows to copy: `[start, end)` of the column, or of `order`, which holds numbers of rows. */
export interface RowChoice {
  readonly order: Int32Array | null;
  readonly start: number;
  readonly end: number;
}

/** The choice that a part of a batch is. Row numbers fit into signed numbers. */
export function choiceOf({ rows, start, end }: RowPart): RowChoice {
  const isUnsigned = rows instanceof Uint32Array;
  const order = isUnsigned ? new Int32Array(rows.buffer, rows.byteOffset, rows.length) : rows;
  return { order, start, end };
}

/** Copies values to `target` from place `at` on; both have elements of the same width. */
export function copyFixed(
  target: FixedValues,
  at: number,
  source: FixedValues,
  { order, start, end }: RowChoice,
): void {
  const width = target.BYTES_PER_ELEMENT;
  if (order === null) {
    const bytes = asBytes(source).subarray(start * width, end * width);
    asBytes(target).set(bytes, at * width);
    return;
  }
  const rows = order.subarray(start, end);
  switch (width) {
    case 1:
      return gather8(asBytes(target), at, asBytes(source), rows);
    case 2:
      return gather16(asWords(target, Uint16Array), at, asWords(source, Uint16Array), rows);
    case 4:
      return gather32(asWords(target, Int32Array), at, asWords(source, Int32Array), rows);
    default:
      return gather64(asLongs(target), at, asLongs(source), rows);
  }
}

/** Calls `mark` with the position within the choice of each null. */
export function eachNull(
  validity: Uint8Array | null,
  { order, start, end }: RowChoice,
  mark: (index: number) => void,
): void {
  if (validity === null) return;
  for (let i = start; i < end; i++) {
    if (isNull(validity, order === null ? i : (order[i] ?? 0))) mark(i - start);
  }
}

/** Bytes that the chosen values of varying length have together. */
export function varyingSize(offsets: Int32Array, { order, start, end }: RowChoice): number {
  if (order === null) return (offsets[end] ?? 0) - (offsets[start] ?? 0);
  let size = 0;
  for (let i = start; i < end; i++) {
    const row = order[i] ?? 0;
    size += (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
  }
  return size;
}

function gather8(target: Uint8Array, at: number, source: Uint8Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i++) target[at + i] = source[rows[i] ?? 0] ?? 0;
}

function gather16(target: Uint16Array, at: number, source: Uint16Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i++) target[at + i] = source[rows[i] ?? 0] ?? 0;
}

function gather32(target: Int32Array, at: number, source: Int32Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i++) target[at + i] = source[rows[i] ?? 0] ?? 0;
}

/** As integers, because floats could lose the bits of a NaN. Compiled, this makes no bigint, and is faster than pairs of words. */
function gather64(
  target: BigUint64Array,
  at: number,
  source: BigUint64Array,
  rows: Int32Array,
): void {
  for (let i = 0; i < rows.length; i++) target[at + i] = source[rows[i] ?? 0] ?? 0n;
}

function asLongs({ buffer, byteOffset, byteLength }: FixedValues): BigUint64Array {
  return new BigUint64Array(buffer, byteOffset, byteLength >> 3);
}

function asBytes(values: FixedValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function asWords<Words>(
  values: FixedValues,
  Type: new (buffer: ArrayBufferLike, offset: number, length: number) => Words,
): Words {
  const width = values.BYTES_PER_ELEMENT === 2 ? 2 : 4;
  return new Type(values.buffer, values.byteOffset, values.byteLength / width);
}
