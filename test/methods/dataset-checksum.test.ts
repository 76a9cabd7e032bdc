import { expect, it } from 'vitest';

import { RowSum, wordsText } from '../../methods/lib/tables/row-digest.ts';
import { withTables } from './table-rig.ts';
import type { TestTable } from './table-rig.ts';

const N = { nullable: true };
const COLUMNS = [
  ['s', { type: 'string', ...N }],
  ['f', { type: 'float64', ...N }],
  ['x', { type: 'bytes', ...N }],
  ['j', { type: 'json', ...N }],
] as const;

const A = ['a', 1.5, Uint8Array.of(0xff), { x: 1, y: [2] }];
const B = [null, Number.NaN, null, null];
const C = ['', -0, Uint8Array.of(), [null]];

it('the order of rows and slices does not count, what rows hold and how often does', async () => {
  const { notes, output } = await withTables(
    {
      one: table([A, B, C], []),
      moved: table([C], [['a', 1.5, Uint8Array.of(0xff), { y: [2], x: 1 }], B]),
      twice: table([A, B, C, A], [A]),
      other: table([A, B], [['', 0, Uint8Array.of(), [null]]]),
      nulls: table([A, B], [[null, -0, Uint8Array.of(), [null]]]),
      none: table([], []),
    },
    2,
    `const sums = async (options) => {
       const found = [];
       for (const name of ['one', 'moved', 'twice', 'other', 'nulls', 'none']) {
         const { sum, rows } = await (await urd.build('dataset_checksum', { source: await table(name), ...options })).load();
         found.push([sum, rows]);
       }
       return found;
     };
     note(await sums({})); note(await sums({ sort: false })); note(await sums({ columns: ['f'] }));`,
  );
  const [sorted, ordered, oneColumn] = notes as [string, number][][];
  const [one, moved, twice, other, nulls, none] = sorted?.map(([sum]) => sum) ?? [];
  expect(one, output).toMatch(/^[0-9a-f]{64}$/);
  expect([moved, other]).toEqual([one, one]);
  expect(new Set([one, twice, nulls, none]).size).toBe(4);
  expect(sorted?.map(([, rows]) => rows)).toEqual([3, 3, 5, 3, 3, 0]);
  expect(ordered?.[0]).not.toEqual(ordered?.[1]);
  expect(oneColumn?.[0]).toEqual(oneColumn?.[4]);
});

it('equal numbers have equal checksums, however they were written', async () => {
  const { notes, output } = await withTables(
    {
      numbers: {
        columns: [['n', 'number']],
        slices: [[[1], [0], [1.5], [1e22], [2 ** 60], [1e-7], [1e300]], []],
      },
      bigints: {
        columns: [['n', 'number']],
        slices: [[[1n], [-0], [1.5], [10n ** 22n], [2n ** 60n], [1e-7], [BigInt(1e300)]], []],
      },
      short: texts('1', '0', '1.5', '1e22', '1152921504606846976', '1e-7', '1e300'),
      long: texts('1.0', '-0', ' 1.50', '1E+22', '+1152921504606846976', '0.0000001', '10e299'),
      other: texts('1', '0', '1.5', '1e22', '1152921504606846977', '1e-7', '1e300'),
    },
    2,
    `for (const name of ['numbers', 'bigints', 'short', 'long', 'other']) {
       const plain = await table(name);
       const source = plain.columns.n.type === 'number' ? plain : urd.build('dataset_type', { source: plain, column2type: { n: 'number' } });
       for (const sort of [true, false]) note((await (await urd.build('dataset_checksum', { source, sort })).load()).sum);
     }`,
  );
  const sorted = notes.filter((_, i) => i % 2 === 0);
  const inOrder = notes.filter((_, i) => i % 2 === 1);
  for (const sums of [sorted, inOrder]) {
    expect(sums.slice(1, 4), output).toEqual([sums[0], sums[0], sums[0]]);
    expect(sums[4]).not.toBe(sums[0]);
  }
});

it('the checksum of a chain is that of its datasets together', async () => {
  const { notes, output } = await withTables(
    { a: { columns: COLUMNS, slices: [[A], [B]] }, b: { columns: COLUMNS, slices: [[C], []] } },
    2,
    `const a = await table('a'); const b = await table('b', a); const again = await table('b', b);
     const chain = async (inputs) => (await (await urd.build('dataset_checksum_chain', inputs)).load());
     const of = async (source) => (await (await urd.build('dataset_checksum', { source })).load()).sum;
     note([await of(a), await of(b)]);
     note(await chain({ source: a })); note(await chain({ source: b })); note(await chain({ source: again, stop: a }));
     note(await chain({ source: again, chainLength: 1 }));
     note(await failure(urd.build('dataset_checksum_chain', { source: a, stop: again })));`,
  );
  const failed = String(notes.pop());
  const [[a, b], first, both, equal, last] = notes as [
    string[],
    ...{ sum: string; sums: string[]; rows: number[] }[],
  ];
  expect(failed).toMatch(/the chain of dev-\d+, got dev-\d+, which is none of it/u);
  expect(first, output).toEqual({ sum: a, sums: [a], rows: [2] });
  expect(both?.sums).toEqual([a, b]);
  expect(both?.sum).toBe((BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(16).padStart(64, '0'));
  expect(equal?.sum).toBe('0'.repeat(64));
  expect(last?.sum).toBe(b);
});

it('sums carry over from word to word', () => {
  const sum = new RowSum();
  const view = {
    kind: 'fixed' as const,
    length: 1000,
    validity: null,
    values: Int32Array.from({ length: 1000 }, (_, i) => i),
  };
  sum.add([view], 1000);
  const twice = new RowSum();
  twice.add([{ ...view, values: view.values.toReversed() }], 1000);
  expect(wordsText(sum.words)).toBe(wordsText(twice.words));
  expect(sum.words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(
    true,
  );
});

function texts(...all: readonly string[]): TestTable {
  return { columns: [['n', 'string']], slices: [all.map((text) => [text]), []] };
}

function table(...slices: readonly (readonly (readonly unknown[])[])[]): TestTable {
  return { columns: COLUMNS, slices };
}
