// What the file system says about a file without reading it, and how far that can be trusted.
// A stat taken right after a change proves nothing: a second change within one tick of the clock looks the same.

import { statSync } from 'node:fs';

import { systemError } from '../model/system-error.ts';

/** Two equal stats of one path, the first of them settled, mean equal content. */
export interface FileStat {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
}

/** What a look at a path finds. */
export interface PathStat extends FileStat {
  readonly isDirectory: boolean;
}

/** No tick of a file system that keeps fractions of seconds is longer: Linux has at most 10 ms. */
const FINE_TICK_MS = 20;
/** The same for one that keeps whole seconds or, as FAT does, pairs of them. */
const COARSE_TICK_MS = 2000;

/** Looks at a file or directory, through symlinks; `undefined` when there is none. */
export function statPath(path: string): PathStat | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const { size, mtimeMs, ctimeMs, ino } = stat;
    return { sizeBytes: size, mtimeMs, ctimeMs, inode: ino, isDirectory: stat.isDirectory() };
  } catch (error) {
    // Nothing lies below a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw systemError(error, 'look at', path);
  }
}

/** Tells whether two looks at one path found the same; two absences are the same. */
export function sameStat(a: FileStat | undefined, b: FileStat | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.mtimeMs === b.mtimeMs &&
    a.sizeBytes === b.sizeBytes &&
    a.ctimeMs === b.ctimeMs &&
    a.inode === b.inode
  );
}

/** Tells whether a change after `atMs` would show in the stat; `atMs` is when reading the content began. */
export function isSettled(stat: FileStat, atMs: number): boolean {
  const tickMs = stat.ctimeMs % 1000 === 0 ? COARSE_TICK_MS : FINE_TICK_MS;
  return Math.max(stat.ctimeMs, stat.mtimeMs) < atMs - tickMs;
}
