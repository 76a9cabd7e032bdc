// Writes the slices of one dataset, one after another: gathers rows into record batches. A slice file has a temporary name until `publishSlice`.

import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { onMachine } from '../../model/system-error.ts';
import { BATCH_ROWS } from '../batch-rows.ts';
import { sliceFileName } from '../manifest/dataset-files.ts';
import type { DatasetDeclaration, SlicePart } from '../manifest/dataset-part.ts';
import { columnBuffer } from './column-buffer.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import { isColumnarText, textSize } from './column-input.ts';
import type { ColumnInput, RowPart } from './column-input.ts';
import { checkLengths } from './column-lengths.ts';
import type { ColumnRows, RowChoice } from './column-rows.ts';
import type { RowSink } from './row-sink.ts';
import { SliceFile } from './slice-file.ts';
import type { WritePlace } from './value-error.ts';

/**
 * A batch also ends at a multiple of this many rows once a column holds more than `MAX_COLUMN_BYTES`: a function of
 * the rows alone, so that equal rows make equal batches and digests however they were written.
 */
const SIZE_CHECK_ROWS = 256;
const MAX_COLUMN_BYTES = 32 * 1024 * 1024;

/** Looks at the rows of each batch before they are written; throws for those that do not belong into the slice. */
export type CheckRows = (columns: readonly ColumnBuffer[], place: Readonly<WritePlace>) => void;

/** Writes one slice at a time. */
export class SliceWriter implements RowSink {
  /** In the order of the declaration. The same objects for all slices. */
  readonly columns: readonly ColumnBuffer[];
  readonly #declaration: DatasetDeclaration;
  readonly #jobPath: string;
  readonly #place: WritePlace;
  readonly #checkRows: CheckRows | undefined;
  /** Rows between two looks at the size of the batch. */
  readonly #checkInterval: number;
  #slice: SliceFile | undefined;
  /** Whole rows in the columns. */
  #rows = 0;
  #nextCheck: number;

  constructor(declaration: DatasetDeclaration, jobPath: string, checkRows?: CheckRows) {
    this.#checkRows = checkRows;
    const place: WritePlace = { dataset: declaration.name, sliceno: 0, rowsBefore: 0 };
    this.columns = declaration.columns.map((column) => columnBuffer(column, place));
    this.#declaration = declaration;
    this.#jobPath = jobPath;
    this.#place = place;
    const isVarying = declaration.columns.some((column) => VARYING_TYPES.has(column.type));
    this.#checkInterval = isVarying ? SIZE_CHECK_ROWS : BATCH_ROWS;
    this.#nextCheck = this.#checkInterval;
  }

  /** The slice that is being written. */
  get sliceno(): number | undefined {
    return this.#slice?.sliceno;
  }

  get room(): number {
    return this.#nextCheck - this.#rows;
  }

  roomFor(inputs: readonly ColumnInput[], { rows, start, end }: RowPart): number {
    const most = Math.min(end - start, BATCH_ROWS - this.#rows);
    const fits = this.columns.every((column, i) => {
      if (!VARYING_TYPES.has(this.#declaration.columns[i]?.type ?? '')) return true;
      const input = inputs[i];
      if (input === undefined || !isColumnarText(input)) return false;
      const bytes = textSize(input, { rows, start, end: start + most });
      return column.sizeBytes + bytes <= MAX_COLUMN_BYTES;
    });
    return fits ? most : Math.min(most, this.room);
  }

  /** Starts a slice; the one before must be ended. */
  start(sliceno: number): void {
    this.#place.sliceno = sliceno;
    this.#place.rowsBefore = 0;
    const path = temporaryPath(this.#jobPath, this.#declaration.stem, sliceno);
    this.#slice = new SliceFile(path, sliceno, this.#declaration);
  }

  endRows(count: number): void {
    this.#rows += count;
    if (this.#rows >= this.#nextCheck) this.#check();
  }

  rollBack(): void {
    for (const column of this.columns) column.truncate(this.#rows);
  }

  /** Appends whole rows of columns of the same types. */
  appendRows(rows: readonly ColumnRows[], { order, start, end }: RowChoice): void {
    for (let from = start; from < end;) {
      const to = Math.min(end, from + this.room);
      this.columns.forEach((column, i) => {
        const source = rows[i];
        if (source !== undefined) column.appendRows(source, { order, start: from, end: to });
      });
      this.endRows(to - from);
      from = to;
    }
  }

  /** Ends the slice: writes what is left and closes the file, still under its temporary name. */
  end(): SlicePart {
    const slice = this.#openSlice();
    this.#flush();
    const part = slice.end();
    this.#slice = undefined;
    return { ...part, rows: this.#place.rowsBefore };
  }

  /** Writes a whole slice, whose rows `fill` appends. Nothing of it is left where that fails. */
  writeSlice(sliceno: number, fill: () => void): SlicePart {
    this.start(sliceno);
    try {
      fill();
      return this.end();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  /** Gives up the slice that is being written, if any, and removes its file. */
  abort(): void {
    const slice = this.#slice;
    if (slice === undefined) return;
    this.#slice = undefined;
    slice.abandon();
  }

  #check(): void {
    const isFull =
      this.#rows >= BATCH_ROWS ||
      this.columns.some((column) => column.sizeBytes > MAX_COLUMN_BYTES);
    if (isFull) this.#flush();
    const interval = this.#checkInterval;
    this.#nextCheck = (Math.floor(this.#rows / interval) + 1) * interval;
  }

  #flush(): void {
    const slice = this.#openSlice();
    checkLengths(this.columns, {
      declaration: this.#declaration,
      rows: this.#rows,
      ...this.#place,
    });
    if (this.#rows === 0) return;
    this.#checkRows?.(this.columns, this.#place);
    const batches = this.columns.map((column) => column.batch());
    slice.writeBatch(this.#rows, batches);
    for (const column of this.columns) column.clear();
    this.#place.rowsBefore += this.#rows;
    this.#rows = 0;
    this.#nextCheck = this.#checkInterval;
  }

  #openSlice(): SliceFile {
    if (this.#slice === undefined) throw new Error('Internal error: no slice has been started');
    return this.#slice;
  }
}

const VARYING_TYPES: ReadonlySet<string> = new Set(['number', 'string', 'bytes', 'json']);

/** Gives a finished slice file its final name. */
export function publishSlice(jobPath: string, stem: string, sliceno: number): void {
  const path = slicePath(jobPath, stem, sliceno);
  onMachine('rename', path, () => renameSync(temporaryPath(jobPath, stem, sliceno), path));
}

/** Removes a slice file, whether it has been published or not. */
export function removeSlice(jobPath: string, stem: string, sliceno: number): void {
  rmSync(temporaryPath(jobPath, stem, sliceno), { force: true });
  rmSync(slicePath(jobPath, stem, sliceno), { force: true });
}

function slicePath(jobPath: string, stem: string, sliceno: number): string {
  return join(jobPath, sliceFileName(stem, sliceno));
}

/** Names that begin like this are removed when a job ends, whoever has left them. */
function temporaryPath(jobPath: string, stem: string, sliceno: number): string {
  const path = slicePath(jobPath, stem, sliceno);
  return join(dirname(path), `.acc-${basename(path)}`);
}
