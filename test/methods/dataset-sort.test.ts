import { describe, expect, it } from 'vitest';

import { withTables } from './table-rig.ts';
import type { TestTable } from './table-rig.ts';

const N = { nullable: true };

/** Ascending in each column's order, with the numbers that tell where a row was. */
const TYPES: Readonly<Record<string, readonly unknown[]>> = {
  bool: [null, false, true],
  int8: [null, -128, -1, 0, 127],
  int16: [null, -32_768, -1, 0, 32_767],
  int32: [null, -2_147_483_648, -1, 0, 2_147_483_647],
  int64: [null, -(2n ** 63n), -5n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n],
  uint8: [null, 0, 1, 255],
  uint16: [null, 0, 1, 65_535],
  uint32: [null, 0, 1, 4_294_967_295],
  float32: [null, -Infinity, -1.5, 0, 0.25, Infinity, Number.NaN],
  float64: [null, -Infinity, -1e300, -1, -1e-300, 0, 1e-300, 1, Infinity, Number.NaN],
  number: [null, -1e300, -(10n ** 40n), -1.5, 0, 7, 10n ** 40n, 10n ** 40n + 1n, 1e300, Number.NaN],
  date: [new Date(-86_400_000), new Date(0), new Date(86_400_000 * 20_000), null],
  time: [0, 1, 86_399_999_999, null],
  datetime: [-(2n ** 62n), -1n, 0n, 1n, 1_700_000_000_000_000n, null],
  string: [
    null,
    '',
    '\u0000',
    'a',
    'a\u0000',
    'aaaaaaaab',
    'aaaaaaaac',
    'ab',
    '~',
    'é',
    '\uFFFD',
    '😀',
  ],
  bytes: [null, Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 1), Uint8Array.of(255)],
};

describe('every type', () => {
  it('is sorted up and down, with nulls at the end that belongs to it', async () => {
    const tables = Object.fromEntries(
      Object.entries(TYPES).map(([type, values]) => {
        const rows = values.map((value, i) => [value, i]);
        const mixed = [
          ...rows.filter((_, i) => i % 2 === 1),
          ...rows.filter((_, i) => i % 2 === 0).toReversed(),
        ];
        return [
          type,
          {
            columns: [
              ['v', { type, ...N }],
              ['i', 'int32'],
            ] as const,
            slices: [mixed, []],
          },
        ];
      }),
    );
    const { notes, output } = await withTables(
      tables,
      2,
      `for (const name of ${JSON.stringify(Object.keys(TYPES))}) {
         const source = await table(name);
         const up = await urd.build('dataset_sort', { source, sortColumns: ['v'] });
         const down = await urd.build('dataset_sort', { source, sortColumns: ['v'], sortOrder: 'descending' });
         const last = await urd.build('dataset_sort', { source, sortColumns: [{ column: 'v', nulls: 'last' }] });
         note([name, [...up.dataset().iterate(0, 'i')], [...down.dataset().iterate(0, 'i')], [...last.dataset().iterate(0, 'v')].at(-1)]);
         note(rows(up.dataset())[0].map(([value]) => value));
       }`,
    );
    for (const [k, [type, values]] of Object.entries(TYPES).entries()) {
      const up = values.map((_, i) => i);
      expect(notes[k * 2], output).toEqual([type, up, up.toReversed(), null]);
      expect(notes[k * 2 + 1]).toEqual(values);
    }
  });
});

it('rows that compare equal keep their order, in both directions and by several columns', async () => {
  const random = lcg(7);
  const slices = [400, 0, 7].map((count) =>
    Array.from({ length: count }, (_, i) => [
      random() % 3 === 0 ? null : random() % 4,
      `k${random() % 3}`,
      i,
    ]),
  );
  const { notes, output } = await withTables(
    {
      t: {
        columns: [
          ['a', { type: 'int32', ...N }],
          ['b', 'string'],
          ['i', 'int32'],
        ],
        slices,
      },
    },
    3,
    `const source = await table('t');
     const sortColumns = ['b', { column: 'a', order: 'descending', nulls: 'first' }];
     note(rows((await urd.build('dataset_sort', { source, sortColumns })).dataset()));`,
  );
  const expected = slices.map((rows) =>
    rows.toSorted(([a, b], [c, d]) => {
      if (b !== d) return String(b) < String(d) ? -1 : 1;
      return (c === null ? 9 : Number(c)) - (a === null ? 9 : Number(a));
    }),
  );
  expect(notes[0], output).toEqual(expected);
});

it('a chain becomes one sorted dataset, and the next one begins where it ended', async () => {
  const { notes, output } = await withTables(
    { a: numbers(3, 1), b: numbers(2, 9), c: numbers(0, 5) },
    2,
    `const a = await table('a'); const b = await table('b', a); const c = await table('c', b);
     const sort = async (source, previous) =>
       (await urd.build('dataset_sort', { source, previous, sortColumns: ['n'] })).dataset();
     const first = await sort(a);
     const rest = await sort(c, first);
     const all = await sort(c);
     note([first, rest, all].map((dataset) => [...dataset.iterate(0, 'n')]));
     note([...rest.chain()].length);`,
  );
  expect(notes, output).toEqual([
    [
      [1, 3],
      [0, 2, 5, 9],
      [0, 1, 2, 3, 5, 9],
    ],
    2,
  ]);
});

describe('across slices', () => {
  it('rows are divided evenly, in the order of the slices', async () => {
    const slices = [50, 0, 13].map((count, s) =>
      Array.from({ length: count }, (_, i) => [BigInt((i * 37) % 11), (i * 7) % 5, s * 100 + i]),
    );
    const { notes, output } = await withTables(
      {
        t: {
          columns: [
            ['a', 'int64'],
            ['b', 'int32'],
            ['i', 'int32'],
          ],
          slices,
        },
      },
      3,
      `const inputs = { sortColumns: ['a', 'b'], sortOrder: 'descending', sortAcrossSlices: true };
       note(rows((await urd.build('dataset_sort', { source: await table('t'), ...inputs })).dataset()));`,
    );
    const expected = slices
      .flat()
      .toSorted(([a, b], [c, d]) => Number(c) - Number(a) || Number(d) - Number(b));
    expect((notes[0] as unknown[][]).flat(), output).toEqual(expected);
    expect((notes[0] as unknown[][]).map((rows) => rows.length)).toEqual([21, 21, 21]);
  });

  it('a slice ends only where the value of the trigger column changes', async () => {
    const slices = [Array.from({ length: 60 }, (_, i) => [0, i < 30 ? 'x' : 'y', i]), [], []];
    const { notes, output } = await withTables(
      {
        t: {
          columns: [
            ['one', 'int32'],
            ['two', 'string'],
            ['all', 'int32'],
          ],
          slices,
        },
      },
      3,
      `const source = await table('t');
       for (const triggerColumn of ['one', 'two', 'all', undefined]) {
         const inputs = { sortColumns: ['one', 'two', 'all'], sortAcrossSlices: true, triggerColumn };
         note((await urd.build('dataset_sort', { source, ...inputs })).dataset().lines);
       }`,
    );
    expect(notes.slice(2), output).toEqual([
      [20, 20, 20],
      [20, 20, 20],
    ]);
    expect(notes[0]).toEqual([60, 0, 0]);
    expect((notes[1] as number[]).toSorted((a, b) => a - b)).toEqual([0, 30, 30]);
  });

  it('a dataset without rows stays so', async () => {
    const { notes, output } = await withTables(
      { t: { columns: [['a', 'string']], slices: [[], []] } },
      2,
      `const source = await table('t');
       for (const sortAcrossSlices of [true, false]) {
         note((await urd.build('dataset_sort', { source, sortColumns: ['a'], sortAcrossSlices })).dataset().lines);
       }`,
    );
    expect(notes, output).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

it('options that have no meaning are refused', async () => {
  const { notes, output } = await withTables(
    {
      t: {
        columns: [
          ['a', 'string'],
          ['j', 'json'],
        ],
        slices: [[], []],
      },
    },
    2,
    `const source = await table('t');
     for (const options of [
       { sortColumns: ['b'] }, { sortColumns: ['j'] }, { sortColumns: ['a'], triggerColumn: 'a' },
       { sortColumns: ['a'], triggerColumn: 'j', sortAcrossSlices: true },
     ]) note(await failure(urd.build('dataset_sort', { source, ...options })));`,
  );
  expect(notes, output).toEqual([
    expect.stringContaining(
      'Option "sortColumns" names column "b", which dev-0 does not have (it has "a", "j")',
    ),
    expect.stringContaining('column "j" of type json, which has no order'),
    expect.stringContaining('only with "sortAcrossSlices: true"'),
    expect.stringContaining('Option "triggerColumn" names column "j"'),
  ]);
});

/** A table of these numbers in the first of two slices. */
function numbers(...values: readonly number[]): TestTable {
  return { columns: [['n', 'int32']], slices: [values.map((n) => [n]), []] };
}

/** Numbers that look random and are the same each time. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
