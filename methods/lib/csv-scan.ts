// Finds where records end near given places of a file, by one pass that looks at nothing but quotes and line feeds.
// It follows the same rule as the tokenizer: a quote opens a field only after a separator or a line end.

import { readSync } from 'node:fs';

import { CsvFault } from './csv-fault.ts';
import { CR, LF, NO_QUOTE } from './csv-format.ts';
import type { CsvFormat } from './csv-format.ts';
import { strayText } from './csv-tokenizer.ts';

const WINDOW_BYTES = 1 << 20;

/** Within this distance looking at each byte is faster than a native search. */
const NEAR_BYTES = 32;

/** An open file. */
export interface ScannedFile {
  readonly fd: number;
  /** Where the first record begins: after a byte order mark. */
  readonly start: number;
  readonly size: number;
}

/**
 * Gives, for each of the ascending `targets`, the end (exclusive) of the record that holds that byte: the size of the
 * file where it has no line feed. Throws `CsvFault` for a quote that is never closed; its offset is that of the quote.
 */
export function recordEnds(
  file: ScannedFile,
  format: CsvFormat,
  targets: readonly number[],
): number[] {
  const scan = new RecordScan(file, format, targets);
  let position = scan.skip(file.start);
  while (position < file.size) position = scan.skip(scan.window(position));
  scan.finish();
  return scan.ends;
}

/** One pass over a file. Positions are offsets in the file, indexes are offsets in the window. */
class RecordScan {
  readonly ends: number[] = [];
  readonly #file: ScannedFile;
  readonly #format: CsvFormat;
  readonly #targets: readonly number[];
  readonly #buffer: Buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  /** Position of the quote that is open; -1 outside quotes. */
  #openedAt = -1;

  constructor(file: ScannedFile, format: CsvFormat, targets: readonly number[]) {
    this.#file = file;
    this.#format = format;
    this.#targets = targets;
  }

  /** Gives the next position to look at: in a file without quotes only what follows the targets matters. */
  skip(position: number): number {
    if (this.#format.quote !== NO_QUOTE) return position;
    return Math.max(position, this.#targets[this.ends.length] ?? this.#file.size);
  }

  /**
   * Looks at one window and gives the position it got to. A window begins one byte before `position`, and its last
   * byte is left to the next one, because what a quote means depends on its neighbours.
   */
  window(position: number): number {
    const { fd, start, size } = this.#file;
    const base = Math.max(start, position - 1);
    const length = readSync(fd, this.#buffer, 0, WINDOW_BYTES, base);
    if (base + length <= position) throw new Error('The file became shorter while it was read');
    const bytes = this.#buffer.subarray(0, length);
    const end = base + length >= size ? length : length - 1;
    let index = position - base;
    while (index < end) index = this.#toNextQuote(bytes, index, { end, base });
    return base + index;
  }

  finish(): void {
    if (this.#openedAt !== -1) {
      throw new CsvFault(this.#openedAt, 'a quote is opened here and never closed');
    }
    while (this.ends.length < this.#targets.length) this.ends.push(this.#file.size);
  }

  /** Goes on to behind the next quote, or to the end of the window. */
  #toNextQuote(bytes: Buffer, from: number, window: { end: number; base: number }): number {
    const { end, base } = window;
    const found = indexOfByte(bytes, this.#format.quote, from, end);
    if (this.#openedAt === -1) {
      this.#noteRecordEnds(bytes, { from, to: found, base });
      if (found < end && this.#opensField(bytes, found)) this.#openedAt = base + found;
      return Math.min(found + 1, end);
    }
    if (found === end) return end;
    if (bytes[found + 1] === this.#format.quote) return found + 2;
    this.#openedAt = -1;
    if (!this.#endsField(bytes, found + 1)) throw strayText(base + found + 1);
    return found + 1;
  }

  /** Notes the ends of the records that hold a target and end within `bytes[from, to)`, which is outside quotes. */
  #noteRecordEnds(bytes: Buffer, range: { from: number; to: number; base: number }): void {
    const { to, base } = range;
    for (;;) {
      const target = this.#targets[this.ends.length];
      if (target === undefined || target >= base + to) return;
      const index = indexOfByte(bytes, LF, Math.max(range.from, target - base), to);
      if (index === to) return;
      this.ends.push(base + index + 1);
    }
  }

  #opensField(bytes: Buffer, index: number): boolean {
    const before = bytes[index - 1];
    return before === undefined || before === this.#format.separator || before === LF;
  }

  #endsField(bytes: Buffer, index: number): boolean {
    const byte = bytes[index];
    return byte === undefined || byte === this.#format.separator || byte === LF || byte === CR;
  }
}

/** Where `byte` is first in `bytes[from, end)`; `end` if it is not there, as for `NO_QUOTE`. */
function indexOfByte(bytes: Buffer, byte: number, from: number, end: number): number {
  if (byte === NO_QUOTE) return end;
  const near = Math.min(from + NEAR_BYTES, end);
  for (let i = from; i < near; i++) if (bytes[i] === byte) return i;
  if (near === end) return end;
  const found = bytes.indexOf(byte, near);
  return found === -1 || found > end ? end : found;
}
