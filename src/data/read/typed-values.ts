// Views of a chunk's bytes as numbers. Nothing is copied: they are good as long as the chunk.

import type { ColumnChunk } from '../format/slice-reader.ts';

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
