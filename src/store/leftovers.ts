// Gives back the space of an execution that did not succeed: its datasets and all that was temporary.
// What helps to find out why is kept: records, code, what was printed, and the files that the method had finished.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { SystemError } from '../model/errors.ts';
import { DATASET_DIRECTORY } from '../model/manifest.ts';
import { onMachine } from '../model/system-error.ts';
import { entriesBelow } from '../util/entries-below.ts';

/** Removes `DS` and everything with a dot in front of its name from a job directory that will never be finished. */
export function removeLeftovers(directory: string): void {
  try {
    onMachine('clear', directory, () => {
      remove(join(directory, DATASET_DIRECTORY));
      for (const path of hiddenBelow(directory)) remove(path);
    });
  } catch (error) {
    // A directory that cannot be cleared costs space and nothing else; how the job ended is what matters.
    if (!(error instanceof SystemError)) throw error;
  }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function hiddenBelow(directory: string): readonly string[] {
  return entriesBelow(directory)
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name, parentPath }) => join(parentPath, name));
}
