import { expect, test } from 'vitest';

import { hashSlice } from '../../../src/data/hash.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { SkipDataset } from '../../../src/method/dataset/iteration-signal.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const COLUMNS = { n: 'int32', name: 'string' } as const;

function people(rig: DatasetRig): Dataset<typeof COLUMNS> {
  return rig.dataset({ columns: COLUMNS }, [
    [
      [1, 'Ada'],
      [0, ''],
      [3, 'Cleo'],
      [4, 'Dan'],
    ],
  ]);
}

test('filters choose rows by a function of the row', () => {
  using rig = new DatasetRig();
  const dataset = people(rig);

  expect([...dataset.iterate(0, 'n', { filters: (n) => n > 2 })]).toEqual([3, 4]);
  expect([
    ...dataset.iterate(0, ['n', 'name'], { filters: ([n, name]) => n === name.length }),
  ]).toEqual([[0, '']]);
  expect([...dataset.iterate(0, null, { filters: ({ name }) => name < 'B' })]).toEqual([
    { n: 1, name: 'Ada' },
    { n: 0, name: '' },
  ]);
});

test('filters by column must all agree, and null asks for truthiness', () => {
  using rig = new DatasetRig();
  const dataset = people(rig);

  expect([...dataset.iterate(0, 'name', { filters: { name: null } })]).toEqual([
    'Ada',
    'Cleo',
    'Dan',
  ]);
  expect([
    ...dataset.iterate(0, ['name', 'n'], { filters: { n: null, name: (name) => name !== 'Ada' } }),
  ]).toEqual([
    ['Cleo', 3],
    ['Dan', 4],
  ]);
});

test('filters by column run in the order of the columns, and the first that disagrees ends it', () => {
  using rig = new DatasetRig();
  const asked: string[] = [];
  const filters = {
    name: () => asked.push('name') > 0,
    n: (n: number) => {
      asked.push('n');
      return n > 3;
    },
  };

  expect([...people(rig).iterate(0, ['n', 'name'], { filters })]).toEqual([[4, 'Dan']]);
  expect(asked).toEqual(['n', 'n', 'n', 'n', 'name']);
});

test('translators change values by function, Map or record before filters see them', () => {
  using rig = new DatasetRig();
  const dataset = people(rig);
  const words = new Map([
    [1, 'one'],
    [4, 'four'],
  ]);

  expect([...dataset.iterate(0, 'n', { translators: { n: words } })]).toEqual([
    'one',
    null,
    null,
    'four',
  ]);
  expect([
    ...dataset.iterate(0, ['n', 'name'], {
      translators: { n: words, name: { Ada: 36, Dan: 4, constructor: 0 } },
      filters: { n: null, name: (age) => age !== 4 },
    }),
  ]).toEqual([['one', 36]]);
  expect([
    ...dataset.iterate(0, 'n', { translators: (n) => n * 2, filters: (n) => n > 3 }),
  ]).toEqual([6, 8]);
  expect([
    ...dataset.iterate(0, ['n', 'name'], {
      translators: ([n, name]) => [n + 1, name.toUpperCase()] as const,
      filters: { n: (n) => n > 4 },
    }),
  ]).toEqual([[5, 'DAN']]);
});

test('a record does not answer with what objects inherit', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { s: 'string' } }, [[['constructor'], ['__proto__']]]);

  expect([...dataset.iterate(0, 's', { translators: { s: {} } })]).toEqual([null, null]);
});

test('functions are called when their row is asked for, not before', () => {
  using rig = new DatasetRig();
  const seen = new Set<number>();
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [[[1], [1], [2], [1], [2]]]);
  const firsts: number[] = [];

  for (const n of dataset.iterate(0, 'n', { filters: (value) => !seen.has(value) })) {
    seen.add(n);
    firsts.push(n);
  }

  expect(firsts).toEqual([1, 2]);
});

test('an error in a function tells the row it was called for', () => {
  using rig = new DatasetRig();
  const dataset = people(rig);

  expect(() => [...dataset.iterate(0, 'n', { translators: { n: fail } })]).toThrow('no');
  expect(() => [...dataset.iterate(0, ['n'], { filters: ([n]) => fail(n) })]).toThrow('no');

  const place = { dataset: 'dev-1', sliceno: 0, row: 2 };
  expect(rig.left).toEqual([place, place]);
});

test('a loop that is left tells its row with every option', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 70_000 }, (_, i) => [i]);
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [rows, [[-1], [-2]]]);
  const leave = (options: object, sliceno: 0 | 'roundrobin' = 0): unknown => {
    for (const n of dataset.iterate(sliceno, 'n', options)) if (n >= 69_000) break;
    return rig.left.pop();
  };

  expect(leave({ range: { n: [68_999, null] } })).toMatchObject({ row: 69_000 });
  expect(leave({ slice: { start: 68_990, step: 10 } })).toMatchObject({ row: 69_000 });
  expect(leave({ filters: (n: number) => n % 2 === 1 })).toMatchObject({ row: 69_001 });
  expect(leave({}, 'roundrobin')).toMatchObject({ sliceno: 0, row: 69_000 });
  expect(leave({ statusReporting: false })).toBeUndefined();
});

test('a loop that is left is over, whatever it gives', () => {
  using rig = new DatasetRig();
  const columns = { a: 'int32', b: 'int32', c: 'int32' } as const;
  const dataset = rig.dataset({ columns }, [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ]);
  const options = { filters: () => true };
  const loops: readonly IterableIterator<unknown>[] = [
    dataset.iterate(0, 'a'),
    dataset.iterate(0, ['a', 'b']),
    dataset.iterate(0, ['a', 'b', 'c']),
    dataset.iterate(0),
    dataset.iterate(0, 'a', options),
    dataset.batches(0),
  ];
  for (const loop of loops) {
    for (const _ of loop) break;
    expect([...loop]).toEqual([]);
  }
  const unused = dataset.iterate(0, 'a');
  unused.return?.();
  expect(unused.next()).toEqual({ done: true, value: undefined });
});

test('the form of 64 bits is one that there is', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { n: 'int64' } }, [[[1n]]]);

  expect(() => dataset.iterate(0, 'n', { int64: 'BigInt' as never })).toThrow(
    'Expected `int64` to be "number" or "bigint", got "BigInt"',
  );
  expect(() => dataset.iterate(0, 'n', { datetime: 'Date' as never })).toThrow(
    'Expected `datetime` to be "date" or "bigint", got "Date"',
  );
});

test('iterations announce the rows they will read, and take back what they do not', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 70_000 }, (_, i) => [i]);
  const dataset = rig.dataset({ columns: { n: 'int32' } }, [rows, [[-1], [-2]]]);
  const planned = (loop: Iterable<unknown>, isWhole: boolean): readonly number[] => {
    for (const _ of loop) if (!isWhole) break;
    return rig.planned.splice(0);
  };

  expect(planned(dataset.iterate(null, 'n'), true)).toEqual([70_002]);
  expect(planned(dataset.iterate(0, 'n'), false)).toEqual([70_000, 65_536 - 70_000]);
  expect(planned(dataset.iterate('roundrobin', 'n'), true)).toEqual([70_002]);
  expect(planned(dataset.iterate(0, 'n', { slice: -3 }), true)).toEqual([3]);
  expect(planned(dataset.iterate(0, 'n', { range: { n: [69_999, null] } }), true)).toEqual([
    70_000 - 65_536,
  ]);
  expect(planned(dataset.batches(0), true)).toEqual([70_000]);
  expect(planned(dataset.batches(0), false)).toEqual([70_000, 65_536 - 70_000]);
  expect(planned(dataset.iterate(0, 'n', { statusReporting: false }), true)).toEqual([]);
});

test('a dataset that is not hashed as asked for is refused', () => {
  using rig = new DatasetRig();
  const dataset = people(rig);

  expect(() => dataset.iterate(0, 'n', { hashlabel: 'name' })).toThrow(
    'Expected dev-1 to be hashed on "name", it is not hashed',
  );
  expect(() => dataset.iterate(0, 'n', { rehash: true })).toThrow('`rehash` needs `hashlabel`');
  expect(() => dataset.iterate(0, 'n', { hashlabel: 'name', rehash: true, slice: 1 })).toThrow(
    '`slice` cannot be combined with `rehash`',
  );
});

test('rehashing gives each slice the rows whose hash belongs to it', () => {
  using rig = new DatasetRig();
  const columns = {
    n: 'int32',
    half: { type: 'float64', nullable: true },
    s: 'string',
    big: 'number',
    day: 'date',
  } as const;
  const rows = Array.from({ length: 3000 }, (_, i) => [
    i,
    i % 5 === 0 ? null : i / 2,
    i % 7 === 0 ? '' : `s${i}`,
    i % 3 === 0 ? BigInt(i) ** 9n : i,
    new Date(i * 86_400_000),
  ]);
  const dataset = rig.dataset({ columns }, [
    rows.slice(0, 10),
    rows.slice(10, 2000),
    rows.slice(2000),
  ]);

  for (const hashlabel of ['n', 'half', 's', 'big', 'day'] as const) {
    const column = Object.keys(columns).indexOf(hashlabel);
    for (const sliceno of [0, 1, 2]) {
      const expected = rows
        .filter((row) => hashSlice(row[column], 3) === sliceno)
        .map((row) => row[0]);
      const read = [...dataset.iterate(sliceno, 'n', { hashlabel, rehash: true })];
      expect(read).toEqual(expected);
    }
  }
  expect([...dataset.iterate(null, 'n', { hashlabel: 's', rehash: true })].length).toBe(3000);
});

test('a dataset that is hashed as asked for is read as it lies, and as rehashing reads another', () => {
  using rig = new DatasetRig();
  const values = Array.from({ length: 100 }, (_, i) => i * 0.5);
  const placed = [0, 1, 2].map((sliceno) =>
    values.filter((value) => hashSlice(value, 3) === sliceno).map((value) => [value]),
  );
  const columns = { x: 'float64' } as const;
  const hashed = rig.dataset({ columns, hashlabel: 'x' }, placed);
  const other = rig.dataset({ columns: { x: 'number' } }, [values.map((value) => [value]), [], []]);

  for (const sliceno of [0, 1, 2]) {
    const stored = [...hashed.iterate(sliceno, 'x', { hashlabel: 'x' })];
    expect([...hashed.iterate(sliceno, 'x', { hashlabel: 'x', rehash: true })]).toEqual(stored);
    expect([...other.iterate(sliceno, 'x', { hashlabel: 'x', rehash: true })]).toEqual(stored);
  }
  expect(() => hashed.iterate(0, 'x', { hashlabel: 'y' as 'x' })).toThrow(
    'Expected dev-1 to be hashed on "y", it is hashed on "x"',
  );
});

test('rehashing goes together with ranges, filters and callbacks', () => {
  using rig = new DatasetRig();
  const first = rig.dataset({ columns: { n: 'int32' } }, [
    [[1], [2], [3]],
    [[4], [5], [6]],
  ]);
  const last = rig.dataset({ columns: { n: 'int32' }, previous: first }, [[[7]], [[8], [9]]]);
  const calls: string[] = [];

  const read = last.chain().iterate(1, 'n', {
    hashlabel: 'n',
    rehash: true,
    range: { n: [2, 9] },
    filters: (n) => n !== 3,
    preSliceCallback: (dataset, sliceno) => void calls.push(`${String(dataset)}:${sliceno}`),
  });

  const expected = [2, 4, 5, 6, 7, 8].filter((n) => hashSlice(n, 2) === 1);
  expect([...read]).toEqual(expected);
  expect(calls).toEqual(['dev-1:1', 'dev-2:1']);
});

test.each([
  [{ filter: null }, '`iterate` has no option "filter"'],
  [
    { filters: { m: null } },
    'Column "m" of `filters` is not among the columns that are iterated over',
  ],
  [{ filters: { n: 5 } }, 'Expected `filters` of column "n" to be a function or null, got number'],
  [
    { translators: { n: null } },
    'Expected `translators` of column "n" to be a function, a Map or a record, got null',
  ],
  [{ translators: 5 }, 'Expected `translators` to be a function of the row or a record by column'],
])('wrong options are refused: %j', (options, message) => {
  using rig = new DatasetRig();
  const dataset = people(rig);

  expect(() => dataset.iterate(0, 'n', options as object)).toThrow(message);
});

test('batches refuse what is for rows', () => {
  using rig = new DatasetRig();
  const dataset = people(rig);
  const filtering: object = { filters: null };

  expect(() => dataset.batches(0, null, filtering)).toThrow('`batches` has no option "filters"');
  expect(() => dataset.batches(0, null, { slice: { step: 2 } })).toThrow('to have no `step`');
  expect(() => dataset.batches(0, null, { slice: 1, range: { n: [1, 2] } })).toThrow(
    'exclude each other',
  );
  expect([...dataset.batches(0, null, { preCallback: () => SkipDataset })]).toEqual([]);
});

function fail(n: number): number {
  if (n === 3) throw new Error('no');
  return n;
}
