import { expect, it } from 'vitest';

import { randomFrom } from '../rig/random.ts';
import { withTables } from './table-rig.ts';

const N = { nullable: true };
const KINDS = ['inner', 'left', 'right', 'outer', 'semi', 'anti'] as const;
type Row = readonly (string | number | null)[];

it('rows with equal keys are joined in every kind, as by a plain loop', async () => {
  const random = randomFrom(11);
  const user = (): string | null => (random() < 0.1 ? null : `u${Math.floor(random() * 30)}`);
  const day = (): number => Math.floor(random() * 3);
  const left = Array.from({ length: 120 }, (_, i): Row => [user(), day(), i]);
  const right = Array.from({ length: 70 }, (_, i): Row => [day(), user(), `r${i}`]);
  const { notes, output } = await withTables(
    {
      left: {
        columns: [
          ['user', { type: 'string', ...N }],
          ['day', 'int32'],
          ['v', 'int32'],
        ],
        slices: [left.slice(0, 50), left.slice(50), []],
      },
      right: {
        columns: [
          ['day', 'int32'],
          ['user', { type: 'string', ...N }],
          ['v', 'string'],
        ],
        slices: [[], right, []],
      },
    },
    3,
    `const part = async (name) => (await urd.build('dataset_hashpart', { source: await table(name), hashlabel: 'user' })).dataset();
     const [left, right] = [await part('left'), await part('right')];
     for (const kind of ${JSON.stringify(KINDS)}) {
       const one = (await urd.build('dataset_join', { left, right, on: ['user', 'day'], kind, rightPrefix: 'r_' })).dataset();
       note([one.columnNames, one.hashlabel, rows(one).flat()]);
     }`,
  );
  for (const [i, kind] of KINDS.entries()) {
    const [names, hashlabel, rows] = (notes[i] ?? []) as [string[], string, Row[]];
    const hasRight = kind !== 'semi' && kind !== 'anti';
    expect(names, output).toEqual(['user', 'day', 'v', ...(hasRight ? ['r_v'] : [])]);
    expect(hashlabel).toBe('user');
    expect(texts(rows)).toEqual(texts(naive(kind, left, right)));
  }
});

it('what cannot be joined is refused', async () => {
  const { notes, output } = await withTables(
    {
      a: {
        columns: [
          ['k', 'string'],
          ['v', 'int32'],
        ],
        slices: [[['x', 1]], []],
      },
      b: {
        columns: [
          ['k', 'int32'],
          ['v', 'int32'],
        ],
        slices: [[[1, 1]], []],
      },
    },
    2,
    `const a = await table('a'); const b = await table('b');
     const hashed = (await urd.build('dataset_hashpart', { source: a, hashlabel: 'k' })).dataset();
     for (const inputs of [
       { left: a, right: b, on: ['k'] }, { left: a, right: a, on: ['k'], rightPrefix: 'r_' }, { left: hashed, right: hashed, on: ['k'] },
       { left: hashed, right: hashed, on: ['z'] }, { left: hashed, right: hashed, on: ['k'], rightRename: { k: 'l' } },
     ]) note(await failure(urd.build('dataset_join', inputs)));
     const renamed = { left: hashed, right: hashed, on: ['k'], rightRename: { v: 'w' } };
     note([...(await urd.build('dataset_join', renamed)).dataset().iterate(null)]);`,
  );
  expect(notes, output).toEqual([
    expect.stringContaining('Column "k" is string on the left and int32 on the right'),
    expect.stringContaining(
      'but dev-0 is not hashed and dev-0 not hashed: build dataset_hashpart first',
    ),
    expect.stringContaining('Two columns of the result would be named "v"'),
    expect.stringContaining('Option "on" names column "z"'),
    expect.stringContaining('Option "rightRename" names column "k", which is joined on'),
    [{ k: 'x', v: 1, w: 1 }],
  ]);
});

function naive(kind: (typeof KINDS)[number], left: readonly Row[], right: readonly Row[]): Row[] {
  const isPair = (a: Row, b: Row): boolean => a[0] !== null && a[0] === b[1] && a[1] === b[0];
  if (kind === 'semi') return left.filter((a) => right.some((b) => isPair(a, b)));
  if (kind === 'anti') return left.filter((a) => !right.some((b) => isPair(a, b)));
  const pairs = left.flatMap((a) => {
    const partners = right.filter((b) => isPair(a, b)).map((b): Row => [...a, b[2] ?? null]);
    return partners.length === 0 && (kind === 'left' || kind === 'outer')
      ? [[...a, null]]
      : partners;
  });
  if (kind !== 'right' && kind !== 'outer') return pairs;
  const alone = right.filter((b) => !left.some((a) => isPair(a, b)));
  return [...pairs, ...alone.map((b): Row => [b[1] ?? null, b[0] ?? null, null, b[2] ?? null])];
}

function texts(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}
