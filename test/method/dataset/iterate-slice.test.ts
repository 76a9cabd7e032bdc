import { expect, test } from 'vitest';

import { readCounter } from '../../../src/data/format/file-access.ts';
import type { SliceRequest } from '../../../src/data/read/row-slice.ts';
import type { DatasetChain } from '../../../src/method/dataset/dataset-chain.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const LENGTHS = [
  [4, 0, 3],
  [0, 0, 0],
  [1, 5, 2],
];

/** Datasets in which each row says where it is. */
function chainOf(rig: DatasetRig, lengths: readonly (readonly number[])[]): DatasetChain {
  let previous: Dataset | null = null;
  for (const [number, slices] of lengths.entries()) {
    const rows = slices.map((length, sliceno) =>
      Array.from({ length }, (_, row) => [`${number}/${sliceno}/${row}`]),
    );
    previous = rig.dataset({ columns: { at: 'string' }, previous }, rows);
  }
  if (previous === null) throw new Error('no dataset');
  return previous.chain();
}

const REQUESTS: readonly SliceRequest[] = [
  0,
  1,
  3,
  -1,
  -4,
  { stop: 2 },
  { start: 1, stop: 4 },
  { start: -3, stop: -1 },
  { start: 2, stop: 2 },
  { stop: 0 },
  { step: 2 },
  { start: 1, step: 3 },
  { start: 1, stop: 5, step: 2 },
  { start: -5, step: 4 },
];

test.each([[null], [0], [2], ['roundrobin' as const]])(
  'slices of rows are what slicing the list of all would give: slice %j',
  (sliceno) => {
    using rig = new DatasetRig();
    const chain = chainOf(rig, LENGTHS);
    const all = [...chain.iterate(sliceno, 'at')] as string[];

    for (const slice of REQUESTS) {
      const { start = 0, stop, step = 1 } = typeof slice === 'number' ? { start: slice } : slice;
      const expected = all.slice(start, stop ?? undefined).filter((_, i) => i % step === 0);
      expect([slice, [...chain.iterate(sliceno, 'at', { slice })]]).toEqual([slice, expected]);
      const kept = chain.iterate(sliceno, 'at', {
        slice: { ...(typeof slice === 'number' ? { start: slice } : slice) },
        filters: start < 0 ? undefined : () => true,
      } as object);
      expect([...kept]).toEqual(expected);
    }
  },
);

test('round robin takes a row of each slice in turn, dataset by dataset', () => {
  using rig = new DatasetRig();

  expect([...chainOf(rig, LENGTHS).iterate('roundrobin', 'at')]).toEqual([
    '0/0/0',
    '0/2/0',
    '0/0/1',
    '0/2/1',
    '0/0/2',
    '0/2/2',
    '0/0/3',
    '2/0/0',
    '2/1/0',
    '2/2/0',
    '2/1/1',
    '2/2/1',
    '2/1/2',
    '2/1/3',
    '2/1/4',
  ]);
});

test('round robin restores the order in which rows were dealt to slices', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 100_000 }, (_, i) => [i, String(i)]);
  const dealt = [0, 1, 2].map((sliceno) => rows.filter((_, i) => i % 3 === sliceno));
  const dataset = rig.dataset({ columns: { n: 'int32', text: 'string' } }, dealt);

  expect([...dataset.iterate('roundrobin', ['n', 'text'])]).toEqual(rows);
  expect([...dataset.iterate('roundrobin', 'n', { slice: { start: 5, step: 33_333 } })]).toEqual([
    5, 33_338, 66_671,
  ]);
  expect([...dataset.iterate('roundrobin', 'n', { range: { n: [4, 9] } })]).toEqual([
    4, 5, 6, 7, 8,
  ]);
});

test.each([
  [11, 'Expected `start` of `slice` to be within the 10 rows there are, got 11'],
  [-11, 'Expected `start` of `slice` to be within the 10 rows there are, got -11'],
  [{ stop: 11 }, 'Expected `stop` of `slice` to be within the 10 rows there are, got 11'],
  [{ stop: -11 }, 'Expected `stop` of `slice` to be within the 10 rows there are, got -11'],
  [{ start: 5, stop: 4 }, 'Expected `slice` to run forwards, got rows 5 to 4'],
  [{ start: -1, stop: 2 }, 'Expected `slice` to run forwards, got rows 9 to 2'],
  [{ step: 0 }, 'Expected `step` of `slice` to be positive, got 0'],
  [{ step: -1 }, 'Expected `step` of `slice` to be positive, got -1'],
  [{ start: 0.5 }, 'Expected `start` of `slice` to be an integer, got 0.5'],
])('a slice of rows that there is not is refused: %j', (slice, message) => {
  using rig = new DatasetRig();
  const chain = chainOf(rig, [[3, 7]]);

  expect(() => chain.iterate(null, 'at', { slice })).toThrow(message);
  expect(() => chain.iterate('roundrobin', 'at', { slice })).toThrow(message);
});

test('exact ends are not outside', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig, [[3, 7]]);

  expect([...chain.iterate(null, 'at', { slice: 10 })]).toEqual([]);
  expect([...chain.iterate(1, 'at', { slice: -7 })].length).toBe(7);
  expect([...chain.iterate(0, 'at', { slice: { stop: 3 } })].length).toBe(3);
  expect([...chain.iterate(0, 'at', { slice: { start: 3, stop: 3 } })]).toEqual([]);
});

test('what a slice leaves out is not read', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 200_000 }, (_, i) => [i]);
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [rows, [[-1]]]);
  readCounter.bytes = 0;

  expect([...dataset.iterate(null, 'n', { slice: -1 })]).toEqual([-1]);
  expect(readCounter.bytes).toBeLessThan(2000);
  expect(dataset.iterate(0, 'n', { slice: 70_000 }).next().value).toBe(70_000);
  expect([...dataset.iterate(0, 'n', { slice: { start: 60_000, step: 135_000 } })]).toEqual([
    60_000, 195_000,
  ]);
  expect(rig.rowsRead).toEqual([1, 61_072, 1, 1]);
});

test('a column is asked for only in the datasets that are reached', () => {
  using rig = new DatasetRig();
  const first = rig.dataset({ columns: { x: 'int32' } }, [[[1], [2]]]);
  const second = rig.dataset({ columns: { y: 'int32' }, previous: first }, [[[3], [4]]]);
  const chain = second.chain() as DatasetChain;

  expect([...chain.iterate(0, 'y', { slice: 2 })]).toEqual([3, 4]);
  expect([...chain.iterate(0, 'x', { slice: { stop: 2 } })]).toEqual([1, 2]);
  expect(() => chain.iterate(0, 'y', { slice: 1 })).toThrow('Dataset dev-1 has no column "y"');
  const rows = chain.iterate(0, 'x', { slice: 1 });
  expect(rows.next().value).toBe(2);
  expect(() => rows.next()).toThrow('Dataset dev-2 has no column "x"');
});

test('positions count the rows that filters and ranges choose, and then only from the start', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [
    Array.from({ length: 10 }, (_, i) => [i]),
  ]);

  expect([...dataset.iterate(0, 'n', { filters: isOdd, slice: { start: 1, stop: 4 } })]).toEqual([
    3, 5, 7,
  ]);
  expect([
    ...dataset.iterate(0, 'n', { range: { n: [3, 8] }, slice: { start: 1, step: 2 } }),
  ]).toEqual([4, 6]);
  expect(() => dataset.iterate(0, 'n', { filters: isOdd, slice: -1 })).toThrow(
    /cannot count from the end/,
  );
  expect(() => dataset.iterate(0, 'n', { range: { n: [3, 8] }, slice: -1 })).toThrow(
    /cannot count from the end/,
  );
});

test('batches take slices of rows, too', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 70_000 }, (_, i) => [i]);
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [rows]);

  const batches = Array.from(
    dataset.batches(0, ['n'], { slice: { start: 65_530, stop: 65_540 } }),
    ({ length, columns }) => [length, columns.n[0]],
  );

  expect(batches).toEqual([
    [6, 65_530],
    [4, 65_536],
  ]);
});

test('batches that are refused are neither read nor planned', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 140_000 }, (_, i) => [i]);
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [rows, [[-1]]]);
  const places: unknown[] = [];
  const bytes = readCounter.bytes;

  const batches = dataset.batches(null, ['n'], {
    takes: (place) => {
      places.push(place);
      return place.row !== 0;
    },
  });

  expect(Array.from(batches, ({ length, columns }) => [length, columns.n[0]])).toEqual([
    [65_536, 65_536],
    [8928, 131_072],
  ]);
  expect(places).toEqual([
    { sliceno: 0, row: 0, rows: 65_536 },
    { sliceno: 0, row: 65_536, rows: 65_536 },
    { sliceno: 0, row: 131_072, rows: 8928 },
    { sliceno: 1, row: 0, rows: 1 },
  ]);
  expect(readCounter.bytes - bytes).toBeLessThan(65_536 * 4 * 1.5);
  expect(rig.planned).toEqual([140_001, -65_536, -1]);
});

function isOdd(n: number): boolean {
  return n % 2 === 1;
}
