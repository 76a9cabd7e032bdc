import { expect, test } from 'vitest';

import { typingNotes } from './typing-project.ts';

test('rows with a bad value go to a dataset of their own, whichever columns are bad', async () => {
  const [result, bad, report, withDefaults, badThen] = await typingNotes(`
    const source = make({ b: 'bytes', f: 'bytes', i: 'string', j: 'string', n: 'string', u: 'bytes', k: 'json' }, [[
      ['first', '1.1', '1', '"a"', '001', 'ett', { k: 1 }],
      ['second', '2.2', '2', '["b"]', '3.0', 'tv\\xc3\\xa5', null],
      ['third', '3.3', '3', '"c"', '4.4', 'tre', 3],
      ['fourth', '4.4', '-', '"d"', '4', 'fyra', 4],
    ], [
      ['fifth', '5.b', '5', '"e"', '5', 'fem', 5],
      ['sixth', '6.6', '6', '{"f"}', '6', 'sex', 6],
      ['seventh', '7', '7', '"g"', '7', '\\xa5\\xc3', 7],
      ['eighth', '8', '8', '"h"', '8', 'atta', 8],
      ['ninth', '9a', '9-', '"i",', '9,', 'nio', 9],
    ]]);
    const column2type = { b: 'bytes', f: 'float64', i: 'int32_10', j: 'json', n: 'number:int', u: 'unicode:utf-8' };
    const job = await typed(source, column2type, { filterBad: true });
    note(rows(job.dataset()));
    note(rows(job.dataset('bad')));
    note(await job.load());
    const more = await typed(source, column2type, { filterBad: true, defaults: { n: '0', f: 0, j: '"replacement"' } });
    note(rows(more.dataset(), ['b', 'f', 'j', 'n', 'k']));
    note(rows(more.dataset('bad'), ['b', 'i', 'u']));
  `);
  expect(result).toEqual([
    ['bytes first', 1.1, 1, 'a', 1, 'ett', { k: 1 }],
    ['bytes second', 2.2, 2, ['b'], 3, 'två', null],
    ['bytes eighth', 8, 8, 'h', 8, 'atta', 8],
  ]);
  expect(bad).toEqual([
    ['bytes third', 'bytes 3.3', '3', '"c"', '4.4', 'bytes tre'],
    ['bytes fourth', 'bytes 4.4', '-', '"d"', '4', 'bytes fyra'],
    ['bytes fifth', 'bytes 5.b', '5', '"e"', '5', 'bytes fem'],
    ['bytes sixth', 'bytes 6.6', '6', '{"f"}', '6', 'bytes sex'],
    ['bytes seventh', 'bytes 7', '7', '"g"', '7', 'bytes \u00a5\u00c3'],
    ['bytes ninth', 'bytes 9a', '9-', '"i",', '9,', 'bytes nio'],
  ]);
  expect(report).toEqual([
    {
      dataset: 'default',
      rows: 3,
      badRows: 6,
      bad: { n: 2, i: 2, f: 2, j: 2, u: 1 },
      defaulted: {},
    },
  ]);
  expect(withDefaults).toEqual([
    ['bytes first', 1.1, 'a', 1, { k: 1 }],
    ['bytes second', 2.2, ['b'], 3, null],
    ['bytes third', 3.3, 'c', 0, 3],
    ['bytes fifth', 0, 'e', 5, 5],
    ['bytes sixth', 6.6, 'replacement', 6, 6],
    ['bytes eighth', 8, 'h', 8, 8],
  ]);
  expect(badThen).toEqual([
    ['bytes fourth', '-', 'bytes fyra'],
    ['bytes seventh', '7', 'bytes \u00a5\u00c3'],
    ['bytes ninth', '9-', 'bytes nio'],
  ]);
});

test('columns are renamed before they are typed; what is typed under a new name stays under its own', async () => {
  const notes = await typingNotes(`
    const plain = make({ a: 'string', b: 'bytes', c: 'string?' }, [[['0', '1', '2']]]);
    const show = async (build) => { const dataset = (await build).dataset(); return [types(dataset), rows(dataset)]; };
    note(await show(typed(plain, { b: 'int32', c: 'int64', d: 'number' }, { rename: { a: 'b', b: 'c', c: 'd' } })));
    note(await show(typed(plain, { a: 'string', c: 'ascii' }, { discardUntyped: true })));
    note(await show(typed(plain, { a: 'string', c: 'ascii' }, { rename: { b: null } })));
    note(await show(typed(plain, { a: 'string', c: 'ascii' }, { rename: { b: 'c' } })));
    note(await show(typed(plain, { a: 'string', b: 'strbool', c: 'ascii' }, { rename: { b: 'c' } })));
    note(await show(typed(plain, { x: 'int8' }, { rename: { a: 'x', b: 'c' } })));
    note(await show(typed(plain, {}, { rename: { a: 'x', b: 'a', missing: 'y' } })));
    note(await show(typed(plain, { x: 'string', y: 'int8' }, { rename: { a: 'x', b: 'y' } })));
    note(await show(typed(plain, { a: 'string' }, { discardUntyped: true })));
    note(await failure(typed(plain, { a: 'string' }, { rename: { a: null } })));
  `);
  expect(notes.slice(0, -1)).toEqual([
    [{ a: 'string', b: 'int32', c: 'int64', d: 'number?' }, [['0', 0, 1, 2]]],
    [{ a: 'string', c: 'string?' }, [['0', '2']]],
    [{ a: 'string', c: 'string?' }, [['0', '2']]],
    [{ a: 'string', b: 'bytes', c: 'string' }, [['0', 'bytes 1', '1']]],
    [{ a: 'string', b: 'bool', c: 'string' }, [['0', true, '1']]],
    [{ a: 'string', c: 'bytes', x: 'int8' }, [['0', 'bytes 1', 0]]],
    [{ x: 'string', a: 'bytes', c: 'string?' }, [['0', 'bytes 1', '2']]],
    [
      { a: 'string', b: 'bytes', c: 'string?', x: 'string', y: 'int8' },
      [['0', 'bytes 1', '2', '0', 1]],
    ],
    [{ a: 'string' }, [['0']]],
  ]);
  expect(notes.at(-1)).toContain(
    'Option "column2type" names column "a", which dev-0 does not have',
  );
});

test('rows are placed anew when the column that places them is typed, or another one is chosen', async () => {
  const notes = await typingNotes(
    `
    const source = make({ a: 'string', b: 'string', j: 'json' }, [Array.from({ length: 60 }, (_, i) => [String(i % 20), i % 3 === 0 ? 'x' : String(i), { i }])], { hashlabel: 'a' });
    const placed = async (build, column) => {
      const dataset = (await build).dataset();
      const at = new Map();
      for (let slice = 0; slice < 4; slice++) for (const value of column === undefined ? [] : dataset.iterate(slice, column)) at.set(value, (at.get(value) ?? new Set()).add(slice));
      return [dataset.hashlabel, dataset.columnNames.join(), dataset.shape[1], Math.max(0, ...[...at.values()].map((slices) => slices.size)), dataset.lines.filter((n) => n > 0).length > 1];
    };
    note(await placed(source, 'a'));
    note(await placed(typed(source, { a: 'int32' }), 'a'));
    note(await placed(typed(source, { b: 'int32' }, { defaults: { b: 0 }, hashlabel: 'b' }), 'b'));
    note(await placed(typed(source, { a: 'int32', b: 'int64' }, { filterBad: true }), 'a'));
    note(await placed(typed(source, { k: 'int32' }, { rename: { a: 'k' } }), 'k'));
    note(await placed(typed(source, { a: 'int32' }, { hashlabel: null })));
    note(await placed(typed(source, { b: 'string' }, { rename: { a: null } })));
    note(await placed(typed(source, { a: 'string' }, { rename: { b: 'a' } })));
    note(await placed(typed(source, { b: 'strbool' }), 'a'));
    note(await placed(typed(source, { b: 'strbool' }, { discardUntyped: true })));
    note(await failure(typed(source, { b: 'strbool' }, { hashlabel: 'c' })));
    note(await failure(typed(source, { b: 'strbool' }, { hashlabel: 'j' })));
    const once = (await typed(source, { a: 'int32' })).dataset();
    const direct = (await typed(make({ a: 'string', b: 'string', j: 'json' }, [Array.from({ length: 60 }, (_, i) => [String(i % 20), i % 3 === 0 ? 'x' : String(i), { i }])]), { a: 'int32' }, { hashlabel: 'a' })).dataset();
    const sorted = (dataset) => [0, 1, 2, 3].map((slice) => [...dataset.iterate(slice, ['a', 'b', 'j'])].map((row) => JSON.stringify(row)).sort());
    note(JSON.stringify(sorted(once)) === JSON.stringify(sorted(direct)));
  `,
    4,
  );
  expect(notes).toEqual([
    ['a', 'a,b,j', 60, 1, true],
    ['a', 'a,b,j', 60, 1, true],
    ['b', 'a,b,j', 60, 1, true],
    ['a', 'a,b,j', 40, 1, true],
    ['k', 'k,b,j', 60, 1, true],
    [null, 'a,b,j', 60, 0, true],
    [null, 'b,j', 60, 0, true],
    [null, 'a,b,j', 60, 0, true],
    ['a', 'a,b,j', 60, 1, true],
    [null, 'b', 60, 0, true],
    expect.stringContaining('Option "hashlabel" names column "c"'),
    expect.stringContaining('json has no hash'),
    true,
  ]);
});

test('a chain is typed dataset by dataset, back to what has been typed before', async () => {
  const notes = await typingNotes(`
    const days = [];
    for (let day = 0; day < 5; day++) days.push(make({ a: 'string', b: 'string' }, [[[String(day), 'b' + day]], [[day % 2 ? 'x' : '9', '']]], { previous: days.at(-1) }));
    const show = (dataset) => dataset.chain().datasets.map((one) => [one.name, [...one.iterate(null, 'a')].join()]);
    const all = await typed(days[4], { a: 'int8' }, { defaults: { a: -1 } });
    note(show(all.dataset()));
    note(all.datasets.map(({ name }) => name).toSorted());
    const first = typed(days[1], { a: 'int8' }, { filterBad: true });
    const second = await typed(days[3], { a: 'int8' }, { filterBad: true, previous: first });
    note(show(second.dataset()));
    note(second.dataset('bad').chain().datasets.map((one) => [one.name, [...one.iterate(null, 'a')].join()]));
    const third = await typed(days[4], { a: 'int8' }, { previous: second });
    note([third.dataset().chain().length, third.datasets.length]);
    const gap = await typed(days[4], { a: 'int8?' }, { length: 2, previous: first, defaults: { a: null } });
    note(show(gap.dataset()));
    const other = make({ c: 'bytes', d: 'string' }, [[['7', 'q']]], { previous: days[0] });
    const varying = await typed(other, { n: 'int32' }, { rename: { a: 'n', c: 'n' }, discardUntyped: true });
    note(varying.dataset().chain().datasets.map((one) => [types(one), rows(one)]));
  `);
  expect(notes).toEqual([
    [
      ['0', '0,9'],
      ['1', '1,-1'],
      ['2', '2,9'],
      ['3', '3,-1'],
      ['default', '4,9'],
    ],
    ['0', '1', '2', '3', 'default'],
    [
      ['0', '0,9'],
      ['default', '1'],
      ['0', '2,9'],
      ['default', '3'],
    ],
    [
      ['0.bad', ''],
      ['bad', 'x'],
      ['0.bad', ''],
      ['bad', 'x'],
    ],
    [5, 1],
    [
      ['0', '0,9'],
      ['default', '1'],
      ['0', '3,'],
      ['default', '4,9'],
    ],
    [
      [{ n: 'int32' }, [[0], [9]]],
      [{ n: 'int32' }, [[7]]],
    ],
  ]);
});

test('each dataset of a chain keeps its own column that places rows', async () => {
  const [hashlabels, rows, empty] = await typingNotes(
    `
    const columns = { a: 'string', b: 'string', n: 'string?' };
    const row = ['1', '2', null];
    let last;
    for (const hashlabel of [null, 'a', 'b']) last = make(columns, [[row]], { previous: last, ...(hashlabel === null ? {} : { hashlabel }) });
    const job = await typed(last, { a: 'int32', b: 'int64' });
    note(job.dataset().chain().datasets.map((dataset) => dataset.hashlabel));
    note([...job.dataset().chain().iterate(null, ['a', 'b', 'n'])]);
    const few = make(columns, [[['a', '42', null], ['42', 'b', 'x']]], { hashlabel: 'a' });
    const shown = async (more) => rows((await typed(few, { a: 'int32' }, more)).dataset()).toSorted();
    note([await shown({ filterBad: true }), await shown({ defaults: { a: '0' } }), await shown({ defaults: { a: 42 } })]);
  `,
    3,
  );
  expect(hashlabels).toEqual([null, 'a', 'b']);
  expect(rows).toEqual([
    [1, 2, null],
    [1, 2, null],
    [1, 2, null],
  ]);
  expect(empty).toEqual([
    [[42, 'b', 'x']],
    [
      [0, '42', null],
      [42, 'b', 'x'],
    ],
    [
      [42, '42', null],
      [42, 'b', 'x'],
    ],
  ]);
});

test('smallest and largest values are those of the typed columns', async () => {
  const [first, renamed, none] = await typingNotes(`
    const all = { i: ['3', '-9223372036854775808', '7'], f: ['0.1', '-inf', '1.5'], q: ['nan', 'nan', 'nan'], n: ['100000000000000000000', '2.5', '-3'], d: ['2020-01-01', '1900-03-04', '2100-05-06'], s: ['0.1', '0.2', '0.3'] };
    const kinds = { i: 'int64', f: 'float64', q: 'float32', n: 'number', d: 'datetime:%Y-%m-%d', s: 'float32' };
    const columns = Object.fromEntries(Object.keys(all).map((name) => [name, 'string']));
    const source = make(columns, [[0, 1].map((i) => Object.values(all).map((texts) => texts[i])), [Object.values(all).map((texts) => texts[2])]]);
    const bounds = (dataset, names) => names.map((name) => [text(dataset.min(name)), text(dataset.max(name))]);
    note(bounds((await typed(source, kinds)).dataset(), Object.keys(all)));
    const swapped = (await typed(source, { i: 'float64', f: 'int64' }, { rename: { i: 'f', f: 'i' } })).dataset();
    note(bounds(swapped, ['i', 'f']));
    note(bounds((await typed(make(columns, []), kinds)).dataset(), Object.keys(all)));
  `);
  const least = '-9223372036854775808n';
  expect(first).toEqual([
    [least, '7n'].map((bound) =>
      expect.toSatisfy((value) => String(value).replace('n', '') === bound.replace('n', '')),
    ),
    [-Infinity, 1.5],
    [Number.NaN, Number.NaN],
    [-3, '100000000000000000000n'],
    ['1900-03-04', '2100-05-06'],
    [Math.fround(0.1), Math.fround(0.3)],
  ]);
  expect((renamed as unknown[][])[0]).toEqual([-Infinity, 1.5]);
  expect(none).toEqual([0, 1, 2, 3, 4, 5].map(() => [null, null]));
});
