import { expect, it } from 'vitest';

import { randomFrom } from '../rig/random.ts';
import { withTables } from './table-rig.ts';

const N = { nullable: true };
const COLUMNS = [
  ['user', { type: 'string', ...N }],
  ['day', 'date'],
  ['price', { type: 'float64', ...N }],
  ['big', 'int64'],
  ['small', { type: 'int8', ...N }],
  ['word', { type: 'string', ...N }],
] as const;

it('groups of a few rows are summed up in every way', async () => {
  const day = new Date(0);
  const slices = [
    [
      ['a', day, 1.5, 2n ** 62n, 1, 'x'],
      [null, day, null, -1n, null, null],
      ['a', day, Number.NaN, 2n ** 62n - 1n, null, ''],
    ],
    [
      ['b', day, 0.25, 3n, -128, 'y'],
      ['a', day, null, -5n, 7, 'x'],
      [null, day, null, 9n, null, null],
    ],
    [],
  ];
  const { notes, output } = await withTables(
    { t: { columns: COLUMNS, slices } },
    3,
    `const source = await table('t');
     const aggregates = {
       a: 'count', b: { count: 'price' }, c: { sum: 'big' }, d: { sum: 'small' }, e: { mean: 'small' },
       f: { min: 'price' }, g: { max: 'word' }, h: { distinct: 'word' },
     };
     const all = (await urd.build('dataset_group', { source, keys: ['user'], aggregates })).dataset();
     note(rows(all).flat());
     note(Object.values(all.columns).map(({ name, type, nullable }) => name + ':' + type + (nullable ? '?' : '')));
     const keys = (await urd.build('dataset_group', { source, keys: ['word', 'user'] })).dataset();
     note(rows(keys).flat().map(String).toSorted());`,
  );
  expect(
    ((notes[0] ?? []) as unknown[][]).toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    output,
  ).toEqual([
    ['a', 3n, 2n, 2n ** 63n - 6n, 8n, 4, 1.5, 'x', 2n],
    ['b', 1n, 1n, 3n, -128n, -128, 0.25, 'y', 1n],
    [null, 2n, 0n, 8n, null, null, null, null, 0n],
  ]);
  expect(notes[1]).toEqual([
    'user:string?',
    'a:int64',
    'b:int64',
    'c:int64',
    'd:int64?',
    'e:float64?',
    'f:float64?',
    'g:string?',
    'h:int64',
  ]);
  expect(notes[2]).toEqual([',', ',a', 'x,a', 'y,b'].toSorted());
});

it('aggregates come in the order in which they are given, which a build call is known by', async () => {
  const { notes, output } = await withTables(
    { t: { columns: [['k', 'int8']], slices: [[[1], [1]], []] } },
    2,
    `const source = await table('t');
     const group = async (aggregates) =>
       (await urd.build('dataset_group', { source, keys: ['k'], aggregates })).dataset();
     const first = await group({ z: 'count', a: { sum: 'k' } });
     const second = await group({ a: { sum: 'k' }, z: 'count' });
     const again = await group({ z: 'count', a: { sum: 'k' } });
     note([first, second, again].map((one) => [...one.columnNames, ...rows(one).flat(2)].map(String)));
     note(String(again) === String(first));`,
  );
  expect(notes, output).toEqual([
    [
      ['k', 'z', 'a', '1', '2', '2'],
      ['k', 'a', 'z', '1', '2', '2'],
      ['k', 'z', 'a', '1', '2', '2'],
    ],
    true,
  ]);
});

it('numbers and bigints of one value are one key, and so are both zeros', async () => {
  const all = [0, -0, 1e22, 10n ** 22n, 0.5, 2 ** 60, 2n ** 60n, -(2 ** 60), 10n ** 22n + 1n];
  const keys = {
    columns: [
      ['n', 'number'],
      ['one', 'int8'],
    ],
    slices: [
      all.map((n) => [n, 1]),
      [
        [10n ** 22n, 1],
        [-0, 1],
      ],
    ],
  };
  const more = [
    ['n', 'number'],
    ['word', 'string'],
  ];
  const { notes, output } = await withTables(
    {
      keys,
      words: {
        columns: more,
        slices: [
          [
            [10n ** 22n, 'a'],
            [0, 'b'],
          ],
          [
            [1e22, 'c'],
            [-0, 'd'],
          ],
        ],
      },
    } as never,
    2,
    `const source = await table('keys');
     const words = await table('words');
     const groups = (await urd.build('dataset_group', { source, keys: ['n'], aggregates: { c: 'count' } })).dataset();
     note(rows(groups).flat().map(String).toSorted());
     const counts = await urd.build('dataset_group', { source, keys: ['one'], aggregates: { d: { distinct: 'n' } } });
     note(rows(counts.dataset()).flat().map((row) => String(row[1])));
     const left = await urd.build('dataset_hashpart', { source: words, hashlabel: 'n' });
     const joined = await urd.build('dataset_join', { left, right: groups, on: ['n'] });
     note(rows(joined.dataset()).flat().map((row) => row[1] + row[2]).toSorted());
     const fan = await urd.build('dataset_fanout', { source: words, column: 'n' });
     note(fan.datasets.map((one) => one.name + ' ' + rows(one).flat()).toSorted());`,
  );
  const [groups, counts, joined, fan] = notes;
  expect(groups, output).toHaveLength(6);
  expect(counts).toEqual(['6']);
  expect(joined).toEqual(['a3', 'b3', 'c3', 'd3']);
  expect(fan).toEqual(['0 b,d', '10000000000000000000000 a,c']);
});

it('many random rows give what a plain loop gives, and each group is in one slice', async () => {
  const random = randomFrom(3);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const slices = [700, 0, 350].map((count) =>
    Array.from({ length: count }, () => [
      pick([null, ...Array.from({ length: 40 }, (_, i) => `user ${i}`)]),
      new Date(86_400_000 * pick([0, 1, 2])),
      pick([null, 0.5, 1, -3.25]),
      BigInt(Math.floor(random() * 1e9)),
      pick([null, -1, 5]),
      pick([null, '', 'one', 'two', 'three']),
    ]),
  );
  const { notes, output } = await withTables(
    { t: { columns: COLUMNS, slices } },
    3,
    `const aggregates = {
       a: 'count', b: { sum: 'price' }, c: { max: 'big' }, d: { min: 'day' }, e: { distinct: 'word' }, f: { min: 'word' },
     };
     const source = await table('t');
     for (const keys of [['user'], ['day', 'small']]) {
       note(rows((await urd.build('dataset_group', { source, keys, aggregates })).dataset()));
     }`,
  );
  for (const [i, keys] of [[0], [1, 4]].entries()) {
    const found = notes[i] as unknown[][][];
    expect(sorted(found.flat(), keys.length), output).toEqual(
      sorted(naive(slices.flat(), keys), keys.length),
    );
  }
});

it('options that have no meaning are refused', async () => {
  const { notes, output } = await withTables(
    { t: { columns: [...COLUMNS, ['j', 'json']], slices: [[], []] } },
    2,
    `const source = await table('t');
     for (const options of [
       { keys: ['usr'] }, { keys: ['j'] }, { keys: ['user', 'user'] },
       { keys: ['user'], aggregates: { user: 'count' } }, { keys: ['user'], aggregates: { x: { sum: 'word' } } },
     ]) note(await failure(urd.build('dataset_group', { source, ...options })));
     note((await urd.build('dataset_group', { source, keys: ['user'], aggregates: { n: 'count' } })).dataset().shape);`,
  );
  expect(notes, output).toEqual([
    expect.stringContaining(
      'Option "keys" names column "usr", which dev-0 does not have (did you mean "user"?)',
    ),
    expect.stringContaining('of type json, which makes no groups'),
    expect.stringContaining('Option "keys" names column "user" twice'),
    expect.stringContaining('makes a column "user", which is the name of a key'),
    expect.stringContaining('asks for the sum of column "word", which has type string'),
    [2, 0],
  ]);
});

function naive(rows: readonly (readonly unknown[])[], keys: readonly number[]): unknown[][] {
  const groups = groupBy(rows, (row) => JSON.stringify(keys.map((key) => row[key])));
  return [...groups.values()].map((group) => {
    const [first = []] = group;
    const values = (column: number): unknown[] =>
      group.map((row) => row[column]).filter((value) => value !== null);
    const prices = values(2) as number[];
    const words = values(5) as string[];
    return [
      ...keys.map((key) => first[key]),
      BigInt(group.length),
      prices.length === 0 ? null : prices.reduce((a, b) => a + b, 0),
      (values(3) as bigint[]).reduce((a, b) => (a > b ? a : b)),
      (values(1) as Date[]).reduce((a, b) => (a < b ? a : b)),
      BigInt(new Set(words).size),
      words.toSorted()[0] ?? null,
    ];
  });
}

function sorted(rows: readonly (readonly unknown[])[], keys: number): unknown[] {
  const text = (row: readonly unknown[]): string => JSON.stringify(row.slice(0, keys));
  return rows.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}
