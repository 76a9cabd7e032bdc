// A column's part of a record batch that was read, as rows that can be copied to a column that is being written.

import type { ColumnType } from '../../model/column-type.ts';
import { unpackBits } from '../bits.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import type { ColumnRows } from './column-rows.ts';

/** The rows of a chunk, not copied but for bools, whose bits become bytes. */
export function rowsOfChunk(type: ColumnType | undefined, chunk: ColumnChunk): ColumnRows {
  const { validity, offsets, bytes } = chunk;
  if (type === 'bool') return { validity, values: unpackBits(bytes, chunk.rows) };
  return offsets.length > 0 ? { validity, offsets, bytes } : { validity, values: bytes };
}
