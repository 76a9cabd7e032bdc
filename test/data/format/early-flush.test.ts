import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test, vi } from 'vitest';

import { EarlyFlush } from '../../../src/data/format/early-flush.ts';

const directory = mkdtempSync(join(tmpdir(), 'acc-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const MB = 1 << 20;

function openOf(path: string): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => link === path).length;
}

test.skipIf(process.platform !== 'linux')(
  'a large file is open for flushing until it has ended and all is flushed',
  async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'content');
    const flush = new EarlyFlush(path);
    flush.wrote(31 * MB);
    expect(openOf(path)).toBe(0);
    flush.wrote(MB);
    flush.wrote(40 * MB);
    expect(openOf(path)).toBe(1);
    flush.end();
    expect(openOf(path)).toBe(1);
    await vi.waitFor(() => expect(openOf(path)).toBe(0));
  },
);

test('a file that cannot be opened is told', () => {
  const flush = new EarlyFlush(join(directory, 'none'));
  expect(() => flush.wrote(64 * MB)).toThrow('none');
});
