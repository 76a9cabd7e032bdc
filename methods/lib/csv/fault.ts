// What can be wrong with a CSV file, and where. Places are byte offsets while a file is read, because the parts of a
// file are read in parallel; only when something is wrong are the lines before it counted.

import { closeSync, openSync, readSync } from 'node:fs';

import { mistake } from '../mistake.ts';
import { LF } from './format.ts';

/** Something wrong at `offset`, which counts from the start of what is being read: a file, or some bytes of it. */
export class CsvFault extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** A file as errors name it, and as it is opened. */
export interface NamedFile {
  /** As the user gave it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** Runs `read`, whose faults count from the start of the file, and names file and line of what it finds wrong. */
export function withLineNumbers<T>(file: NamedFile, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    const line = lineAt(file.path, error.offset);
    throw mistake(`${file.name} line ${line}: ${error.message}`);
  }
}

/** The number of the line, counted from 1, that holds the byte at `offset`. */
function lineAt(path: string, offset: number): number {
  const chunk = Buffer.allocUnsafe(1 << 20);
  const fd = openSync(path, 'r');
  let line = 1;
  try {
    for (let position = 0; position < offset;) {
      const length = readSync(fd, chunk, 0, Math.min(chunk.length, offset - position), position);
      if (length === 0) break;
      for (let i = chunk.indexOf(LF); i !== -1 && i < length; i = chunk.indexOf(LF, i + 1)) line++;
      position += length;
    }
  } finally {
    closeSync(fd);
  }
  return line;
}
