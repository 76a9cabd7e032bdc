import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readManifest } from '../../../src/data/manifest/dataset-manifest.ts';
import { planScan } from '../../../src/data/read/scan-plan.ts';
import type { PlanRequest, ScanDataset } from '../../../src/data/read/scan-plan.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const BATCH = 65_536;

/** Three batches of rows that follow one another, an empty slice, and one row; `x` goes with `n`. */
function numbers(rig: DatasetRig): Dataset {
  const rows = Array.from({ length: 2 * BATCH + 10 }, (_, i) => [i, i]);
  return rig.dataset({ columns: { n: 'int32', x: 'float64' } }, [rows, [], [[-7, -7]]]);
}

/** A plan as one line per slice: dataset, slice, and its pieces as start+rows, `/step` and `?` where rows are checked. */
function plan(
  rig: DatasetRig,
  datasets: readonly Dataset[],
  request: Partial<PlanRequest>,
): string {
  const scanned = datasets.map((dataset): ScanDataset => {
    const manifest = readManifest(dataset.ref, join(rig.root, dataset.ref.job));
    return { spec: String(dataset), manifest };
  });
  const all = { datasets: scanned, sliceno: null, columns: ['n'], ...request };
  const lines = planScan(all).segments.map(({ spec, sliceno, pieces }) => {
    const texts = pieces.map(({ start, rows, step, check }) => {
      return `${start}+${rows}${step === 1 ? '' : `/${step}`}${check ? '?' : ''}`;
    });
    return `${spec}:${sliceno} ${texts.join(' ')}`;
  });
  return lines.join('; ');
}

test('a plan lists every batch of every slice that has rows', () => {
  using rig = new DatasetRig();
  const dataset = numbers(rig);

  expect(plan(rig, [dataset], {})).toBe('dev-1:0 0+65536 65536+65536 131072+10; dev-1:2 0+1');
  expect(plan(rig, [dataset], { sliceno: 2 })).toBe('dev-1:2 0+1');
  expect(plan(rig, [dataset], { sliceno: 2, keepEmpty: true })).toBe('dev-1:2 0+1');
  expect(plan(rig, [dataset], { sliceno: 1, keepEmpty: true })).toBe('');
});

test('a range leaves out batches, slices and datasets, and tells which rows need a look', () => {
  using rig = new DatasetRig();
  const dataset = numbers(rig);
  const other = rig.dataset({ columns: { n: 'int32' } }, [[[-100]], [], []]);
  const range = (start: number | null, stop: number | null, column = 'n'): string =>
    plan(rig, [other, dataset], { range: { column, start, stop } });

  expect(range(0, BATCH)).toBe('dev-1:0 0+65536');
  expect(range(1, BATCH)).toBe('dev-1:0 0+65536?');
  expect(range(BATCH - 1, BATCH + 1)).toBe('dev-1:0 0+65536? 65536+65536?');
  expect(range(null, 0)).toBe('dev-2:0 0+1; dev-1:2 0+1');
  expect(range(500_000, null)).toBe('');
  expect(
    plan(rig, [other, dataset], { range: { column: 'n', start: 0, stop: 1 }, sloppyRange: true }),
  ).toBe('dev-1:0 0+65536 65536+65536 131072+10; dev-1:2 0+1');
});

test('floats always need a look, as bounds do not tell of NaN', () => {
  using rig = new DatasetRig();

  const range = { column: 'x', start: 0, stop: BATCH };

  expect(plan(rig, [numbers(rig)], { range })).toBe('dev-1:0 0+65536?');
});

test('a slice of rows leaves out what lies before, between and behind', () => {
  using rig = new DatasetRig();
  const dataset = numbers(rig);

  expect(plan(rig, [dataset], { slice: { start: BATCH + 5 } })).toBe(
    'dev-1:0 65541+65531 131072+10; dev-1:2 0+1',
  );
  expect(plan(rig, [dataset], { slice: { stop: 3 } })).toBe('dev-1:0 0+3');
  expect(plan(rig, [dataset], { slice: { start: 1, step: 131_075 } })).toBe(
    'dev-1:0 1+65535/131075 131076+6/131075',
  );
  expect(plan(rig, [dataset], { slice: -1 })).toBe('dev-1:2 0+1');
  expect(plan(rig, [dataset], { sliceno: 'roundrobin', slice: { start: 1, stop: 4 } })).toBe(
    'dev-1:0 1+2; dev-1:2 0+1',
  );
});

test('rehashing reads all slices of datasets that are not hashed as asked for', () => {
  using rig = new DatasetRig();

  const text = plan(rig, [numbers(rig)], { sliceno: 1, hashlabel: 'n', rehash: true });

  expect(text).toBe('dev-1:0 0+65536 65536+65536 131072+10; dev-1:2 0+1');
});
