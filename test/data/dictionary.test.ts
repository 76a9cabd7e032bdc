import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { tableFromIPC } from 'apache-arrow';
import type { Vector } from 'apache-arrow';
import polars from 'nodejs-polars';
import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../src/data/column-values.ts';
import type { Dataset } from '../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../rig/datasets.ts';

const FILE = 'DS/default.0.arrow';
const COLUMNS = { s: { type: 'string', nullable: true }, n: 'int32', t: 'string' } as const;
const CITIES = ['Malmö', 'Oslo', '', 'Reykjavík', 'Riga'];

/** Rows of which column `s` has few values, and `t` as many as there are rows. */
function rowsOf(count: number): readonly (readonly unknown[])[] {
  return Array.from({ length: count }, (_, i) => [
    i % 11 === 0 ? null : CITIES[(i * i) % 5],
    i,
    `text ${i}`,
  ]);
}

function encodings(dataset: Dataset): readonly boolean[] {
  return [...dataset.batches(0, ['s'])].map(({ columns }) => columns['s'].codes !== null);
}

test('few values in many rows are kept once and read as they were', () => {
  using rig = new DatasetRig();
  const rows = rowsOf(150_000);
  const dataset: Dataset = rig.dataset({ columns: COLUMNS }, [rows]);

  const batches = dataset.batches(0, ['s', 't']);
  const first = batches.next().value?.columns;
  const codes = [...(first?.['s'].codes.subarray(0, 6) ?? [])];
  const second = batches.next().value?.columns;

  expect([...dataset.iterate(0, 's')]).toEqual(rows.map(([s]) => s));
  expect([...dataset.iterate(0, 't')]).toEqual(rows.map((row) => row[2]));
  expect(first?.['s'].dictionary.toArray()).toEqual(['Oslo', 'Riga', 'Malmö']);
  expect(second?.['s'].dictionary).toBe(first?.['s'].dictionary);
  expect(codes).toEqual([0, 0, 1, 1, 0, 2]);
  expect(first?.['t'].codes).toBeNull();
  expect(readFileSync(rig.path(dataset, FILE)).length).toBeLessThan(150_000 * 24);
});

test('a column with a dictionary can be read as one without', () => {
  using rig = new DatasetRig();
  const rows = rowsOf(1000);
  const dataset: Dataset = rig.dataset({ columns: COLUMNS }, [rows]);

  const [batch] = [...dataset.batches(0, ['s'])];
  const { bytes, offsets } = batch?.columns['s'] ?? {};
  const texts = rows.map((_, i) => Buffer.from(bytes).toString('utf8', offsets[i], offsets[i + 1]));

  expect(texts).toEqual(rows.map(([s]) => s ?? ''));
  expect(rows.map((_, i) => batch?.columns['s'].get(i))).toEqual(rows.map(([s]) => s));
});

test('apache-arrow and polars read a dictionary', () => {
  using rig = new DatasetRig();
  const rows = rowsOf(70_000);
  const dataset: Dataset = rig.dataset({ columns: COLUMNS, compression: 'none' }, [rows]);
  const file = readFileSync(rig.path(dataset, FILE));

  const table = tableFromIPC(file);

  expect(encodings(dataset)).toEqual([true, true]);
  expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
    'Dictionary<Int32, Utf8>',
    'Int32',
    'Utf8',
  ]);
  expect([...(table.getChild('s') as Vector)]).toEqual(rows.map(([s]) => s));
  expect(polars.readIPC(file).getColumn('s').cast(polars.Utf8).toArray()).toEqual(
    rows.map(([s]) => s),
  );
});

test('a dictionary that grows too large is given up, with all rows as they were', () => {
  using rig = new DatasetRig();
  const few = rowsOf(70_000);
  const many = few.map(([, n, t]) => [`number ${String(n)} ${'long '.repeat(12)}`, n, t]);
  const rows = [...few, ...many];
  const dataset: Dataset = rig.dataset(
    { columns: { ...COLUMNS, u: 'string' }, compression: 'none' },
    [rows.map((row, i) => [...row, CITIES[i % 5]])],
  );

  expect(new Set(encodings(dataset))).toEqual(new Set([false]));
  expect([...dataset.iterate(0, ['s', 'n', 't', 'u'])]).toEqual(
    rows.map((row, i) => [...row, CITIES[i % 5]]),
  );
  expect(readdirSync(dirname(rig.path(dataset, FILE)))).toEqual([
    'default.0.arrow',
    'default.json',
  ]);
  expect(tableFromIPC(readFileSync(rig.path(dataset, FILE))).numRows).toBe(140_000);
});

test('equal rows make equal files and digests, however they were written', () => {
  using rig = new DatasetRig();
  const rows = rowsOf(100_000);
  const source: Dataset = rig.dataset({ columns: COLUMNS }, [rows]);
  const writer = rig.stage({ slices: 1 }).create<ColumnTypes>({ columns: COLUMNS });
  writer.setSlice(0);

  for (const batch of source.batches(0)) writer.writeBatch(batch.columns, batch);
  const copy: Dataset = writer.finish();

  expect(copy.columns['s']?.digest).toBe(source.columns['s']?.digest);
  expect(readFileSync(rig.path(copy, FILE)).equals(readFileSync(rig.path(source, FILE)))).toBe(
    true,
  );
});

test('values that are all different, or few rows, have no dictionary', () => {
  using rig = new DatasetRig();

  expect(encodings(rig.dataset({ columns: COLUMNS }, [rowsOf(10)]))).toEqual([false]);
  expect(
    encodings(rig.dataset({ columns: { s: 'string' } }, [rowsOf(9000).map(([, , t]) => [t])])),
  ).toEqual([false]);
  expect(
    encodings(
      rig.dataset({ columns: { s: { type: 'string', nullable: true } } }, [
        rowsOf(9000).map(() => [null]),
      ]),
    ),
  ).toEqual([false]);
});
