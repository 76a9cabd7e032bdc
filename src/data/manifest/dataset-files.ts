// Names of a dataset's files below the job directory. A dataset's name may be any text; a file's may not:
// everything but ASCII letters, digits, `_`, `-` and `.` is written as `%XX`, and long names end in their digest, as do
// those that differ from another one of the job only in case: some file systems take such files for the same.

import { basename } from 'node:path';

import { DATASET_DIRECTORY } from '../../model/manifest.ts';
import { sha256 } from '../../util/sha256.ts';

/** Leaves room for slice number, suffix and a temporary prefix below the usual limit of 255 bytes for a file name. */
const LONGEST_STEM = 200;

/** Returns what the names of a dataset's files begin with, relative to the job directory. */
export function fileStem(dataset: string): string {
  const plain = plainStem(dataset);
  return plain.length <= LONGEST_STEM ? `${DATASET_DIRECTORY}/${plain}` : otherFileStem(dataset);
}

/** Returns the same for a dataset whose files would else differ from those of another one only in case. */
export function otherFileStem(dataset: string): string {
  const start = plainStem(dataset).slice(0, LONGEST_STEM - 66);
  return `${DATASET_DIRECTORY}/${start}%~${sha256(dataset)}`;
}

/** Returns the name of a dataset's manifest. */
export function manifestFileName(stem: string): string {
  return `${stem}.json`;
}

/** Returns the stem of a dataset's files, given those that its record lists. */
export function stemOfFiles(files: Readonly<Record<string, number>>): string {
  const manifest = Object.keys(files).find((file) => file.endsWith('.json'));
  if (manifest === undefined) throw new Error('Internal error: a dataset has no manifest');
  return manifest.slice(0, -'.json'.length);
}

/** Returns the name of one slice's data file. */
export function sliceFileName(stem: string, sliceno: number): string {
  return `${stem}.${sliceno}.arrow`;
}

/** Returns the name of a file of rows on their way to other slices; it begins as all that sealing removes. */
export function spillFileName(stem: string, origin: number): string {
  return `${DATASET_DIRECTORY}/.acc-${basename(stem)}.${origin}.spill`;
}

function plainStem(dataset: string): string {
  if (dataset === '') return '%';
  return Array.from(Buffer.from(dataset, 'utf8'), escapeByte).join('').replace(/^\./, '%2E');
}

function escapeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9_.-]/.test(char)
    ? char
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
