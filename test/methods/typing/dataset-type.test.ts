import { expect, test } from 'vitest';

import { typingNotes } from './typing-project.ts';

test('columns of every type are typed, the others stay, and nothing is written twice', async () => {
  const [result, kinds, extremes, report] = await typingNotes(`
    const source = make({ a: 'string', b: 'bytes', c: 'string', d: 'string', e: 'string', f: 'string', g: 'string', n: 'string', u: 'json' }, [
      [['1', '2.5', 'yes', '2024-03-31 12:30', '{"x":[1]}', '23:59', ' hi ', '12345678901234567890', 7]],
      [['-2', 'inf', '', '1969-12-31 23:59', 'null', '00:00', '', '0.5', { q: 1 }]],
    ]);
    const job = await typed(source, { a: 'int64', b: 'float64', c: 'strbool', d: 'datetime:%Y-%m-%d %H:%M', e: 'json', f: 'time:%H:%M', g: 'stringstrip', n: 'number' });
    const dataset = job.dataset();
    note(rows(dataset));
    note(types(dataset));
    note(['a', 'b', 'c', 'd', 'f'].map((name) => [text(dataset.min(name)), text(dataset.max(name))]));
    note(await job.load());
  `);
  expect(result).toEqual([
    [
      1,
      2.5,
      true,
      '2024-03-31T12:30Z',
      { x: [1] },
      86_340_000_000,
      'hi',
      '12345678901234567890n',
      7,
    ],
    [-2, Infinity, false, '1969-12-31T23:59Z', null, 0, '', 0.5, { q: 1 }],
  ]);
  expect(kinds).toEqual({
    a: 'int64',
    b: 'float64',
    c: 'bool',
    d: 'datetime',
    e: 'json',
    f: 'time',
    g: 'string',
    n: 'number',
    u: 'json',
  });
  expect(extremes).toEqual([
    [-2, 1],
    [2.5, Infinity],
    [false, true],
    ['1969-12-31T23:59Z', '2024-03-31T12:30Z'],
    [0, 86_340_000_000],
  ]);
  expect(report).toEqual([{ dataset: 'default', rows: 2, badRows: 0, bad: {}, defaulted: {} }]);
});

test('a null stays a null; empty text is one where the type says so, and may be a default', async () => {
  const types =
    'int8 int16 int32 int64_16 uint8 uint16 uint32 float32 float64 number number:int bool floatbool'.split(
      ' ',
    );
  const dates = ['date', 'time', 'datetime', 'date:%Y%m%d', 'time:%H', 'datetime:%Y'];
  const all = [
    ...types,
    ...dates,
    'json',
    'ascii:strict',
    'unicode:utf-8',
    'stringstrip',
    'bytesstrip',
    'strbool',
  ];
  const values: Readonly<Record<string, string>> = {
    date: '2024-01-01',
    time: '12:00',
    datetime: '2024-01-01',
    'date:%Y%m%d': '20240101',
    'datetime:%Y': '2024',
  };
  const columns = Object.fromEntries(all.map((type) => [type, 'bytes?']));
  const [plain, marked, plainTypes, refused, defaulted] = await typingNotes(`
    const all = ${JSON.stringify(all)};
    const columns = ${JSON.stringify(columns)};
    const values = ${JSON.stringify(all.map((type) => values[type] ?? '1'))};
    const marked = (type) => type.replace(/^([^:]+)/, (name) => name + (name.length % 2 ? '?' : '+None'));
    const nulls = make(columns, [[values, all.map(() => null)]]);
    const empty = make(columns, [[values, all.map(() => '')]]);
    const same = Object.fromEntries(all.map((type) => [type, type]));
    const dataset = (await typed(nulls, same)).dataset();
    note(rows(dataset));
    note(rows((await typed(empty, Object.fromEntries(all.map((type) => [type, marked(type)])))).dataset()));
    note(types(dataset));
    note(await Promise.all(all.map((type) => failure(typed(empty, { [type]: type })).then((message) => message !== 'no failure'))));
    const bad = make(Object.fromEntries(all.map((type) => [type, 'bytes'])), [[values, all.map(() => 'a\\xff')]]);
    const many = (await typed(bad, same, { defaults: Object.fromEntries(all.map((type) => [type, null])) })).dataset();
    note([rows(many), types(many)]);
  `);
  const first = (plain as unknown[][])[0];
  const none = all.map(() => null);
  expect(plain).toEqual([first, none]);
  expect(marked).toEqual([first, none]);
  expect(Object.values(plainTypes as object).every((type: string) => type.endsWith('?'))).toBe(
    true,
  );
  // Empty text is a value of text types, and false.
  expect(refused).toEqual(all.map((type) => !/^(ascii|unicode|string|bytes|strbool)/.test(type)));
  const [rows, kinds] = defaulted as [unknown[][], Record<string, string>];
  expect(rows[0]).toEqual(first);
  expect(rows[1]).toEqual(
    all.map((type) => ({ bytesstrip: 'bytes a\u00ff', strbool: true })[type] ?? null),
  );
  expect(Object.values(kinds).every((type) => type.endsWith('?'))).toBe(true);
});

test('a text that is no value names column, row and slice, unless there is a default', async () => {
  const notes = await typingNotes(`
    const source = make({ n: 'string', m: 'string' }, [[['1', 'x']], [['2', 'y'], ['drei', 'z']]]);
    note(await failure(typed(source, { n: 'int32' })));
    note(await failure(typed(source, { k: 'int32' }, { rename: { n: 'k' } })));
    const job = await typed(source, { n: 'int32', m: 'float64' }, { defaults: { n: 7, m: 'nan' } });
    note([rows(job.dataset()), (await job.load())[0].defaulted]);
    note(await failure(typed(source, { n: 'int32' }, { defaults: { n: 'sieben' } })));
    note(await failure(typed(source, { n: 'int3' })));
    note(await failure(typed(source, { n: 'date:%d.%Q' })));
    note(await failure(typed(source, { n: 'datetime' }, { timezone: 'Mars/Olympus' })));
    note(await failure(typed(source, { nn: 'datetime' })));
    note(await failure(typed(typed(source, { m: 'strbool' }), { m: 'json' })));
    note(await failure(typed(source, { k: 'strbool' }, { rename: { n: 'k', m: 'k' } })));
  `);
  expect(notes.map((note) => (typeof note === 'string' ? note.split('\n')[0] : note)))
    .toMatchInlineSnapshot(`
      [
        "dev-1 (dataset_type) failed in analysis(1): Column "n" of dev-0: expected int32, got "drei" in row 1 of slice 1 (a default for the column keeps such rows, option "filterBad" sets them aside)",
        "dev-2 (dataset_type) failed in analysis(1): Column "n" of dev-0: expected int32 for column "k", got "drei" in row 1 of slice 1 (a default for the column keeps such rows, option "filterBad" sets them aside)",
        [
          [
            [
              1,
              NaN,
            ],
            [
              2,
              NaN,
            ],
            [
              7,
              NaN,
            ],
          ],
          {
            "m": 3,
            "n": 1,
          },
        ],
        "dev-4 (dataset_type) failed in prepare: Option "defaults": expected int32 for column "n", got "sieben"",
        "Option \`column2type.n\` of method \`dataset_type\`: expected a type (did you mean int8?), got "int3" (string)",
        "Option \`column2type.n\` of method \`dataset_type\`: expected a date pattern (in "%d.%Q", %Q means nothing), got "date:%d.%Q" (string)",
        "Option \`timezone\` of method \`dataset_type\`: expected the name of a time zone, as Europe/Stockholm or UTC, got "Mars/Olympus" (string)",
        "dev-5 (dataset_type) failed in prepare: Option "column2type" names column "nn", which dev-0 does not have (it has "n", "m")",
        "dev-7 (dataset_type) failed in prepare: Column "m" of dev-6 is bool: expected string or bytes to read "m" from as json",
        "dev-8 (dataset_type) failed in prepare: Option "rename" gives columns "n" and "m" of dev-0 the same name "k"",
      ]
    `);
});
