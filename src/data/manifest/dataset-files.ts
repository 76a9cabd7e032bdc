// Names of a dataset's files below the job directory. A dataset's name may be any text; a file's may not:
// everything but ASCII letters, digits, `_`, `-` and `.` is written as `%XX`, and long names end in their digest.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { sha256 } from '../../util/sha256.ts';

/** Directory of the datasets, below the job directory. */
export const DATASET_DIRECTORY = 'DS';

/** Leaves room for slice number, suffix and a temporary prefix below the usual limit of 255 bytes for a file name. */
const LONGEST_STEM = 200;

/** Returns the name of a dataset's manifest, relative to the job directory. */
export function manifestFileName(dataset: string): string {
  return `${DATASET_DIRECTORY}/${fileStem(dataset)}.json`;
}

/** Returns the common part of the names of a dataset's data files, relative to the job directory. */
export function dataFileStem(dataset: string): string {
  return `${DATASET_DIRECTORY}/${fileStem(dataset)}`;
}

/** Returns the name of one slice's data file, given their common part. */
export function sliceFileName(stem: string, sliceno: number): string {
  return `${stem}.${sliceno}.arrow`;
}

/** Returns the name of a file of rows on their way to other slices; it begins as all that sealing removes. */
export function spillFileName(dataset: string, origin: number): string {
  return `${DATASET_DIRECTORY}/.acc-${fileStem(dataset)}.${origin}.spill`;
}

/** Gives back the space of all datasets below a job directory: those of an execution that failed are of no use. */
export function removeDatasetFiles(jobPath: string): void {
  rmSync(join(jobPath, DATASET_DIRECTORY), { recursive: true, force: true });
}

/**
 * Tells whether two datasets of one job would share a file where the file system ignores case.
 * Equal names do, too.
 */
export function haveSameFiles(a: string, b: string): boolean {
  return fileStem(a).toLowerCase() === fileStem(b).toLowerCase();
}

function fileStem(dataset: string): string {
  if (dataset === '') return '%';
  const stem = Array.from(Buffer.from(dataset, 'utf8'), escapeByte).join('').replace(/^\./, '%2E');
  if (stem.length <= LONGEST_STEM) return stem;
  return `${stem.slice(0, LONGEST_STEM - 66)}%~${sha256(dataset)}`;
}

function escapeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9_.-]/.test(char)
    ? char
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
