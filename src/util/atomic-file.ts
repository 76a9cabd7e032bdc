// Files that are either whole or not there: written under a temporary name in the same directory, then renamed.

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Whether the content must survive a power failure when the call returns, or only a crash of this process. */
export type Durability = 'flushed' | 'cached';

/** Replaces `path` by one atomic step. Missing directories are made. The temporary file is removed on failure. */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  durability: Durability = 'cached',
): void {
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFlushed(temporary, content, durability);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (durability === 'flushed') syncDirectory(dirname(path));
}

/** Writes a file under its final name and, if asked, waits until it is on disk. */
function writeFlushed(path: string, content: string | Uint8Array, durability: Durability): void {
  const fd = openSync(path, 'w');
  try {
    writeFileSync(fd, content);
    if (durability === 'flushed') fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Waits until the names in a directory are on disk. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
