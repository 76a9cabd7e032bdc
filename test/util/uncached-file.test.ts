import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { UncachedFile } from '../../src/util/uncached-file.ts';

const MEMORY_DIRECTORY = '/dev/shm';

async function written(parent: string, chunks: readonly Buffer[]): Promise<Buffer> {
  const directory = mkdtempSync(join(parent, 'acc-test-'));
  try {
    const file = new UncachedFile(join(directory, 'file'));
    for (const chunk of chunks) await promisify(file.write.bind(file))(chunk);
    await promisify(file.end.bind(file))();
    await promisify(file.close.bind(file))();
    return readFileSync(join(directory, 'file'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const patterned = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7919) >>> 8));

test.each([tmpdir(), MEMORY_DIRECTORY].filter((path) => existsSync(path)))(
  'files of any length are written as they are, in %s',
  async (parent) => {
    const block = 4 << 20;
    for (const lengths of [[], [1], [4096], [block], [3, block, 5], [2 * block + 17, 100, block]]) {
      const chunks = lengths.map(patterned);
      const content = await written(parent, chunks);
      expect(content.equals(Buffer.concat(chunks)), lengths.join(' ')).toBe(true);
    }
  },
);

test.skipIf(!existsSync('/dev/full'))(
  'an error of the disk comes with the call after it',
  async () => {
    const file = new UncachedFile('/dev/full');
    const write = promisify(file.write.bind(file));
    const many = Buffer.alloc(9 << 20);
    await expect(write(many)).rejects.toThrow('ENOSPC');
    await promisify(file.close.bind(file))();
  },
);
