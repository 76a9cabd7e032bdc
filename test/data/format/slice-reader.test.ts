import type * as nodeFs from 'node:fs';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

import { expect, test, vi } from 'vitest';

import { DatasetRig } from '../../rig/datasets.ts';

const reads = vi.hoisted(() => ({ bytes: 0, open: 0 }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof nodeFs>();
  return {
    ...fs,
    openSync: (...args: Parameters<typeof fs.openSync>) => {
      reads.open++;
      return fs.openSync(...args);
    },
    closeSync: (fd: number) => {
      reads.open--;
      fs.closeSync(fd);
    },
    readSync: (fd: number, ...args: [NodeJS.ArrayBufferView, number, number, number]) => {
      const count = fs.readSync(fd, ...args);
      reads.bytes += count;
      return count;
    },
  };
});

const FILE = 'DS/default.0.arrow';

test('reading a column touches its bytes and the headers, nothing else', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 100_000 }, (_, i) => [i, i / 2, `some text ${i}`]);
  const dataset = rig.dataset(
    { columns: { number: 'int32', half: 'float64', text: 'string' }, compression: 'none' },
    [rows],
  );
  reads.bytes = 0;

  for (const batch of dataset.batches(0, ['number'])) expect(batch.length).toBeGreaterThan(0);

  const headers = reads.bytes - 100_000 * 4;
  expect(headers).toBeGreaterThan(0);
  expect(headers).toBeLessThan(3000);
});

test('an iteration that is dropped half-way keeps no file open', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { x: 'int32' } }, [[[1], [2]]]);
  const before = reads.open;

  dataset.iterate(0, 'x').next();

  expect(reads.open).toBe(before);
});

test.each([
  ['a missing file', (path: string) => rmSync(path), 'ENOENT'],
  ['a truncated file', (path: string) => truncateSync(path, 700), 'it has 700 bytes instead of'],
  ['a file that has grown', (path: string) => appendFileSync(path, 'x'), 'bytes instead of'],
  [
    'a file without its end',
    (path: string) => writeFileSync(path, new Uint8Array(readFileSync(path)).fill(0, -10)),
    'it is no Arrow file',
  ],
  [
    'a file overwritten with zeros in the footer',
    (path: string) => writeFileSync(path, new Uint8Array(readFileSync(path)).fill(0, -100, -10)),
    'the file was changed after it was written',
  ],
])('%s is an error that names it', (_, damage, message) => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { x: 'int32', s: 'string' } }, [
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ]);
  const path = rig.path(dataset, FILE);
  damage(path);

  expect(() => [...dataset.iterate(0)]).toThrow(`Cannot read ${path}: `);
  expect(() => [...dataset.iterate(0)]).toThrow(message);
});

test('a data file of another dataset of the same size is not taken for its own', () => {
  using rig = new DatasetRig();
  const one = rig.dataset({ columns: { x: 'int32' } }, [[[1], [2]]]);
  const other = rig.dataset({ columns: { y: 'int32' } }, [[[1], [2]]]);
  writeFileSync(rig.path(one, FILE), readFileSync(rig.path(other, FILE)));

  expect(() => [...one.iterate(0, 'x')]).toThrow('the checksum of its footer is wrong');
});
