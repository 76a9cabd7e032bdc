// Finds where records end near given places of a file. What follows such a place mostly tells that it is not within quotes;
// where it does not, or lines are counted, a kernel goes through all before it and looks at nothing but quotes and line ends.

import { readSync } from 'node:fs';

import { mistake } from '../mistake.ts';
import { NO_BYTE } from './format.ts';
import type { CsvFormat } from './format.ts';
import { CsvKernel } from './kernel.ts';

const WINDOW_BYTES = 1 << 19;
const FAR = 0x7f_ff_ff_ff;
const CARRIAGE_RETURN = 13;

/** An open file. */
export interface ScannedFile {
  readonly fd: number;
  /** Where the first record begins. */
  readonly start: number;
  readonly size: number;
  /** Line ends before `start`. */
  readonly lines: number;
}

/** Where a record ends (exclusive), and the line ends up to there. */
export interface RecordEnd {
  readonly position: number;
  readonly lines: number;
}

/**
 * Gives, for each of the ascending `targets`, the end of the record that holds that byte: the size of the file where
 * none ends. Lines are 0 unless they are counted.
 */
export function recordEnds(
  file: ScannedFile,
  format: CsvFormat,
  wanted: { readonly targets: readonly number[]; readonly countsLines: boolean },
): readonly RecordEnd[] {
  const { fd, size } = file;
  const { targets, countsLines } = wanted;
  const mayJump = !countsLines && (format.quote === NO_BYTE || !format.quotedNewlines);
  const mayGuess = !countsLines && !mayJump && format.comment === NO_BYTE;
  const kernel = new CsvKernel(format, WINDOW_BYTES);
  const { run, windowAt } = kernel;
  const ends: RecordEnd[] = [];
  let position = file.start;
  /** The last target for which it was looked whether the end is evident. */
  let guessed = -1;
  run.beginScan();
  while (ends.length < targets.length && position < size) {
    const target = targets[ends.length] ?? size;
    const last = ends.at(-1)?.position ?? 0;
    if (target < last) {
      ends.push(ends.at(-1) ?? { position: size, lines: 0 });
      continue;
    }
    if (mayJump && target > position) position = target;
    if (mayGuess && guessed < ends.length && target - position > WINDOW_BYTES) {
      guessed = ends.length;
      const end = evidentEnd(file, target, format);
      if (end !== undefined) {
        position = end;
        ends.push({ position, lines: 0 });
        run.beginScan();
        continue;
      }
    }
    const room = Math.min(WINDOW_BYTES, size - position);
    const count = readSync(fd, kernel.bytes, windowAt, room, position);
    if (count === 0) throw mistake('The file became shorter while it was read');
    const end = run.scan(windowAt, count, Math.min(FAR, target - position));
    if (end === -1) {
      position += count;
      continue;
    }
    position += end;
    const lines = countsLines ? file.lines + Number(run.scannedLines()) : 0;
    ends.push({ position, lines });
  }
  while (ends.length < targets.length) ends.push({ position: size, lines: 0 });
  return ends;
}

/**
 * The end of the record that holds the byte at `target`, if what follows tells; otherwise `undefined`. A file in which it
 * tells wrongly has wrong quotes: its import fails either way.
 */
function evidentEnd({ fd }: ScannedFile, target: number, format: CsvFormat): number | undefined {
  const text = Buffer.allocUnsafe(WINDOW_BYTES);
  const count = readSync(fd, text, 0, WINDOW_BYTES, target);
  const end = text.subarray(0, count).indexOf(format.newline) + 1;
  if (end === 0 || !beginsOutside(text.subarray(end, count), format)) return undefined;
  return target + end;
}

/** Whether text cannot begin within quotes: else a quote that closes a field would be followed by what ends none. */
export function beginsOutside(text: Buffer, format: CsvFormat): boolean {
  const { quote, separator, newline, isCrlf } = format;
  const endsField = (at: number): boolean =>
    text[at] === separator ||
    text[at] === newline ||
    (isCrlf && text[at] === CARRIAGE_RETURN && text[at + 1] === newline);
  let isInside = true;
  for (let from = 0; ;) {
    const at = text.indexOf(quote, from);
    // What ends a field may be two bytes long.
    if (at === -1 || at + 2 >= text.length) return false;
    from = at + 1;
    if (!isInside) isInside = text[at - 1] === separator || text[at - 1] === newline;
    else if (text[from] === quote) from++;
    else if (endsField(from)) isInside = false;
    else return true;
  }
}
