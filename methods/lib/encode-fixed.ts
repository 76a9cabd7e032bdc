// Turns values that were read as float64 into the array that a column of their type is written from.
// 64-bit integers are put together from two words, because arithmetic on bigints is many times slower.

import type { ColumnType } from 'acc-engine';

import type { ParsedCells } from './cells.ts';

/** Arrays of values of fixed width. */
export type FixedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const WORD = 2 ** 32;
const WORDS_PER_UNIT = 2 ** -32;

/** The values of `rows` rows. For float64 these are the cells' own memory: valid until they are read again. */
export function encodeFixed(type: ColumnType, cells: ParsedCells, rows: number): FixedArray {
  const values = cells.values.subarray(0, rows);
  switch (type) {
    case 'float64':
      return values;
    case 'float32':
      return new Float32Array(values);
    case 'bool':
    case 'uint8':
      return new Uint8Array(values);
    case 'int8':
      return new Int8Array(values);
    case 'int16':
      return new Int16Array(values);
    case 'uint16':
      return new Uint16Array(values);
    case 'uint32':
      return new Uint32Array(values);
    case 'int32':
    case 'date':
      return new Int32Array(values);
    case 'int64':
    case 'time':
    case 'datetime':
      return encodeWide(cells, rows);
    case 'number':
    case 'string':
    case 'bytes':
    case 'json':
      throw new Error(`Internal error: ${type} has no fixed width`);
  }
}

function encodeWide({ values, wide }: ParsedCells, rows: number): BigInt64Array {
  const integers = new BigInt64Array(rows);
  const words = new Int32Array(integers.buffer);
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? 0;
    const high = Math.floor(value * WORDS_PER_UNIT);
    words[row * 2] = value - high * WORD;
    words[row * 2 + 1] = high;
  }
  for (const [row, value] of wide) if (row < rows) integers[row] = value;
  return integers;
}
