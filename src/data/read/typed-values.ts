// Views of a chunk's bytes as numbers. Nothing is copied: they are good as long as the chunk.

import type { ColumnChunk } from '../format/slice-reader.ts';

/** Types whose values are JavaScript numbers in Arrow's form. */
export type PlainNumberType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'float32'
  | 'float64';

/** Values of such a type. */
export type PlainNumbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

type NumberArray = new (buffer: ArrayBufferLike, offset: number, length: number) => PlainNumbers;

const ARRAYS: Readonly<Record<PlainNumberType, NumberArray>> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** All values of a column of plain numbers. */
export function plainNumbers(type: PlainNumberType, { bytes, rows }: ColumnChunk): PlainNumbers {
  return new ARRAYS[type](bytes.buffer, bytes.byteOffset, rows);
}

/** All values of a float64 column. */
export function floats({ bytes, rows }: ColumnChunk): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset, rows);
}

/** All values of a column of 32-bit integers; of one of 64-bit integers the low and high words in turn. */
export function integers({ bytes }: ColumnChunk): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** All values of a column of 64-bit integers. */
export function bigints({ bytes, rows }: ColumnChunk): BigInt64Array {
  return new BigInt64Array(bytes.buffer, bytes.byteOffset, rows);
}
