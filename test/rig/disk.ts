// A small file system in memory, to be filled up and write-protected by tests. Needs the right to mount.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system in memory. Unmounted when disposed of. */
export class Disk implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Mounts it over `path`, which is made if it is not there. `size` as mount takes it, as `2m`. */
  static mount(path: string, size: string): Disk {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], {
      stdio: 'ignore',
    });
    return new Disk(path);
  }

  /** Gives it another size. */
  grow(size: string): void {
    this.#remount(`size=${size}`);
  }

  /** Lets nobody write any more. */
  makeReadOnly(): void {
    this.#remount('ro');
  }

  /** Takes back what `makeReadOnly` did. */
  makeWritable(): void {
    this.#remount('rw');
  }

  /** Leaves not a single block. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.#path);
    writeFileSync(`${this.#path}/fill`, Buffer.alloc(bavail * bsize));
  }

  /** Takes back what `fill` did. */
  empty(): void {
    rmSync(`${this.#path}/fill`);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', [this.#path]);
  }

  #remount(options: string): void {
    execFileSync('mount', ['-o', `remount,${options}`, this.#path]);
  }
}

/** Whether this process may mount file systems: as root of a machine of its own, not in most containers. */
export function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'acc-mount-'));
  try {
    using _ = Disk.mount(directory, '64k');
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
