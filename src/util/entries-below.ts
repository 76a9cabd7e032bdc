// Lists a directory with all that lies below it. Links are listed and never followed: Node's own recursive listing
// follows them from version 22 on, out of the directory and round in circles.

import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';

/** All entries below `directory`, every directory before what it holds. Throws what `readdir` throws. */
export function entriesBelow(directory: string): readonly Dirent[] {
  const entries: Dirent[] = [];
  const directories = [directory];
  for (const path of directories) {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      entries.push(entry);
      if (entry.isDirectory()) directories.push(join(path, entry.name));
    }
  }
  return entries;
}
