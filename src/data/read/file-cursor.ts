// Some columns of one slice file, of which the record batch that holds a given row is kept in memory.

import type {
  ColumnChunk,
  ColumnMemory,
  SliceColumn,
  StoredSlice,
} from '../format/slice-reader.ts';
import { SliceReader } from '../format/slice-reader.ts';
import { batchEnds } from './scan-plan.ts';

/** A slice file and the columns of it that are wanted. */
export interface CursorFile {
  readonly slice: StoredSlice;
  readonly columns: readonly SliceColumn[];
  /** One for each column. */
  readonly memories: readonly ColumnMemory[];
}

/** Reads a slice file forward. */
export class FileCursor {
  /** The present batch, one chunk per column. */
  chunks: readonly ColumnChunk[] = [];
  /** Where the row last asked for is in these. */
  offset = 0;
  readonly #reader: SliceReader;
  readonly #memories: readonly ColumnMemory[];
  readonly #ends: readonly number[];
  #next = 0;

  constructor({ slice, columns, memories }: CursorFile) {
    this.#reader = new SliceReader(slice, columns);
    this.#memories = memories;
    this.#ends = batchEnds(slice.batches);
  }

  /** Moves to a row, which is not before the present one; reads the batch it is in unless that is the present one. */
  moveTo(row: number): void {
    let batch = Math.max(0, this.#next - 1);
    while (row >= (this.#ends[batch] ?? Infinity)) batch++;
    if (batch >= this.#next) {
      this.chunks = this.#reader.readBatch(batch, this.#memories);
      this.#next = batch + 1;
    }
    this.offset = row - (this.#ends[batch - 1] ?? 0);
  }
}
