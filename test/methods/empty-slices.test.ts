// Slices without rows, and groups without values, in methods that hold rows of every type.

import { expect, it } from 'vitest';

import { withTables } from './table-rig.ts';
import type { TestTable } from './table-rig.ts';

const VALUES: Readonly<Record<string, unknown>> = {
  bool: true,
  int8: -8,
  int16: -16,
  int32: -32,
  int64: -64n,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  float32: 0.5,
  float64: 0.1,
  number: 2n ** 70n,
  date: new Date(0),
  time: 1,
  datetime: 5n,
  string: 'text',
  bytes: Uint8Array.of(1, 2),
  json: { a: 1 },
};
const TYPES = Object.keys(VALUES);
const ROW = Object.values(VALUES);
const NULLS = TYPES.map(() => null);
const SLICES = 4;

it('every kind of join takes slices in which a side has no rows, with every type', async () => {
  const many = Array.from({ length: 30 }, (_, i) => `key${i}`);
  const sides = { many, one: ['key7'], none: [] };
  const tables = Object.fromEntries(
    Object.entries(sides).flatMap(([name, keys]) =>
      [true, false].flatMap((nullable) => [
        [`l-${name}-${nullable}`, tableOf('l_', nullable, keys)],
        [`r-${name}-${nullable}`, tableOf('r_', nullable, keys)],
      ]),
    ),
  );
  const pairs = [
    ['many', 'one'],
    ['many', 'none'],
    ['one', 'many'],
    ['none', 'many'],
  ] as const;
  const kinds = ['inner', 'left', 'right', 'outer', 'semi', 'anti'] as const;
  const { notes, output } = await withTables(
    tables,
    SLICES,
    `const part = async (name) => (await urd.build('dataset_hashpart', { source: await table(name), hashlabel: 'k' })).dataset();
     for (const nullable of [true, false]) for (const [l, r] of ${JSON.stringify(pairs)}) {
       const [left, right] = [await part('l-' + l + '-' + nullable), await part('r-' + r + '-' + nullable)];
       for (const kind of ${JSON.stringify(kinds)}) {
         note(await urd.build('dataset_join', { left, right, on: ['k'], kind }).then((job) => rows(job.dataset()).flat(), String));
       }
     }`,
  );
  const expected = [true, false].flatMap(() =>
    pairs.flatMap(([l, r]) => kinds.map((kind) => joined(kind, sides[l], sides[r]))),
  );
  expect(notes.map(byKey), output).toEqual(expected.map(byKey));
});

it('groups without values have neither a smallest nor a largest, hashed or not, with every type', async () => {
  const ordered = TYPES.filter((type) => type !== 'json');
  const row = ordered.map((type) => VALUES[type]);
  const nulls = ordered.map(() => null);
  const results = ordered.flatMap((type) => ['min', 'max', 'distinct'].map((kind) => [kind, type]));
  const tables = {
    t: {
      columns: [
        ['k', 'string'],
        ...ordered.map((type): [string, object] => [type, { type, nullable: true }]),
      ],
      slices: [
        [
          ['a', ...row],
          ['a', ...nulls],
          ['b', ...nulls],
        ],
        [['c', ...nulls]],
        [
          ['d', ...nulls],
          ['e', ...row],
        ],
      ],
      options: { allowMissingSlices: true },
    },
  };
  const { notes, output } = await withTables(
    tables as never,
    SLICES,
    `const results = ${JSON.stringify(results)};
     const aggregates = Object.fromEntries(results.map(([kind, type]) => [kind + type, { [kind]: type }]));
     const names = ['k', ...Object.keys(aggregates)];
     const source = await table('t');
     const hashed = (await urd.build('dataset_hashpart', { source, hashlabel: 'k' })).dataset();
     for (const one of [source, hashed]) {
       note(await urd.build('dataset_group', { source: one, keys: ['k'], aggregates }).then(
         (job) => [...job.dataset().iterate(null, names, { int64: 'bigint', datetime: 'bigint' })], String));
     }`,
  );
  const some = row.flatMap((value) => [value, value, 1n]);
  const none = row.flatMap(() => [null, null, 0n]);
  const groups = [
    ['a', ...some],
    ['b', ...none],
    ['c', ...none],
    ['d', ...none],
    ['e', ...some],
  ];
  expect(notes.map(byKey), output).toEqual([groups, groups]);
});

function tableOf(prefix: string, nullable: boolean, keys: readonly string[]): TestTable {
  const columns = TYPES.map((type) => [prefix + type, { type, nullable }] as const);
  return {
    columns: [['k', { type: 'string', nullable }], ...columns],
    slices: [keys.map((key) => [key, ...ROW])],
    options: { allowMissingSlices: true },
  };
}

function joined(kind: string, left: readonly string[], right: readonly string[]): unknown[][] {
  const both = left.filter((key) => right.includes(key));
  const onlyLeft = left.filter((key) => !right.includes(key));
  const onlyRight = right.filter((key) => !left.includes(key));
  if (kind === 'semi') return both.map((key) => [key, ...ROW]);
  if (kind === 'anti') return onlyLeft.map((key) => [key, ...ROW]);
  const lefts = kind === 'left' || kind === 'outer' ? onlyLeft : [];
  const rights = kind === 'right' || kind === 'outer' ? onlyRight : [];
  return [
    ...both.map((key) => [key, ...ROW, ...ROW]),
    ...lefts.map((key) => [key, ...ROW, ...NULLS]),
    ...rights.map((key) => [key, ...NULLS, ...ROW]),
  ];
}

function byKey(rows: unknown): unknown {
  if (!Array.isArray(rows)) return rows;
  return rows.toSorted((a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1));
}
