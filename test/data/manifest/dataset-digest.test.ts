import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../../src/data/column-values.ts';
import { readManifest } from '../../../src/data/manifest/dataset-manifest.ts';
import type { DatasetManifest } from '../../../src/data/manifest/dataset-manifest.ts';
import type { DatasetWriterOptions } from '../../../src/method/dataset/dataset-writer.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const manifestOf = (rig: DatasetRig, dataset: Dataset): DatasetManifest =>
  readManifest(dataset.ref, rig.path(dataset, ''));

const ROWS = [
  [1, 'a'],
  [2, 'b'],
  [3, 'c'],
];
const COLUMNS = { n: 'int32', s: 'string' } as const;

test('equal rows have equal digests, whatever the job, the name of the file and the way of writing', () => {
  using rig = new DatasetRig();
  const one = rig.dataset({ columns: COLUMNS, caption: 'one' }, [ROWS, []]);
  const stage = rig.stage();
  const writer = stage.create({ name: 'other', columns: COLUMNS });
  writer.setSlice(1);
  writer.setSlice(0);
  writer.writeBatch({ n: Int32Array.of(1, 2), s: ['a', 'b'] });
  writer.columns.n.append(3);
  writer.columns.s.appendBytes(Buffer.from('c'), 0, 1);
  writer.endRow();

  expect(manifestOf(rig, writer.finish()).digest).toBe(manifestOf(rig, one).digest);
});

test('rows in large values make equal batches, whatever the way of writing', () => {
  using rig = new DatasetRig();
  const texts = Array.from({ length: 1000 }, (_, i) => 'x'.repeat(60_000 + i));
  const one = rig.dataset({ columns: { s: 'string' } }, [texts.map((text) => [text])]);
  const writer = rig.stage({ slices: 1 }).create({ columns: { s: 'string' } });
  writer.setSlice(0);
  writer.writeBatch({ s: texts.slice(0, 100) });
  writer.writeBatch({ s: texts.slice(100) });

  const manifest = manifestOf(rig, writer.finish());

  expect(manifest.files[0]?.slices[0]?.batches).toEqual([768, 232]);
  expect(manifest.digest).toBe(manifestOf(rig, one).digest);
});

test.each([
  ['a value', { columns: COLUMNS }, [[...ROWS.slice(0, 2), [3, 'x']], []]],
  ['the order of rows', { columns: COLUMNS }, [ROWS.toReversed(), []]],
  ['the slice of a row', { columns: COLUMNS }, [ROWS.slice(0, 2), ROWS.slice(2)]],
  ['a type', { columns: { n: 'int64', s: 'string' } }, [ROWS, []]],
  ['nullable', { columns: { n: { type: 'int32', nullable: true }, s: 'string' } }, [ROWS, []]],
  ['a name', { columns: { m: 'int32', s: 'string' } }, [ROWS, []]],
] as const)('%s counts', (_, options, slices) => {
  using rig = new DatasetRig();
  const one = rig.dataset({ columns: COLUMNS }, [ROWS, []]);

  const settings: DatasetWriterOptions<ColumnTypes> = options;
  const other = rig.dataset(settings, slices);

  expect(manifestOf(rig, other).digest).not.toBe(manifestOf(rig, one).digest);
});

test('a null is not a zero', () => {
  using rig = new DatasetRig();
  const columns = { n: { type: 'int32', nullable: true } } as const;

  const digests = [[null], [0]].map(
    (row) => manifestOf(rig, rig.dataset({ columns }, [[row]])).digest,
  );

  expect(new Set(digests).size).toBe(2);
});

test('the digest of a column covers that column in the chain, and no other', () => {
  using rig = new DatasetRig();
  const [one, other, edited] = ['a', 'x', 'a'].map((text, i) =>
    rig.dataset({ columns: COLUMNS }, [[[i < 2 ? 1 : 7, text]]]),
  );

  const next = [one, other, edited].map((previous) =>
    rig.dataset({ columns: COLUMNS, previous: previous ?? null }, [ROWS]),
  );

  const [first, second, third] = next.map((dataset) => dataset.columns);
  expect(second?.n.digest).toBe(first?.n.digest);
  expect(second?.s.digest).not.toBe(first?.s.digest);
  expect(third?.n.digest).not.toBe(first?.n.digest);
  expect(new Set(next.map((dataset) => manifestOf(rig, dataset).digest)).size).toBe(3);
});

test('a column that the previous dataset lacks counts with all of the chain behind', () => {
  using rig = new DatasetRig();
  const chains = [1, 2].map((n) => {
    const oldest = rig.dataset({ columns: COLUMNS }, [[[n, 'a']]]);
    const middle = rig.dataset({ columns: { s: 'string' }, previous: oldest }, [[['b']]]);
    return rig.dataset({ columns: COLUMNS, previous: middle }, [ROWS]);
  });

  expect(chains[0]?.columns.n.digest).not.toBe(chains[1]?.columns.n.digest);
  expect(chains[0]?.columns.s.digest).toBe(chains[1]?.columns.s.digest);
});
