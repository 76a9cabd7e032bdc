// What rows are written to, whatever becomes of them: a slice file, or memory from which they go to their slices.

import type { ColumnBuffer } from './column-buffer.ts';
import type { ColumnInput, RowPart } from './column-input.ts';

/** Takes rows, column by column. */
export interface RowSink {
  /** In the order of the declaration. */
  readonly columns: readonly ColumnBuffer[];
  /** Rows that may be appended to the columns before `endRows` must be called. */
  readonly room: number;
  /**
   * As `room`, for rows of a batch: a look at the size is left out where text that is given in columnar form shows that
   * it would not end the record batch.
   */
  roomFor(inputs: readonly ColumnInput[], part: RowPart): number;
  /** Counts rows whose values have been appended to every column; never more than `room`, or `roomFor` them. */
  endRows(count: number): void;
  /** Forgets values appended since the last whole row. */
  rollBack(): void;
}
