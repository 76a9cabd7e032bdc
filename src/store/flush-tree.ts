// Waits until what lies in a directory is on disk, in one round: flushing many files at once takes hardly longer than one.
// Unaware of what the files are. Names in the directory itself are left to whoever puts the last one there.

import { closeSync, fsync, lstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { systemError } from '../model/system-error.ts';
import { entriesBelow } from '../util/entries-below.ts';

/** Files that are open at the same time. */
const AT_ONCE = 64;

const flush = promisify(fsync);

/** Flushes job directories. Remembers files with several names, as the code that many jobs share: one flush is enough. */
export class TreeFlusher {
  readonly #flushedLinks = new Set<string>();

  /** Resolves when all files below `directory`, and the directories below it, are on disk. */
  async flushBelow(directory: string): Promise<void> {
    const paths: string[] = [];
    const links = new Set<string>();
    for (const entry of entriesBelow(directory)) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) paths.push(path);
      if (!entry.isFile()) continue;
      const link = linkIdentity(path);
      if (link !== undefined && this.#flushedLinks.has(link)) continue;
      if (link !== undefined) links.add(link);
      paths.push(path);
    }
    await flushAll(paths);
    for (const link of links) this.#flushedLinks.add(link);
  }
}

/** Resolves when the files and directories are on disk. */
export async function flushAll(paths: readonly string[]): Promise<void> {
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    await Promise.all(paths.slice(from, from + AT_ONCE).map(flushOne));
  }
}

/** What tells a file with several names from others, and from itself after a change; `undefined` for one with one name. */
function linkIdentity(path: string): string | undefined {
  const { dev, ino, mtimeMs, nlink } = lstatSync(path);
  return nlink === 1 ? undefined : `${dev}:${ino}:${mtimeMs}`;
}

async function flushOne(path: string): Promise<void> {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    await flush(fd);
  } catch (error) {
    throw systemError(error, 'flush', path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
