// A temporary directory that is gone when its user is done.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary directory; removed when disposed of. */
export class Scratch {
  /** Absolute, without symbolic links. */
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'acc-bench-')));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
