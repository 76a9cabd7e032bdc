// Where a stage's captured output lies in a job directory, and its end for failure reports.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import type { StageTask } from '../model/stage.ts';

/** A long enough end of a file to hold the last lines; longer lines are cut at their beginning. */
const TAIL_BYTES = 16_384;

/** Name of the stage's file below `OUTPUT`: `prepare`, the slice number or `synthesis`. */
export function outputName(stage: StageTask['stage']): string {
  return stage.name === 'analysis' ? String(stage.sliceno) : stage.name;
}

/** Absolute path of the file that holds what the stage printed; it exists only if something was. */
export function outputFile(jobPath: string, stage: StageTask['stage']): string {
  return join(jobPath, 'OUTPUT', outputName(stage));
}

/** Reads the last `count` lines of a file, oldest first; none if there is no such file. */
export function lastLines(file: string, count: number): string[] {
  const text = readTail(file);
  const lines = text.split(/\r?\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-count);
}

function readTail(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const length = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(fd);
  }
}
