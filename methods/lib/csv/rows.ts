// Imports the parts of files that one slice takes: rows go to the dataset in batches, lines that are no rows to datasets
// of their own, or fail the import. Memory does not grow with the parts.

import { closeSync, openSync } from 'node:fs';

import type { DatasetWriter } from 'acc-engine';

import { shown } from '../mistake.ts';
import { fieldAt, fieldBytes, takeColumns } from './columns.ts';
import type { ImportedColumn, IndexedRows, TakenColumns } from './columns.ts';
import { CsvFault, withLineNumbers } from './fault.ts';
import type { CsvFormat } from './format.ts';
import { aligned, CsvKernel, STOPPED } from './kernel.ts';
import { UNCLOSED, WRONG_QUOTES } from './labels.ts';
import type { ImportPart, ImportPlan } from './plan.ts';
import type { TextFile } from './source.ts';
import { WRITTEN } from './values.ts';
import { FileWindow } from './window.ts';

const WINDOW_BYTES = 1 << 19;
/** Fields of a batch: more only where records have more. */
const FIELDS = 1 << 16;
const LEAST_ROWS = 64;

/** Where rows and other lines go. */
export interface ImportTargets {
  readonly rows: DatasetWriter;
  /** Lines that cannot be read; without it they fail the import. */
  readonly bad: LineTarget | undefined;
  /** Comments, empty and skipped lines; without it they are dropped. */
  readonly skipped: LineTarget | undefined;
}

/** Takes a line by its number in its file. */
export type LineTarget = (file: TextFile, line: number, data: Uint8Array) => void;

/** How rows are read. */
export interface RowOptions {
  readonly format: CsvFormat;
  readonly allowExtraEmpty: boolean;
  readonly skipEmptyLines: boolean;
  /** Name of a column that gets the number of the line each row begins at; empty for none. */
  readonly linenoLabel: string;
}

/** How many lines of each kind there were. */
export interface ImportCounts {
  readonly rows: number;
  readonly bad: number;
  readonly skipped: number;
}

/** Imports the parts of one slice. */
export function importParts(
  plan: ImportPlan,
  parts: readonly ImportPart[],
  options: RowOptions,
  targets: ImportTargets,
): ImportCounts {
  const slice = new SliceImport(plan, options, targets);
  for (const part of parts) slice.read(part);
  return slice.counts;
}

/** Tells what the lines of an import are called in messages. */
function fieldCount(width: number, got: number): string {
  return `expected ${width} ${width === 1 ? 'field' : 'fields'} as there are labels, got ${got}`;
}

class SliceImport {
  readonly counts = { rows: 0, bad: 0, skipped: 0 };
  readonly #plan: ImportPlan;
  readonly #options: RowOptions;
  readonly #targets: ImportTargets;
  readonly #kernel: CsvKernel;
  readonly #maxRows: number;

  constructor(plan: ImportPlan, options: RowOptions, targets: ImportTargets) {
    this.#plan = plan;
    this.#options = options;
    this.#targets = targets;
    this.#maxRows = Math.max(LEAST_ROWS, Math.floor(FIELDS / plan.width));
    this.#kernel = new CsvKernel(options.format, WINDOW_BYTES);
    const { allowExtraEmpty, skipEmptyLines } = options;
    this.#kernel.run.configureRows(plan.width, allowExtraEmpty, skipEmptyLines);
  }

  read(part: ImportPart): void {
    const file = this.#plan.files[part.file];
    if (file === undefined) throw new Error(`Internal error: no file ${part.file}`);
    for (const { line, data } of part.skipped) this.#skip(file, line, data);
    const fd = openSync(file.path, 'r');
    try {
      withLineNumbers(file, () => this.#readPart(fd, file, part));
    } finally {
      closeSync(fd);
    }
  }

  #readPart(fd: number, file: TextFile, part: ImportPart): void {
    const window = new FileWindow({ fd, ...part }, this.#kernel, this.#options.format);
    let { lines } = part;
    while (window.fill()) lines = this.#readWindow(window, file, lines);
    if (window.rest === 0) return;
    // What is left has no end: only a quote that is never closed can be the reason.
    const { windowAt, bytes } = this.#kernel;
    const data = bytes.subarray(windowAt + window.from, windowAt + window.fileLength);
    this.#refuse(UNCLOSED, { window, file, at: window.from, line: lines, data });
  }

  /** Handles all whole records in the window and gives the line ends before what is left. */
  #readWindow(window: FileWindow, file: TextFile, linesBefore: number): number {
    const kernel = this.#kernel;
    const { run, windowAt } = kernel;
    const index = kernel.end;
    const rowLines = aligned(index + this.#maxRows * this.#plan.width * 8);
    const free = aligned(rowLines + this.#maxRows * 4);
    kernel.reserve(free);
    let base = linesBefore;
    let rows = 0;
    let lines = 0;
    for (;;) {
      const why = run.tokenize(
        windowAt,
        window.from,
        window.length,
        index,
        rowLines,
        rows,
        this.#maxRows,
        lines,
      );
      rows = run.tokenizedRows();
      lines = run.tokenizedLines();
      window.from = run.tokenizedTo();
      if (why !== STOPPED.end) {
        this.#oddRecord(why, { window, file, base });
        continue;
      }
      const isFull = rows === this.#maxRows;
      if (rows > 0) {
        const indexed = { kernel, index, width: this.#plan.width, rows, free };
        this.#write({ ...indexed, isLatin1: file.isLatin1 }, { window, file, base, rowLines });
      }
      base += lines;
      if (!isFull) return base;
      rows = 0;
      lines = 0;
    }
  }

  #oddRecord(
    why: number,
    { window, file, base }: { window: FileWindow; file: TextFile; base: number },
  ): void {
    const { run, windowAt, bytes } = this.#kernel;
    const at = run.oddStart();
    const data = bytes.subarray(windowAt + at, windowAt + run.oddEnd());
    const line = base + run.oddLine();
    if (why === STOPPED.skipped) return this.#skip(file, line + 1, data);
    const message =
      why === STOPPED.wrongQuotes ? WRONG_QUOTES : fieldCount(this.#plan.width, run.oddFields());
    return this.#refuse(message, { window, file, at, line, data });
  }

  #skip(file: TextFile, line: number, data: Uint8Array): void {
    this.counts.skipped++;
    this.#targets.skipped?.(file, line, data);
  }

  #refuse(
    message: string,
    odd: { window: FileWindow; file: TextFile; at: number; line: number; data: Uint8Array },
  ): void {
    const { window, file, at, line, data } = odd;
    if (this.#targets.bad === undefined) throw new CsvFault(window.positionOf(at), message);
    this.counts.bad++;
    this.#targets.bad(file, line + 1, data);
  }

  #write(
    rows: IndexedRows,
    place: { window: FileWindow; file: TextFile; base: number; rowLines: number },
  ): void {
    const { window, file, base, rowLines } = place;
    const badRows = new Set<number>();
    const taken = takeColumns(rows, this.#plan.columns, (row, column) => {
      if (this.#targets.bad === undefined) throw badField(rows, { row, column, window });
      badRows.add(row);
    });
    const { linenoLabel } = this.#options;
    const lineOf = (row: number): number =>
      base + this.#kernel.bytes.readInt32LE(rowLines + row * 4) + 1;
    if (linenoLabel !== '') {
      const numbers = BigInt64Array.from({ length: rows.rows }, (_, row) => BigInt(lineOf(row)));
      Object.defineProperty(taken.values, linenoLabel, { value: numbers, enumerable: true });
    }
    for (const row of badRows) {
      this.#refuse('', { window, file, at: 0, line: lineOf(row) - 1, data: rowBytes(rows, row) });
    }
    this.#writeBatch(taken, rows.rows, badRows);
  }

  #writeBatch({ values, validity }: TakenColumns, rows: number, bad: ReadonlySet<number>): void {
    this.counts.rows += rows - bad.size;
    const batch = values as Parameters<DatasetWriter['writeBatch']>[0];
    if (bad.size === 0) return this.#targets.rows.writeBatch(batch, { validity });
    const good = Int32Array.from(
      Array.from({ length: rows }, (_, row) => row).filter((row) => !bad.has(row)),
    );
    return this.#targets.rows.writeBatch(batch, { validity, rows: good });
  }
}

/** The text of a row as it stands in the file, without extra fields. */
function rowBytes(rows: IndexedRows, row: number): Uint8Array {
  const { bytes, windowAt } = rows.kernel;
  const first = fieldAt(rows, row, 0);
  const last = fieldAt(rows, row, rows.width - 1);
  const start = first.kind === 0 ? first.start : first.start - 1;
  const end = last.kind === 0 ? last.end : last.end + 1;
  return bytes.subarray(windowAt + start, windowAt + end);
}

function badField(
  rows: IndexedRows,
  { row, column, window }: { row: number; column: ImportedColumn; window: FileWindow },
): CsvFault {
  const { name, type, nullable, field } = column;
  const text = fieldBytes(rows, row, field).toString('utf8');
  const position = window.positionOf(fieldAt(rows, row, field).start);
  if (type === 'string') {
    return new CsvFault(
      position,
      `column "${name}": expected text in UTF-8, got ${shown(text)} (declare it as 'bytes' to keep it as it is, or say what it is with option "encoding")`,
    );
  }
  const hint =
    text === '' && !nullable
      ? ` (declare { type: '${type}', nullable: true } to read empty fields as null)`
      : '';
  return new CsvFault(
    position,
    `column "${name}": expected ${type} (${WRITTEN[type]}), got ${shown(text)}${hint}`,
  );
}
