import { expect, test } from 'vitest';

import { readCounter } from '../../../src/data/format/file-access.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const ROWS = 200_000;

/** Rows in four batches whose values follow one another. */
function sorted(rig: DatasetRig): Dataset<{ n: 'int32'; text: 'string' }> {
  const rows = Array.from({ length: ROWS }, (_, i) => [i, `text ${i}`]);
  return rig.dataset({ columns: { n: 'int32', text: 'string' }, compression: 'none' }, [
    rows,
    [[-5, 'low']],
  ]);
}

test('only the record batches that hold values of a range are read', () => {
  using rig = new DatasetRig();
  const dataset = sorted(rig);
  readCounter.bytes = 0;

  const values = [...dataset.iterate(null, 'n', { range: { n: [65_536, 131_072] } })];

  expect([values.length, values[0], values.at(-1)]).toEqual([65_536, 65_536, 131_071]);
  expect(rig.rowsRead).toEqual([65_536]);
  expect(readCounter.bytes).toBeLessThan(65_536 * 4 + 2000);
});

test('rows of a batch that is partly in a range are looked at one by one, of others not', () => {
  using rig = new DatasetRig();
  const dataset = sorted(rig);
  readCounter.bytes = 0;

  const whole = [...dataset.iterate(0, 'text', { range: { n: [0, 65_536] } })];
  const textBytes = readCounter.bytes;
  const part = [...dataset.iterate(0, 'text', { range: { n: [1, 65_536] } })];

  expect(part).toEqual(whole.slice(1));
  expect(readCounter.bytes - textBytes - textBytes).toBeGreaterThan(65_536 * 4);
  expect(rig.rowsRead).toEqual([65_536, 65_536]);
});

test.each([
  ['closed', [10, 12], [10, 11]],
  ['open at its start', [null, -4], [-5]],
  ['open at its end', [ROWS - 1, null], [ROWS - 1]],
  ['empty', [12, 12], []],
  ['backwards', [12, 10], []],
  ['with fractions', [9.5, 11.5], [10, 11]],
  ['of bigints', [10n, 12n], [10, 11]],
] as const)('a range that is %s', (_, range, expected) => {
  using rig = new DatasetRig();
  const dataset = sorted(rig);
  const ends = range as readonly [number | null, number | null];

  expect([...dataset.iterate(null, 'n', { range: { n: ends } })]).toEqual(expected);
});

test('the column of a range may be returned alone, first, later or not at all', () => {
  using rig = new DatasetRig();
  const columns = { a: 'int32', b: 'string', c: 'float64' } as const;
  const dataset = rig.dataset({ columns }, [
    [
      [1, 'one', 0.5],
      [2, 'two', 1.5],
      [3, 'three', 2.5],
    ],
  ]);
  const range = { a: [2, 4] } as const;

  expect([...dataset.iterate(0, 'a', { range })]).toEqual([2, 3]);
  expect([...dataset.iterate(0, ['a', 'b'], { range })]).toEqual([
    [2, 'two'],
    [3, 'three'],
  ]);
  expect([...dataset.iterate(0, ['b', 'c', 'a'], { range })]).toEqual([
    ['two', 1.5, 2],
    ['three', 2.5, 3],
  ]);
  expect([...dataset.iterate(0, 'b', { range })]).toEqual(['two', 'three']);
  expect([...dataset.iterate(0, null, { range: { a: [3, null] } })]).toEqual([
    { a: 3, b: 'three', c: 2.5 },
  ]);
});

test('a range with two open ends lets everything through, nulls too; any other drops nulls', () => {
  using rig = new DatasetRig();
  const n = { type: 'int32', nullable: true } as const;
  const dataset = rig.dataset({ columns: { n, i: 'int32' } }, [
    [
      [1, 0],
      [null, 1],
      [2, 2],
    ],
    [[null, 3]],
  ]);

  expect([...dataset.iterate(null, 'i', { range: { n: [null, null] } })]).toEqual([0, 1, 2, 3]);
  expect([...dataset.iterate(null, 'i', { range: { n: [0, null] } })]).toEqual([0, 2]);
  expect([...dataset.iterate(null, 'i', { range: { n: [null, 9] } })]).toEqual([0, 2]);
});

test('NaN is in no range', () => {
  using rig = new DatasetRig();
  const rows = [[1], [Number.NaN], [Infinity], [-Infinity]];
  const dataset = rig.dataset({ columns: { x: 'float64' } }, [rows, [[Number.NaN]]]);
  const read = (start: number | null, stop: number | null): number[] => [
    ...dataset.iterate(null, 'x', { range: { x: [start, stop] } }),
  ];

  expect(read(0, null)).toEqual([1, Infinity]);
  expect(read(null, 5)).toEqual([1, -Infinity]);
  expect(read(-Infinity, Infinity)).toEqual([1, -Infinity]);
});

test('every type with an order has ranges', () => {
  using rig = new DatasetRig();
  const days = [new Date('2024-01-01'), new Date('2024-01-02'), new Date('2024-01-03')];
  const columns = {
    bool: 'bool',
    int8: 'int8',
    uint32: 'uint32',
    int64: 'int64',
    big: 'int64',
    float32: 'float32',
    number: 'number',
    date: 'date',
    time: 'time',
    datetime: 'datetime',
  } as const;
  const rows = days.map((day, i) => [
    i > 0,
    i - 1,
    4_294_967_290 + i,
    i - 1,
    2n ** 60n + BigInt(i),
    i + 0.5,
    i === 2 ? 2n ** 70n : i,
    day,
    i * 1000,
    day,
  ]);
  const dataset = rig.dataset({ columns }, [rows]);
  const indexesIn = (range: Record<string, unknown>): unknown[] =>
    [...dataset.iterate(0, 'time', { range } as object)].map((time) => time / 1000);

  expect(indexesIn({ bool: [true, null] })).toEqual([1, 2]);
  expect(indexesIn({ int8: [0, null] })).toEqual([1, 2]);
  expect(indexesIn({ uint32: [4_294_967_291, null] })).toEqual([1, 2]);
  expect(indexesIn({ int64: [0, 1] })).toEqual([1]);
  expect(indexesIn({ big: [2n ** 60n + 1n, 2n ** 60n + 2n] })).toEqual([1]);
  expect(indexesIn({ float32: [1, 2.5] })).toEqual([1]);
  expect(indexesIn({ number: [1, 2n ** 70n + 1n] })).toEqual([1, 2]);
  expect(indexesIn({ date: [days[1], days[2]] })).toEqual([1]);
  expect(indexesIn({ time: [1000, 1001] })).toEqual([1]);
  expect(indexesIn({ datetime: [days[1], null] })).toEqual([1, 2]);
});

test('sloppy ranges leave out datasets and nothing else', () => {
  using rig = new DatasetRig();
  const first = rig.dataset({ columns: { n: 'int32' } }, [[[1], [2]]]);
  const second = rig.dataset({ columns: { n: 'int32' }, previous: first }, [[[3], [4]]]);
  const chain = second.chain();

  expect([...chain.iterate(0, 'n', { range: { n: [4, 5] }, sloppyRange: true })]).toEqual([3, 4]);
  expect([...chain.iterate(0, 'n', { range: { n: [2, 4] } })]).toEqual([2, 3]);
});

test('a range works along a chain whose column changes its type', () => {
  using rig = new DatasetRig();
  const number = { type: 'number', nullable: true } as const;
  const int32 = rig.dataset({ columns: { n: 'int32' } }, [[[1], [2], [3]]]);
  const int64 = rig.dataset({ columns: { n: 'int64' }, previous: int32 }, [[[2], [3], [4]]]);
  const last = rig.dataset({ columns: { n: number }, previous: int64 }, [
    [[2.5], [null], [3], [Number.NaN]],
  ]);

  expect([...last.chain().iterate(0, 'n', { range: { n: [2, 4] } })]).toEqual([2, 3, 2, 3, 2.5, 3]);
});

test('batches of a range are whole batches that hold such values', () => {
  using rig = new DatasetRig();
  const batches = sorted(rig).batches(0, ['n'], { range: { n: [70_000, 70_001] } });

  expect(Array.from(batches, ({ columns }) => columns.n[0])).toEqual([65_536]);
});

test.each([
  [{ n: [1, 2], text: [1, 2] }, 'Expected `range` to name exactly one column, got "n", "text"'],
  [{}, 'Expected `range` to name exactly one column, got none'],
  [{ n: 5 }, 'Expected the range of column "n" to be [start, stop], with null for an open end'],
  [{ m: [1, 2] }, 'Dataset dev-1 has no column "m"'],
  [
    { n: ['a', null] },
    'Expected the range of column "n" to be from a number to another, got a (string)',
  ],
  [{ text: ['a', 'b'] }, 'A range needs a column whose values have an order'],
])('a wrong range is refused: %j', (range, message) => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { n: 'int32', text: 'string' } }, [[[1, 'a']]]);

  expect(() => dataset.iterate(0, 'n', { range } as object)).toThrow(message);
});
