// Finds the file that was probably meant by a path to which there is none.

import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { nearest } from '../util/nearest.ts';

/** Returns the path, relative to `directory` as `path` is, of a file in the same place whose name is near. */
export function nearbyFile(path: string, directory: string): string | undefined {
  const near = nearest(basename(path), filesIn(dirname(resolve(directory, path))));
  return near === undefined ? undefined : join(dirname(path), near);
}

function filesIn(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch {
    // A directory that is not there, or cannot be read, has nothing to propose.
    return [];
  }
}
