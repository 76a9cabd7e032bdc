// Finds where records end near given places of a file, by one pass of a kernel that looks at nothing but quotes and line
// ends. Without quotes, and where lines are not counted, only what follows these places is read.

import { readSync } from 'node:fs';

import { NO_BYTE } from './format.ts';
import type { CsvFormat } from './format.ts';
import { CsvKernel } from './kernel.ts';

const WINDOW_BYTES = 1 << 19;
const FAR = 0x7f_ff_ff_ff;

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
  const kernel = new CsvKernel(format, WINDOW_BYTES);
  const { run, windowAt } = kernel;
  const ends: RecordEnd[] = [];
  let position = file.start;
  run.beginScan();
  while (ends.length < targets.length && position < size) {
    const target = targets[ends.length] ?? size;
    const last = ends.at(-1)?.position ?? 0;
    if (target < last) {
      ends.push(ends.at(-1) ?? { position: size, lines: 0 });
      continue;
    }
    if (mayJump && target > position) position = target;
    const room = Math.min(WINDOW_BYTES, size - position);
    const count = readSync(fd, kernel.bytes, windowAt, room, position);
    if (count === 0) throw new Error('The file became shorter while it was read');
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
