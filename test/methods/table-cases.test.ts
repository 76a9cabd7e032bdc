// Cases of the reference inventory for methods over tables, through jobs: merges, fan-outs, concatenations, orders, hashes.

import { expect, it } from 'vitest';

import { withTables } from './table-rig.ts';

const N = { nullable: true };

it('merges follow from parents at any distance, and a later dataset wins', async () => {
  const columns = [
    ['a', 'int32'],
    ['b', 'string'],
  ] as const;
  const { notes, output } = await withTables(
    { t: { columns, slices: [[[1, 'x']], [[2, 'y']]] } },
    2,
    `const run = async (method, inputs) => (await urd.build(method, inputs)).dataset();
     const t = await table('t');
     const rename = (source, names) => run('dataset_rename_columns', { source, rename: names });
     const swapped = await rename(t, { a: 'n', b: 'c' });
     const typed = await run('dataset_type', { source: t, column2type: { a2: 'stringstrip' }, rename: { b: 'a2' } });
     const far = await rename(await rename(typed, { a2: 'd' }), { d: 'e', a: 'b', b: null });
     const merge = async (...source) => {
       const one = await run('dataset_merge', { source });
       return [one.columnNames.toSorted(), Object.fromEntries(one.columnNames.map((name) => [name, [...one.iterate(null, name)]]))];
     };
     note(await merge(t, far)); note(await merge(far, t)); note(await merge(swapped, far, t));
     note((await merge(t, far, swapped))[0]);
     const hashed = await run('dataset_hashpart', { source: t, hashlabel: 'a' });
     const alone = await run('dataset_filter_columns', { source: hashed, keepColumns: ['b'] });
     const hashOf = async (...source) => (await run('dataset_merge', { source })).hashlabel;
     note([await hashOf(hashed, alone), await hashOf(alone, hashed), await hashOf(hashed, await rename(hashed, { a: 'k' }))]);
     note([alone.hashlabel, await hashOf(hashed, await run('dataset_filter_columns', { source: await rename(alone, { b: 'a' }), keepColumns: ['a'] }))]);
     note(await failure(run('dataset_merge', { source: [t, t] })));`,
  );
  const [x, y] = [
    [1, 2],
    ['x', 'y'],
  ];
  expect(notes, output).toEqual([
    [['a', 'b', 'e'], { a: x, b: x, e: y }],
    [['a', 'b', 'e'], { a: x, b: y, e: y }],
    [['a', 'b', 'c', 'e', 'n'], { a: x, b: y, c: y, e: y, n: x }],
    ['a', 'b', 'c', 'e', 'n'],
    ['a', 'a', 'k'],
    [null, null],
    expect.stringContaining('cannot be merged with itself'),
  ]);
});

it('a fan-out keeps the hash of another column, follows any previous and looks only at what it reads', async () => {
  const old = [
    ['k', 'int32'],
    ['n', 'int32'],
    ['w', 'int8'],
    ['f', 'float32'],
    ['u', 'uint32'],
    ['m', 'number'],
    ['x', 'int32'],
  ] as const;
  const young = [
    ['k', 'int32'],
    ['n', 'int32'],
    ['w', 'int64'],
    ['f', 'float64'],
    ['u', 'int32'],
    ['m', 'int16'],
    ['x', 'float64'],
  ] as const;
  const { notes, output } = await withTables(
    {
      old: { columns: old, slices: [[[1, 1, 1, 0.5, 7, 10n ** 20n, 3]], []] },
      young: {
        columns: young,
        slices: [[[2, 5, 2n, 0.1, -7, 4, 0.25]], [[1, 6, 2n, 0.1, -7, 4, 0.25]]],
      },
      other: {
        columns: [
          ['k', 'string'],
          ['v', 'bool'],
        ],
        slices: [[['z', true]], [['1', false]]],
      },
    },
    2,
    `const fan = (source, more) => urd.build('dataset_fanout', { source, column: 'k', ...more });
     const types = (one) => Object.values(one.columns).map(({ type }) => type).join();
     const source = await table('young', await table('old'));
     const all = await fan(source);
     note([types(all.dataset('1')), rows(all.dataset('1'))]);
     note([types((await fan(source, { length: 1 })).dataset('1'))]);
     const hashed = async (hashlabel) => (await urd.build('dataset_hashpart', { source, hashlabel, length: 1 })).dataset();
     for (const label of ['k', 'n']) note((await fan(await hashed(label), { length: 1 })).dataset('2').hashlabel);
     const before = await fan(await table('other'));
     const after = await fan(source, { previous: before });
     note(after.datasets.map((one) => [one.name, one.lines, one.previous === null ? null : String(one.previous)]).toSorted());
     note([String(before)]);`,
  );
  const [all, last, byKey, byOther, after, id] = notes as unknown[][];
  expect(all, output).toEqual([
    'int32,int64,float64,int64,number,number',
    [[[1, 1n, 0.5, 7n, 10n ** 20n, 3]], [[6, 2n, 0.1, -7n, 4, 0.25]]],
  ]);
  expect(last).toEqual(['int32,int64,float64,int32,int16,float64']);
  expect([byKey, byOther]).toEqual([null, 'n']);
  expect(after).toEqual([
    ['1', [1, 1], `${String(id?.[0])}/1`],
    ['2', [1, 0], null],
    ['z', [0, 0], `${String(id?.[0])}/z`],
  ]);
});

it('a chain of eight datasets with columns of all types becomes one, hashed as they are', async () => {
  const types = (
    'int8 int16 int32 int64 uint8 uint16 uint32 float32 float64 ' +
    'number bool date time datetime string bytes json'
  ).split(' ');
  const tables = Object.fromEntries(
    Array.from({ length: 8 }, (_, t) => {
      const isNullable = t === 3;
      const columns = types.map((type) =>
        type === 'bool' || !isNullable
          ? ([type, type] as const)
          : ([type, { type, ...N }] as const),
      );
      const row = (i: number): unknown[] =>
        types.map((type) =>
          isNullable && i % 3 === 0 && type !== 'bool' ? null : valueOf(type, i),
        );
      const slices = [
        t === 5 ? [] : [row(t * 10), row(t * 10 + 1)],
        t === 5 ? [] : [row(t * 10 + 3)],
      ];
      return [`t${t}`, { columns, slices }];
    }),
  );
  const { notes, output } = await withTables(
    tables,
    2,
    `let source; for (let t = 0; t < 8; t++) source = await table('t' + t, source);
     const hashed = (await urd.build('dataset_hashpart', { source, hashlabel: 'bool' })).dataset();
     const one = (await urd.build('dataset_concat', { source: hashed })).dataset();
     const parts = [...hashed.chain()].map(rows);
     note([one.hashlabel, one.shape, Object.values(one.columns).filter(({ nullable }) => !nullable).map(({ name }) => name)]);
     note(rows(one)); note([0, 1].map((slice) => parts.flatMap((part) => part[slice])));
     const half = [...hashed.chain()][3];
     const early = (await urd.build('dataset_concat', { source: half })).dataset();
     const late = (await urd.build('dataset_concat', { source: hashed, previous: early })).dataset();
     note([early.shape, late.shape, late.chain().length, Object.values(late.columns).some(({ nullable }) => nullable)]);`,
  );
  const [facts, whole, parts, partial] = notes;
  expect(facts, output).toEqual(['bool', [17, 21], ['bool']]);
  expect(whole).toEqual(parts);
  expect(partial).toEqual([[17, 12], [17, 9], 2, false]);
});

it('rows in turn come out as export and import give them, and slices end where a trigger switches', async () => {
  const columns = [
    ['i', 'int32'],
    ['every', 'int32'],
    ['pairs', 'string'],
    ['half', { type: 'date', ...N }],
    ['never', 'bool'],
  ] as const;
  const dealt = (count: number, slices: number): unknown[][][] =>
    Array.from({ length: slices }, (_, s) =>
      Array.from({ length: count }, (__, i) => i)
        .filter((i) => i % slices === s)
        .map(turnRow),
    );
  const { notes, output } = await withTables(
    {
      two: { columns, slices: [[turnRow(0)], [turnRow(1)], []] },
      ten: { columns, slices: dealt(10, 3) },
    },
    3,
    `const un = async (source, more) => (await urd.build('dataset_unroundrobin', { source, ...more })).dataset();
     for (const name of ['two', 'ten']) {
       const source = await table(name);
       const one = await un(source);
       const file = await urd.build('csvexport', { source: one, columns: ['i'] });
       const again = (await urd.build('csvimport', { filename: file.withFile('result.csv'), types: { i: 'int32' } })).dataset();
       note([one.lines, [...source.iterate('roundrobin', 'i')], [...one.iterate(null, 'i')], [...again.iterate(null, 'i')]]);
     }
     const source = await table('ten');
     for (const triggerColumn of ['every', 'pairs', 'half', 'never']) {
       const one = await un(source, { triggerColumn });
       note([one.lines, [...one.iterate(null, 'i')].every((i, at) => i === at)]);
     }`,
  );
  const ten = Array.from({ length: 10 }, (_, i) => i);
  expect(notes, output).toEqual([
    [[1, 1, 0], ...Array.from({ length: 3 }, () => [0, 1])],
    [[4, 3, 3], ten, ten, ten],
    [[4, 3, 3], true],
    [[4, 4, 2], true],
    [[6, 4, 0], true],
    [[10, 0, 0], true],
  ]);
});

it('rows of text, bytes, numbers and dates lie by their hash, nulls too, through changes of type', async () => {
  const kinds = {
    string: (n: number) => `t${n}`,
    bytes: (n: number) => Uint8Array.from([116, 48 + n]),
    int32: (n: number) => n,
    date: (n: number) => new Date(n * 86_400_000),
  };
  const tables = Object.fromEntries(
    Object.entries(kinds).map(([type, of]) => {
      const slices = [0, 1, 2].map((s) =>
        Array.from({ length: 6 }, (_, i) => [(i + s) % 5 === 4 ? null : of((i + s) % 5), 1]),
      );
      return [type, { columns: keyColumns(type), slices }];
    }),
  );
  const { notes, output } = await withTables(
    {
      ...tables,
      wide: {
        columns: [
          ['i', 'int32'],
          ['k', 'int64'],
          ['more', 'bool'],
        ],
        slices: [[[5, 3n, true]], [[6, 1n, true]], []],
      },
      none: { columns: keyColumns('int32'), slices: [[], [], []] },
    },
    3,
    `const { hashSlice } = await import('acc-engine');
     const part = async (source, more) => (await urd.build('dataset_hashpart', { source, hashlabel: 'k', ...more })).dataset();
     const misplaced = (one) => one.lines.flatMap((_, slice) =>
       [...one.iterate(slice, 'k')].filter((k) => hashSlice(k, one.lines.length) !== slice));
     const placesOf = new Map();
     for (const name of ['string', 'bytes', 'int32', 'date']) {
       const source = await table(name);
       const one = await part(source);
       const places = one.lines.map((_, slice) => [...one.iterate(slice, 'k')].map((k) => String(k === null || typeof k !== 'object' || k instanceof Date ? k : Buffer.from(k))).toSorted());
       placesOf.set(name, places);
       note([misplaced(one).length, one.shape[1], one.hashlabel]);
     }
     note(placesOf.get('string')); note(placesOf.get('bytes'));
     const chain = await part(await table('wide', await table('int32', await table('none', await table('none')))));
     note([...chain.chain()].map((one) => [one.shape, one.columns.k.type, misplaced(one).length]));
     const threes = [...chain.chain()].map((one) => one.lines.findIndex((_, slice) => [...one.iterate(slice, 'k')].includes(3) || [...one.iterate(slice, 'k')].includes(3n)));
     note(threes);
     const nothing = await part(await table('none'));
     note([nothing.lines, (await part(await table('none'), { chainSlices: true })).chain().length]);
     const next = await part(await table('string', await table('int32')), { length: 1, previous: nothing });
     note([next.chain().length, next.columns.k.type]);`,
  );
  const [s, b, i, d, byText, byBytes, chain, threes, empty, next] = notes;
  for (const facts of [s, b, i, d]) expect(facts, output).toEqual([0, 18, 'k']);
  expect(byBytes).toEqual(byText);
  expect(chain).toEqual([
    [[2, 0], 'int32', 0],
    [[2, 0], 'int32', 0],
    [[2, 18], 'int32', 0],
    [[3, 2], 'int64', 0],
  ]);
  const [, , before, after] = threes as number[];
  expect(after).toBe(before);
  expect(empty).toEqual([[0, 0, 0], 3]);
  expect(next).toEqual([2, 'string']);
});

function valueOf(type: string, i: number): unknown {
  if (type === 'bool') return i % 2 === 0;
  if (type === 'string') return `text ${i}`;
  if (type === 'bytes') return Uint8Array.of(i, 255);
  if (type === 'json') return { i, list: [i, null] };
  if (type === 'date' || type === 'datetime') return new Date(i * 86_400_000);
  return type === 'int64' ? BigInt(i) : i;
}

/** In turn the rows have i = 0, 1, 2 and so on. */
function turnRow(i: number): unknown[] {
  return [i, i, `p${i >> 1}`, i < 6 ? null : new Date(0), true];
}

function keyColumns(type: string): [string, string | object][] {
  return [
    ['k', { type, ...N }],
    ['i', 'int32'],
  ];
}
