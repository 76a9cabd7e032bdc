// Reads what stands before the rows of a CSV file: lines to skip, comments and the lines of labels.

import { isUtf8 } from 'node:buffer';
import { closeSync, openSync } from 'node:fs';

import { shown } from '../mistake.ts';
import { CsvFault, withLineNumbers } from './fault.ts';
import type { CsvFormat } from './format.ts';
import { CsvKernel, STOPPED } from './kernel.ts';
import type { TextFile } from './source.ts';
import { FileWindow } from './window.ts';

const WINDOW_BYTES = 1 << 16;
const QUOTED = 1;
const DOUBLED = 2;

/** What is read before the rows. */
export interface LabelOptions {
  /** Lines at the beginning that are not looked at. */
  readonly skipLines: number;
  /** Records that name the columns, their texts joined by a space. */
  readonly labelLines: number;
  readonly skipEmptyLines: boolean;
}

/** A line that is no row, with its number, counted from 1. */
export interface OddLine {
  readonly line: number;
  readonly data: Buffer;
}

/** What stands before the rows. */
export interface FileHead {
  /** `undefined` when there are no label lines, or the file ends before them. */
  readonly labels: readonly string[] | undefined;
  readonly skipped: readonly OddLine[];
  /** Position of the first row. */
  readonly rowsAt: number;
  /** Line ends before it. */
  readonly lines: number;
}

/** Reads the head of a file. Throws an error that names file and line. */
export function readHead(text: TextFile, format: CsvFormat, options: LabelOptions): FileHead {
  const fd = openSync(text.path, 'r');
  try {
    return withLineNumbers(text, () =>
      new HeadReader({ ...text, fd }, format, options.skipEmptyLines).read(options),
    );
  } finally {
    closeSync(fd);
  }
}

class HeadReader {
  readonly #text: TextFile;
  readonly #format: CsvFormat;
  readonly #kernel: CsvKernel;
  readonly #window: FileWindow;
  readonly #skipsEmpty: boolean;
  readonly #skipped: OddLine[] = [];
  /** Line ends before what comes next. */
  #lines = 0;

  constructor(text: TextFile & { readonly fd: number }, format: CsvFormat, skipsEmpty: boolean) {
    this.#text = text;
    this.#format = format;
    this.#kernel = new CsvKernel(format, WINDOW_BYTES);
    this.#skipsEmpty = skipsEmpty;
    this.#window = new FileWindow(
      { fd: text.fd, start: text.start, end: text.size },
      this.#kernel,
      format,
    );
    this.#window.fill();
  }

  read({ skipLines, labelLines }: LabelOptions): FileHead {
    for (let i = 0; i < skipLines; i++) if (!this.#skipLine()) break;
    let labels: string[] | undefined;
    for (let i = 0; i < labelLines; i++) {
      const fields = this.#nextRecord();
      if (fields === undefined) break;
      labels = labels === undefined ? fields : joined(labels, fields);
    }
    const rowsAt = Math.min(this.#window.positionOf(this.#window.from), this.#text.size);
    return { labels, skipped: this.#skipped, rowsAt, lines: this.#lines };
  }

  #skipLine(): boolean {
    const window = this.#window;
    const { windowAt } = this.#kernel;
    for (;;) {
      const { bytes } = this.#kernel;
      const start = windowAt + window.from;
      const end = bytes.indexOf(this.#format.newline, start);
      if (end !== -1 && end < windowAt + window.length) {
        this.#noteSkipped(start, end);
        window.from = end + 1 - windowAt;
        this.#lines++;
        return true;
      }
      if (!window.fill()) return false;
    }
  }

  #noteSkipped(start: number, end: number): void {
    const { bytes } = this.#kernel;
    const hasReturn = this.#format.isCrlf && end > start && bytes[end - 1] === 13;
    const data = Buffer.from(bytes.subarray(start, hasReturn ? end - 1 : end));
    this.#skipped.push({ line: this.#lines + 1, data });
  }

  /** The fields of the next record that is no comment; `undefined` at the end of the file. */
  #nextRecord(): string[] | undefined {
    const { run, windowAt } = this.#kernel;
    const window = this.#window;
    for (;;) {
      // With no fields allowed each record is an odd one.
      run.configureRows(0, false, this.#skipsEmpty);
      const why = run.tokenize(windowAt, window.from, window.length, 0, 0, 0, 1, this.#lines);
      if (why === STOPPED.end) {
        if (window.fill()) continue;
        if (window.rest === 0) return undefined;
        throw new CsvFault(window.positionOf(window.from), UNCLOSED);
      }
      const start = run.oddStart();
      const next = run.tokenizedTo();
      const lines = run.tokenizedLines();
      if (why === STOPPED.skipped) {
        this.#noteSkipped(windowAt + start, windowAt + run.oddEnd());
      } else if (why === STOPPED.wrongQuotes) {
        throw new CsvFault(window.positionOf(start), WRONG_QUOTES);
      }
      const fields = why === STOPPED.skipped ? undefined : this.#fields(start, next);
      window.from = next;
      this.#lines = lines;
      if (fields !== undefined) return fields;
    }
  }

  #fields(start: number, end: number): string[] {
    const kernel = this.#kernel;
    const { run, windowAt } = kernel;
    const count = run.oddFields();
    const index = kernel.end;
    kernel.reserve(index + count * 8 + 8);
    run.configureRows(count, false, false);
    run.tokenize(windowAt, start, end, index, index + count * 8, 0, 1, 0);
    const position = this.#window.positionOf(start);
    return Array.from({ length: count }, (_, i) => this.#text8(index + i * 8, position));
  }

  /** The text of the field at an address of the index. */
  #text8(address: number, position: number): string {
    const { bytes, windowAt } = this.#kernel;
    const end = bytes.readUInt32LE(address + 4);
    const kind = end >>> 30;
    const field = bytes.subarray(
      windowAt + bytes.readUInt32LE(address),
      windowAt + (end & 0x3f_ff_ff_ff),
    );
    const label = field.toString(this.#text.isLatin1 ? 'latin1' : 'utf8');
    if (!this.#text.isLatin1 && !isUtf8(field)) {
      throw new CsvFault(position, `a label is not UTF-8: ${shown(label)}`);
    }
    if (kind !== QUOTED && kind !== DOUBLED && this.#format.isCrlf && label.includes('\r')) {
      throw new CsvFault(
        position,
        `label ${shown(label)} holds a carriage return; expected lines to end with LF or CRLF (see option "newline")`,
      );
    }
    const quote = String.fromCharCode(this.#format.quote);
    return kind === DOUBLED ? label.replaceAll(quote + quote, quote) : label;
  }
}

/** What is wrong where the quote of a field is never closed. */
export const UNCLOSED = 'a quote is opened here and never closed';

/** What is wrong with the quotes of a field that does close them. */
export const WRONG_QUOTES =
  'text after a closing quote (a quote within a quoted field must be doubled)';

function joined(labels: readonly string[], more: readonly string[]): string[] {
  return Array.from({ length: Math.max(labels.length, more.length) }, (_, i) =>
    [labels[i], more[i]].filter((label) => label !== undefined).join(' '),
  );
}
