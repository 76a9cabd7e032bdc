// Temporary directories. They are removed when all measurements are over, because a disk that is told which blocks have
// become free is slow for seconds: making a directory with three files took 2.4 ms instead of 0.06 ms.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { once } from '../../src/util/once.ts';

const root = once(() => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'acc-bench-')));
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
});

/** Makes a temporary directory, which is removed when the process ends. Absolute, without symbolic links. */
export function scratchDirectory(): string {
  return mkdtempSync(join(root(), 'dir-'));
}

/** Waits until the disk has written what was prepared. */
export function settleDisk(): void {
  execFileSync('sync');
}
