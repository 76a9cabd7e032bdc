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
