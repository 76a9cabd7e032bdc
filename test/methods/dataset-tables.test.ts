import { describe, expect, it } from 'vitest';

import { valueTexts } from '../../methods/lib/tables/value-text.ts';
import { withTables } from './table-rig.ts';

const N = { nullable: true };

describe('dataset_hashpart', () => {
  it('places every row by the hash of a column, dataset by dataset', async () => {
    const slices = [
      [
        [1, 'a', 1],
        [2, 'b', 2],
        [null, 'a', 3],
      ],
      [],
      [
        [1, 'a', 4],
        [7, null, 5],
      ],
    ];
    const columns = [
      ['n', { type: 'int32', ...N }],
      ['s', { type: 'string', ...N }],
      ['i', 'int32'],
    ] as const;
    const { notes, output } = await withTables(
      { a: { columns, slices }, b: { columns, slices: slices.toReversed() } },
      3,
      `const source = await table('b', await table('a'));
       for (const hashlabel of ['n', 's']) {
         const job = await urd.build('dataset_hashpart', { source, hashlabel });
         const one = job.dataset();
         note([one.hashlabel, one.chain().length, job.datasets.map(({ name }) => name).toSorted()]);
         note([...one.chain()].map(rows));
         note([...one.iterate(1, 'i', { hashlabel })].length >= 0);
       }
       const last = await urd.build('dataset_hashpart', { source, hashlabel: 'n', length: 1 });
       note(last.datasets.length);
       const parts = await urd.build('dataset_hashpart', { source, hashlabel: 'n', chainSlices: true });
       note([...parts.dataset().chain()].map(({ lines }) => lines.reduce((a, b) => a + b)));
       note(await failure(urd.build('dataset_hashpart', { source, hashlabel: 'n', previous: last.dataset() })));`,
    );
    const [facts, byNumber, , , byText, , length, sizes, nothing] = notes as unknown[][];
    expect(facts, output).toEqual(['n', 2, ['0', 'default']]);
    expect((byNumber as unknown[][][][]).map((slicesOf) => slicesOf.flat().length)).toEqual([5, 5]);
    for (const dataset of byNumber as unknown[][][][]) {
      // A null is in slice 0, and equal values are together.
      expect(dataset[0]?.map(([n]) => n)).toContain(null);
      const places = dataset.map((part) => part.filter(([n]) => n === 1).length);
      expect(places.toSorted((a, b) => a - b)).toEqual([0, 0, 2]);
    }
    expect(
      (byText as unknown[][][][])[0]
        ?.map((part) => part.filter(([, s]) => s === 'a').length)
        .toSorted(),
    ).toEqual([0, 0, 3]);
    expect(length).toBe(1);
    expect(sizes).toEqual([3, 0, 2, 2, 0, 3]);
    expect(nothing).toContain('There is nothing new in dev-1');
  });
});

describe('columns without copying', () => {
  it('are filtered, renamed and merged', async () => {
    const columns = [
      ['a', 'int32'],
      ['b', 'string'],
      ['c', 'bool'],
    ] as const;
    const slices = [[[1, 'x', true]], [[2, 'y', false]]];
    const { notes, output } = await withTables(
      {
        t: { columns, slices },
        other: { columns: [['c', 'int32']], slices: [[[5]], [[6]]] },
        uneven: { columns: [['d', 'int32']], slices: [[], [[1]]] },
      },
      2,
      `const source = await table('t');
       const run = async (method, inputs) => (await urd.build(method, inputs)).dataset();
       const keep = await run('dataset_filter_columns', { source, keepColumns: ['c', 'a', 'a'] });
       note([keep.columnNames, rows(keep)]);
       const rest = await run('dataset_filter_columns', { source, discardColumns: ['a', 'nothing'], previous: keep });
       note([rest.columnNames, String(rest.previous) === String(keep)]);
       const renamed = await run('dataset_rename_columns', { source, rename: { a: 'b', c: 'd' } });
       note([renamed.columnNames.toSorted(), rows(renamed).flat().flat().map(String).toSorted()]);
       const merged = await run('dataset_merge', { source: [renamed, keep] });
       note(merged.columnNames.toSorted());
       const other = await table('other');
       note(await failure(run('dataset_merge', { source: [source, other] })));
       const both = await run('dataset_merge', { source: [source, other], allowUnrelated: true });
       note([...both.iterate(null, ['a', 'c'])]);
       note(await failure(run('dataset_merge', { source: [source, await table('uneven')], allowUnrelated: true })));
       note(await failure(run('dataset_merge', { source: [source] })));
       for (const options of [{}, { keepColumns: ['a'], discardColumns: ['b'] }, { keepColumns: ['z'] }, { discardColumns: ['a', 'b', 'c'] }]) {
         note(await failure(run('dataset_filter_columns', { source, ...options })));
       }`,
    );
    const [keep, rest, renamed, merged, unrelated, both, uneven, single, ...refused] = notes;
    expect(keep, output).toEqual([
      ['a', 'c'],
      [[[1, true]], [[2, false]]],
    ]);
    expect(rest).toEqual([['b', 'c'], true]);
    expect(renamed).toEqual([
      ['b', 'd'],
      ['1', '2', 'false', 'true'],
    ]);
    expect(merged).toEqual(['a', 'b', 'c', 'd']);
    expect(unrelated).toMatch(/common|related/);
    expect(both).toEqual([
      [1, 5],
      [2, 6],
    ]);
    expect(uneven).toMatch(/rows|lines/);
    expect(single).toContain('Expected at least two datasets');
    expect(refused).toEqual([
      expect.stringContaining('exactly one of'),
      expect.stringContaining('exactly one of'),
      expect.stringContaining('Option "keepColumns" names column "z"'),
      expect.stringContaining('No column of dev-0 would be left'),
    ]);
  });
});

describe('dataset_unroundrobin', () => {
  it('gives in the order of slices what the slices gave in turn', async () => {
    const lengths = { a: [3, 0, 2], b: [0, 5, 1], c: [1, 1, 0], d: [200, 7, 199] };
    const tables = Object.fromEntries(
      Object.entries(lengths).map(([name, counts]) => [
        name,
        {
          columns: [
            ['n', 'int32'],
            ['s', { type: 'string', ...N }],
          ] as const,
          slices: counts.map((count, i) => textRows(i * 1000, count)),
        },
      ]),
    );
    const { notes, output } = await withTables(
      tables,
      3,
      `for (const name of ${JSON.stringify(Object.keys(lengths))}) {
         const source = await table(name);
         const one = (await urd.build('dataset_unroundrobin', { source })).dataset();
         note([one.lines, [...one.iterate(null, 'n')], [...source.iterate('roundrobin', 'n')]]);
       }`,
    );
    for (const [i, counts] of Object.values(lengths).entries()) {
      const [lines, rows, expected] = notes[i] as [number[], number[], number[]];
      expect(lines, output).toEqual(counts);
      expect(rows).toEqual(expected);
    }
  });

  it('ends slices where the value of the trigger column changes', async () => {
    // In turn: a a a b b b b c c
    const slices = [
      [
        ['a', 0],
        ['b', 3],
        ['b', 6],
      ],
      [
        ['a', 1],
        ['b', 4],
        ['c', 7],
      ],
      [
        ['a', 2],
        ['b', 5],
        ['c', 8],
      ],
    ];
    const { notes, output } = await withTables(
      {
        t: {
          columns: [
            ['t', 'string'],
            ['i', 'int32'],
          ],
          slices,
        },
      },
      3,
      `const source = await table('t');
       for (const triggerColumn of ['t', 'i']) {
         const one = (await urd.build('dataset_unroundrobin', { source, triggerColumn })).dataset();
         note([one.lines, [...one.iterate(null, 'i')]]);
       }`,
    );
    const inOrder = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    expect(notes, output).toEqual([
      [[3, 4, 2], inOrder],
      [[3, 3, 3], inOrder],
    ]);
  });
});

describe('dataset_fanout', () => {
  it('makes a dataset of each value, with the common columns in types that hold all', async () => {
    const { notes, output } = await withTables(
      {
        a: {
          columns: [
            ['k', 'string'],
            ['n', 'int32'],
            ['x', 'int32'],
            ['gone', 'bool'],
          ],
          slices: [[['one', 1, 1, true]], [['two', 2, 2, true]]],
        },
        b: {
          columns: [
            ['n', { type: 'int64', ...N }],
            ['k', { type: 'string', ...N }],
            ['x', 'float64'],
          ],
          slices: [[[null, 'one', 0.5]], [[4n, null, 1e300]]],
        },
        c: {
          columns: [
            ['k', 'int8'],
            ['x', 'bool'],
          ],
          slices: [[[3, true]], []],
        },
      },
      2,
      `const a = await table('a'); const b = await table('b', a);
       const show = (job) => job.datasets.map((one) => [one.name, Object.values(one.columns).map(({ name, type, nullable }) => name + ':' + type + (nullable ? '?' : '')).join(), rows(one), one.previous?.name ?? null]).toSorted();
       const all = await urd.build('dataset_fanout', { source: b, column: 'k' });
       note(show(all));
       const last = await urd.build('dataset_fanout', { source: b, column: 'k', length: 1 });
       note(last.datasets.map(({ name }) => name).toSorted());
       const first = await urd.build('dataset_fanout', { source: a, column: 'k' });
       note(show(await urd.build('dataset_fanout', { source: b, column: 'k', previous: first })));
       note(await failure(urd.build('dataset_fanout', { source: await table('c', a), column: 'k' })));
       note(await failure(urd.build('dataset_fanout', { source: a, column: 'kk' })));`,
    );
    const [all, last, next, mixed, missing] = notes;
    const types = 'n:int64?,x:number';
    expect(all, output).toEqual([
      ['null', types, [[], [[4n, 1e300]]], null],
      [
        'one',
        types,
        [
          [
            [1n, 1],
            [null, 0.5],
          ],
          [],
        ],
        null,
      ],
      ['two', types, [[], [[2n, 2]]], null],
    ]);
    expect(last).toEqual(['null', 'one']);
    expect(next).toEqual([
      ['null', 'n:int64?,x:float64', [[], [[4n, 1e300]]], null],
      ['one', 'n:int64?,x:float64', [[[null, 0.5]], []], 'one'],
      ['two', 'n:int64?,x:float64', [[], []], 'two'],
    ]);
    expect(mixed).toContain('which have no type in common');
    expect(missing).toContain('Option "column" names column "kk"');
  });

  it('gives each value a name of its own, whatever it holds', async () => {
    const texts = ['', '.', '..', 'a/b', '🐦', 'A', 'a', 'x'.repeat(300), 'X'.repeat(300), '\0'];
    const odd = ['null', '"null"', String.raw`\xFF`, 'default', '__proto__', '%', 'é', 'e\u0301'];
    const bytes = [[0xff], [0xfe], [92, 120, 70, 70], [65, 0xff], [92, 0xff], [0xc3, 0xa9]];
    const numbers = [1, 1.5, -0, 0, 1e22, 10n ** 22n, 2n ** 63n, Number.NaN, -Infinity];
    const moments = [0n, 1n, 253_402_300_800_000_000n, 2n ** 63n - 1n].map((micros) => [micros]);
    const { notes, output } = await withTables(
      {
        text: {
          columns: [
            ['k', { type: 'string', ...N }],
            ['n', 'int32'],
          ],
          slices: [[null, ...texts, ...odd].map((text, i) => [text, i]), []],
        },
        bytes: {
          columns: [
            ['k', 'bytes'],
            ['n', 'int32'],
          ],
          slices: [bytes.map((one, i) => [Uint8Array.from(one), i]), []],
        },
        number: {
          columns: [
            ['k', 'number'],
            ['n', 'int32'],
          ],
          slices: [numbers.map((one, i) => [one, i]), []],
        },
        float: {
          columns: [
            ['k', 'float64'],
            ['n', 'int32'],
          ],
          slices: [[[1e22, 0]], []],
        },
        moment: {
          columns: [
            ['k', 'datetime'],
            ['n', 'int32'],
          ],
          slices: [moments.map((one) => [...one, 0]), []],
        },
      },
      2,
      `for (const name of ['text', 'bytes', 'number', 'float', 'moment']) {
         const job = await urd.build('dataset_fanout', { source: await table(name), column: 'k' });
         note(job.datasets.map((one) => [one.name, [...job.dataset(one.name).iterate(null, 'n')]]));
       }`,
    );
    const [text, ofBytes, number, float, moment] = notes as NamesAndRows;
    const marked = ['"null"', '""null""', String.raw`\x5CxFF`, ...odd.slice(3)];
    expect(text, output).toEqual(['null', ...texts, ...marked].map((name, i) => [name, [i]]));
    expect(ofBytes?.map(([name]) => name)).toEqual([
      String.raw`\xFF`,
      String.raw`\xFE`,
      String.raw`\x5CxFF`,
      String.raw`A\xFF`,
      String.raw`\x5C\xFF`,
      'é',
    ]);
    expect(number?.map(([name]) => name)).toEqual([
      '1',
      '1.5',
      '0',
      String(10n ** 22n),
      String(2n ** 63n),
      'NaN',
      '-Infinity',
    ]);
    expect(float).toEqual([[String(10n ** 22n), [0]]]);
    const days = Int32Array.of(0, 2_932_897, 2_147_483_647);
    expect(valueTexts('date', { kind: 'fixed', length: 3, validity: null, values: days })).toEqual([
      '1970-01-01',
      '+010000-01-01',
      '2147483647',
    ]);
    expect(moment?.map(([name]) => name)).toEqual([
      '1970-01-01T00:00:00Z',
      '1970-01-01T00:00:00.000001Z',
      '+010000-01-01T00:00:00Z',
      String(2n ** 63n - 1n),
    ]);
  });
});

type Named = readonly (readonly [name: string, rows: readonly number[]])[];
type NamesAndRows = [Named, Named, Named, Named, Named];

function textRows(start: number, count: number): unknown[][] {
  return Array.from({ length: count }, (_, i) => [start + i, i % 2 === 0 ? null : `text ${i}`]);
}
