import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import polars from 'nodejs-polars';
import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../src/data/column-values.ts';
import type { Dataset } from '../../src/method/dataset/dataset.ts';
import { COMPRESSIONS } from '../../src/model/column-type.ts';
import type { Compression } from '../../src/model/column-type.ts';
import { DatasetRig } from '../rig/datasets.ts';

const FILE = 'DS/default.0.arrow';
const COLUMNS = {
  i: { type: 'int64', nullable: true },
  f: 'float64',
  d: 'string',
  t: { type: 'string', nullable: true },
  b: 'bool',
  j: 'json',
} as const satisfies ColumnTypes;
const ROWS = Array.from({ length: 70_000 }, (_, i) => [
  i % 9 === 0 ? null : i,
  i / 7,
  ['Oslo', 'Riga'][i % 2],
  i % 5 === 0 ? null : `some text ${i}`,
  i % 1000 < 500,
  { i: i % 10 },
]);

function compressed(rig: DatasetRig, compression: Compression): Dataset {
  return rig.dataset({ columns: COLUMNS, compression }, [ROWS]);
}

const isLoaded = (name: string): boolean =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes(name));

test('no codec is loaded where nothing is compressed', () => {
  using rig = new DatasetRig();
  const dataset = compressed(rig, 'none');

  expect([...dataset.iterate(0, ['i', 'f', 'd', 't', 'b', 'j'])]).toEqual(ROWS);
  expect(isLoaded('lz4-napi')).toBe(false);

  compressed(rig, 'lz4');
  expect(isLoaded('lz4-napi')).toBe(true);
});

test.each(COMPRESSIONS)('rows compressed with %s are read as they were, by polars too', (codec) => {
  using rig = new DatasetRig();
  const dataset = compressed(rig, codec);

  const frame = polars.readIPC(readFileSync(rig.path(dataset, FILE)));

  expect([...dataset.iterate(0, ['i', 'f', 'd', 't', 'b', 'j'])]).toEqual(ROWS);
  const column = (name: string): unknown[] => frame.getColumn(name).cast(polars.Utf8).toArray();
  expect(column('t')).toEqual(ROWS.map((row) => row[3]));
  expect(column('d')).toEqual(ROWS.map((row) => row[2]));
  expect(frame.getColumn('f').toArray()).toEqual(ROWS.map((row) => row[1]));
});

test('compression makes files smaller and changes no digest', () => {
  using rig = new DatasetRig();
  const datasets = COMPRESSIONS.map((codec) => compressed(rig, codec));

  const [none = 0, lz4 = 0, zstd = 0] = datasets.map(
    (dataset) => readFileSync(rig.path(dataset, FILE)).length,
  );
  const digests = datasets.map((dataset) =>
    dataset.columnNames.map((name) => dataset.columns[name]?.digest),
  );

  expect(lz4).toBeLessThan(none * 0.8);
  expect(zstd).toBeLessThan(lz4);
  expect(digests[1]).toEqual(digests[0]);
  expect(digests[2]).toEqual(digests[0]);
});

test('columns of floats, and what barely shrinks, are left as they are', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 10_000 }, (_, i) => [i, Math.imul(i, 0x9e_37_79_b1)]);
  const columns = { f: 'float64', r: 'int32' } as const;
  const [plain, zstd] = (['none', 'zstd'] as const).map((compression) => {
    const dataset = rig.dataset({ columns, compression }, [rows]);
    return readFileSync(rig.path(dataset, FILE));
  });

  expect(plain?.equals(zstd ?? Buffer.alloc(0))).toBe(true);
});

test('a damaged byte of a compressed file is found', () => {
  using rig = new DatasetRig();
  const dataset = compressed(rig, 'zstd');
  const path = rig.path(dataset, FILE);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 2] = (bytes[bytes.length >> 2] ?? 0) ^ 1;
  writeFileSync(path, bytes);

  expect(() => [...dataset.iterate(0, ['i', 'f', 'd', 't', 'b', 'j'])]).toThrow(
    /the checksum of column ".*" of record batch 0 is wrong/,
  );
});

test('another compression is refused', () => {
  using rig = new DatasetRig();

  expect(() => rig.dataset({ columns: { x: 'bool' }, compression: 'gzip' as never }, [[]])).toThrow(
    'Expected the compression of dataset "default" to be one of none, lz4, zstd, got "gzip" (string)',
  );
});
