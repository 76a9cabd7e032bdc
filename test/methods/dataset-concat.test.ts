import { expect, it } from 'vitest';

import { withTables } from './table-rig.ts';

const A = {
  columns: [
    ['s', 'string'],
    ['n', 'int64'],
  ],
  slices: [
    [['a', 1n]],
    [],
    [
      ['b', 2n],
      ['c', 3n],
    ],
  ],
} as const;
const B = {
  columns: [
    ['n', { type: 'int64', nullable: true }],
    ['s', 'string'],
  ],
  slices: [[[null, 'd']], [[5n, 'e']], []],
} as const;

it('a chain becomes one dataset, slice by slice, with the columns of the newest', async () => {
  const { notes, output } = await withTables(
    { A, B },
    3,
    `const b = await table('B', await table('A'));
     const one = (await urd.build('dataset_concat', { source: b })).dataset();
     note(rows(one)); note(one.columns.n.nullable); note(one.previous);
     const c = await table('A', b);
     const two = (await urd.build('dataset_concat', { source: c, previous: one })).dataset();
     note(rows(two)); note(String(two.previous) === String(one));
     const none = (await urd.build('dataset_concat', { source: c, previous: two })).dataset();
     note([none.shape, none.columns.n.nullable]);`,
  );
  expect(notes, output).toEqual([
    [
      [
        [1n, 'a'],
        [null, 'd'],
      ],
      [[5n, 'e']],
      [
        [2n, 'b'],
        [3n, 'c'],
      ],
    ],
    true,
    null,
    [
      [['a', 1n]],
      [],
      [
        ['b', 2n],
        ['c', 3n],
      ],
    ],
    true,
    [[2, 0], false],
  ]);
});

it('datasets that differ in columns or types are refused by name', async () => {
  const { notes, output } = await withTables(
    {
      A,
      extra: {
        columns: [
          ['s', 'string'],
          ['n', 'int64'],
          ['x', 'bool'],
        ],
        slices: [[], [], []],
      },
      fewer: { columns: [['s', 'string']], slices: [[], [], []] },
      other: {
        columns: [
          ['s', 'string'],
          ['n', 'int32'],
        ],
        slices: [[], [], []],
      },
    },
    3,
    `const a = await table('A');
     for (const name of ['extra', 'fewer', 'other']) {
       note(await failure(urd.build('dataset_concat', { source: await table(name, a) })));
     }`,
  );
  expect(notes, output).toEqual([
    expect.stringContaining('dev-0 has no column "x", but dev-1 has'),
    expect.stringContaining('dev-3 has no column "n", but dev-0 has'),
    expect.stringContaining('Column "n" is int64 in dev-0, but int32 in dev-5'),
  ]);
});

it('empty datasets anywhere in the chain add nothing, and all must be hashed alike', async () => {
  const none = { ...A, slices: [[], [], []] };
  const { notes, output } = await withTables(
    { A, none },
    3,
    `const first = await table('none'); const a = await table('A', first);
     const middle = await table('none', a); const b = await table('A', middle); const last = await table('none', b);
     const concat = (source) => urd.build('dataset_concat', { source }).then((job) => job.dataset());
     note((await concat(first)).lines); note((await concat(last)).lines);
     const hashed = (await urd.build('dataset_hashpart', { source: b, hashlabel: 's', length: 1 })).dataset();
     const whole = (await urd.build('dataset_hashpart', { source: b, hashlabel: 's' })).dataset();
     note((await concat(whole)).hashlabel);
     const mixed = (await urd.build('dataset_hashpart', { source: a, hashlabel: 'n', previous: hashed })).dataset();
     note(await failure(concat(mixed)));`,
  );
  expect(notes, output).toEqual([
    [0, 0, 0],
    [2, 0, 4],
    's',
    expect.stringContaining('is hashed on column "s", but'),
  ]);
});
