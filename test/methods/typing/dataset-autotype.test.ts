import { expect, test } from 'vitest';

import { typingNotes } from './typing-project.ts';

test('each column gets the narrowest type that all its texts are values of', async () => {
  const columns = {
    yes: ['true', 'False', 'true'],
    flag: ['0', '1', '0'],
    small: ['1', '-2147483648', ''],
    large: ['1', '2147483648', '3'],
    id: ['12345678901234567890', '1', '2'],
    price: ['1.50', '2', '1e3'],
    zip: ['00123', '12345', '54321'],
    day: ['2024-02-29', '2024-03-01', '1999-12-31'],
    at: ['2024-02-29 12:00', '2024-02-29T12:00:01.5', '2024-03-01'],
    clock: ['12:30', '23:59:59', '00:00'],
    german: ['29.02.2024', '01.03.2024', ''],
    text: ['1', '2', 'three'],
    none: ['', '', ''],
  };
  const names = Object.keys(columns);
  const rows = [0, 1, 2].map((row) => Object.values(columns).map((texts) => texts[row]));
  const [types, result, report, text, found] = await typingNotes(`
    const names = ${JSON.stringify(names)};
    const source = make(Object.fromEntries(names.map((name) => [name, 'string'])), ${JSON.stringify([rows.slice(0, 1), rows.slice(1)])});
    const job = await urd.build('dataset_autotype', { source, dateTypes: ['date:%d.%m.%Y'] });
    note(types(job.dataset()));
    note(rows(job.dataset(), ['yes', 'small', 'large', 'price', 'day', 'at', 'clock', 'german', 'none']));
    note(await job.loadJson('report.json'));
    note(String(await job.read('report.txt')));
    note(await job.load());
  `);
  expect(types).toEqual({
    yes: 'bool',
    flag: 'int32',
    small: 'int32?',
    large: 'int64',
    id: 'string',
    price: 'float64',
    zip: 'string',
    day: 'date',
    at: 'datetime',
    clock: 'time',
    german: 'date?',
    text: 'string',
    none: 'string',
  });
  expect(result).toEqual([
    [true, 1, 1, 1.5, '2024-02-29', '2024-02-29T12:00Z', 45_000_000_000, '2024-02-29', ''],
    [
      false,
      -2_147_483_648,
      2_147_483_648,
      2,
      '2024-03-01',
      '2024-02-29T12:00:01.500Z',
      86_399_000_000,
      '2024-03-01',
      '',
    ],
    [true, null, 3, 1000, '1999-12-31', '2024-03-01', 0, null, ''],
  ]);
  const zip = (report as { column: string }[]).find(({ column }) => column === 'zip');
  expect(zip).toMatchObject({
    column: 'zip',
    values: 3,
    nulls: 0,
    type: null,
    candidates: expect.arrayContaining([
      ['int32', { text: '00123', sliceno: 0, row: 0 }],
      ['date', { text: '00123', sliceno: 0, row: 0 }],
    ]),
  });
  expect(text).toContain(`"text": stays string (3 values, 0 nulls)
  not bool: "1" in row 0 of slice 0
  not int32: "three" in row 1 of slice 1
`);
  expect(text).toContain(`"large": int64 (3 values, 0 nulls)
  not bool: "1" in row 0 of slice 0
  not int32: "2147483648" in row 0 of slice 1
`);
  expect(text).toContain('"none": stays string (0 values, 3 nulls)\n  there is no value');
  expect(found).toMatchObject({ german: 'date?:%d.%m.%Y', small: 'int32?', yes: 'bool' });
});

test('texts that stand for no value can be chosen, columns too, and a chain is typed the same way', async () => {
  const notes = await typingNotes(`
    const first = make({ a: 'string', b: 'bytes' }, [[['1', 'NA'], ['NA', '1.5']]]);
    const second = make({ a: 'string', b: 'bytes' }, [[['3000000000', '-']]], { previous: first });
    const job = await urd.build('dataset_autotype', { source: second, nullLikes: ['NA', '-'] });
    note([types(job.dataset()), [...job.dataset().chain().iterate(null, ['a', 'b'])]]);
    const third = make({ a: 'string', b: 'bytes' }, [[['5', '7']]], { previous: second });
    const later = await urd.build('dataset_autotype', { source: third, previous: job });
    note([types(later.dataset()), later.dataset().chain().length]);
    const one = await urd.build('dataset_autotype', { source: first, columns: ['b'], nullLikes: ['NA'], numericComma: true });
    note(types(one.dataset()));
    note(await failure(urd.build('dataset_autotype', { source: first, dateTypes: ['int32'] })));
  `);
  expect(notes).toEqual([
    [
      { a: 'int64?', b: 'float64?' },
      [
        [1, null],
        [null, 1.5],
        [3_000_000_000, null],
      ],
    ],
    [{ a: 'int32', b: 'int32' }, 3],
    { a: 'string', b: 'bytes' },
    expect.stringContaining('expected a date, time or datetime with a pattern'),
  ]);
});
