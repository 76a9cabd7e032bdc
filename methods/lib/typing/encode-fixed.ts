// Turns values that were read as float64 into the array that a column of their type is written from.
// 64-bit integers are put together from two words, because arithmetic on bigints is many times slower.

import type { ColumnType } from 'acc-engine';

import type { NumberArray } from '../tables/column-view.ts';
import type { ParsedCells } from '../values/cells.ts';
import { WORD } from '../values/units.ts';

const WORDS_PER_UNIT = 2 ** -32;

/** Makes arrays for one column, all in the same memory: each is valid until the next one is made. */
export class FixedEncoder {
  readonly #type: ColumnType;
  #memory = new ArrayBuffer(0);

  constructor(type: ColumnType) {
    this.#type = type;
  }

  /** The values of `rows` rows. For float64 these are the cells' own memory. */
  encode(cells: ParsedCells, rows: number): NumberArray {
    const values = cells.values.subarray(0, rows);
    if (this.#type === 'float64') return values;
    if (this.#memory.byteLength < rows * 8) this.#memory = new ArrayBuffer(rows * 8);
    const array = arrayOf(this.#type, this.#memory, rows);
    if (array instanceof BigInt64Array) putWide(array, cells, rows);
    else array.set(values);
    return array;
  }
}

function arrayOf(type: ColumnType, memory: ArrayBuffer, rows: number): NumberArray {
  switch (type) {
    case 'float32':
      return new Float32Array(memory, 0, rows);
    case 'float64':
      return new Float64Array(memory, 0, rows);
    case 'bool':
    case 'uint8':
      return new Uint8Array(memory, 0, rows);
    case 'int8':
      return new Int8Array(memory, 0, rows);
    case 'int16':
      return new Int16Array(memory, 0, rows);
    case 'uint16':
      return new Uint16Array(memory, 0, rows);
    case 'uint32':
      return new Uint32Array(memory, 0, rows);
    case 'int32':
    case 'date':
      return new Int32Array(memory, 0, rows);
    case 'int64':
    case 'time':
    case 'datetime':
      return new BigInt64Array(memory, 0, rows);
    case 'number':
    case 'string':
    case 'bytes':
    case 'json':
      throw new Error(`Internal error: ${type} has no fixed width`);
  }
}

function putWide(integers: BigInt64Array, { values, wide }: ParsedCells, rows: number): void {
  const words = new Int32Array(integers.buffer, 0, rows * 2);
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? 0;
    const high = Math.floor(value * WORDS_PER_UNIT);
    words[row * 2] = value - high * WORD;
    words[row * 2 + 1] = high;
  }
  for (const [row, value] of wide) if (row < rows) integers[row] = value;
}
