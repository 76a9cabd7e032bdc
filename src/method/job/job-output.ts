// What the stages of a job printed, as it lies in the job's `OUTPUT` directory: one file per stage or slice.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A stage, the number of one slice, or `'parts'` for everything by file. */
export type OutputPart = 'prepare' | 'analysis' | 'synthesis' | 'parts' | number;

/** Returns the files of `OUTPUT` with their content, in the order in which stages run. */
export function outputParts(directory: string): Readonly<Record<string, string>> {
  const output = join(directory, 'OUTPUT');
  const names = listDirectory(output).toSorted((a, b) => rank(a) - rank(b));
  // Numbers come first in an object whatever their order of insertion, so slices are written `analysis/3`.
  return Object.fromEntries(
    names.map((name) => [partName(name), readFileSync(join(output, name), 'utf8')]),
  );
}

/** Returns what one stage or one slice printed, or all of it in order; empty when nothing was. */
export function outputText(
  directory: string,
  part: Exclude<OutputPart, 'parts'> | undefined,
): string {
  return Object.entries(outputParts(directory))
    .filter(([name]) => part === undefined || matches(name, part))
    .map(([, text]) => text)
    .join('');
}

function matches(name: string, part: Exclude<OutputPart, 'parts'>): boolean {
  if (typeof part === 'number') return name === `analysis/${part}`;
  return part === 'analysis' ? name.startsWith('analysis/') : name === part;
}

function partName(file: string): string {
  return isSlice(file) ? `analysis/${file}` : file;
}

function rank(file: string): number {
  if (file === 'prepare') return -1;
  return isSlice(file) ? Number(file) : Number.POSITIVE_INFINITY;
}

function isSlice(file: string): boolean {
  return /^[0-9]+$/u.test(file);
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
