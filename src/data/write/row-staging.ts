// Rows on the way to their slices: gathered in memory up to a fixed size, then handed on together.
// Unaware of files and of how rows are placed. The size is the same for any number of slices and columns.

import { BATCH_ROWS } from '../batch-rows.ts';
import type { DatasetDeclaration } from '../manifest/dataset-part.ts';
import { columnBuffer } from './column-buffer.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import { isColumnarText, textSize } from './column-input.ts';
import type { ColumnInput, RowPart } from './column-input.ts';
import { checkLengths } from './column-lengths.ts';
import type { ColumnRows } from './column-rows.ts';
import type { RowSink } from './row-sink.ts';
import type { WritePlace } from './value-error.ts';

/** Rows are handed on when they are larger than this: 8 slices then get batches of usual length. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Rows between two looks at the size. */
const CHECK_ROWS = 256;
/** What a row takes of a column beside bytes of varying length, at most. */
const ROW_BYTES = 8;

/** What is done with staged rows: `rows` holds them by column and is good during the call. */
export type HandOn = (rows: readonly ColumnRows[], count: number) => void;

/** Gathers rows. */
export class RowStaging implements RowSink {
  readonly columns: readonly ColumnBuffer[];
  readonly #declaration: DatasetDeclaration;
  readonly #place: WritePlace;
  readonly #handOn: HandOn;
  #rows = 0;
  #nextCheck = CHECK_ROWS;

  /** `sliceno` is named in errors. */
  constructor(declaration: DatasetDeclaration, sliceno: number, handOn: HandOn) {
    this.#place = { dataset: declaration.name, sliceno, rowsBefore: 0 };
    this.columns = declaration.columns.map((column) => columnBuffer(column, this.#place));
    this.#declaration = declaration;
    this.#handOn = handOn;
  }

  get room(): number {
    return this.#nextCheck - this.#rows;
  }

  /** Many rows at a time where all columns tell their size. */
  roomFor(inputs: readonly ColumnInput[], { rows, start, end }: RowPart): number {
    const most = Math.min(end - start, BATCH_ROWS);
    let size = most * this.columns.length * ROW_BYTES;
    for (const input of inputs) {
      if (isColumnarText(input)) size += textSize(input, { rows, start, end: start + most });
      else if (!ArrayBuffer.isView(input)) return Math.min(end - start, this.room);
    }
    return size > MAX_BYTES ? Math.min(end - start, this.room) : most;
  }

  endRows(count: number): void {
    this.#rows += count;
    if (this.#rows < this.#nextCheck) return;
    if (this.#sizeBytes() > MAX_BYTES) this.flush();
    this.#nextCheck = (Math.floor(this.#rows / CHECK_ROWS) + 1) * CHECK_ROWS;
  }

  rollBack(): void {
    for (const column of this.columns) column.truncate(this.#rows);
  }

  /** The rows that have not been handed on; good until the next one is written. */
  held(): { readonly rows: readonly ColumnRows[]; readonly count: number } {
    checkLengths(this.columns, {
      declaration: this.#declaration,
      rows: this.#rows,
      rowsBefore: this.#place.rowsBefore,
    });
    return { rows: this.columns.map((column) => column.rows()), count: this.#rows };
  }

  /** Hands on what is there. */
  flush(): void {
    const { rows, count } = this.held();
    if (count === 0) return;
    this.#handOn(rows, count);
    for (const column of this.columns) column.clear();
    this.#place.rowsBefore += this.#rows;
    this.#rows = 0;
    this.#nextCheck = CHECK_ROWS;
  }

  #sizeBytes(): number {
    let size = this.#rows * this.columns.length * ROW_BYTES;
    for (const column of this.columns) size += column.sizeBytes;
    return size;
  }
}
