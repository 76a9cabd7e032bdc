// What of a directory matters to code: its sources and its sub-directories. Hidden ones, and with them what editors
// leave behind, are left out.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { systemError } from '../../model/system-error.ts';

/** The sources and the sub-directories of a directory, sorted; hidden ones left out. */
export interface Listing {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

const SOURCE_FILE = /\.(?:[cm]?[jt]sx?|json)$/;

/** Lists a directory, which must exist. A link to a directory counts as one. */
export function listDirectory(directory: string): Listing {
  const files: string[] = [];
  const directories: string[] = [];
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const isDirectory = entry.isSymbolicLink()
        ? leadsToDirectory(join(directory, entry.name))
        : entry.isDirectory();
      if (isDirectory) directories.push(entry.name);
      else if (SOURCE_FILE.test(entry.name)) files.push(entry.name);
    }
  } catch (error) {
    throw systemError(error, 'list', directory);
  }
  return { files: files.toSorted(), directories: directories.toSorted() };
}

function leadsToDirectory(link: string): boolean {
  try {
    return statSync(link, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // A link to itself leads nowhere, and concerns nobody who does not ask for it.
    return false;
  }
}
