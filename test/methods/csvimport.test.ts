import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { scriptOutput } from './script-output.ts';

const SPECTRUM = fileURLToPath(import.meta.resolve('csv-spectrum')).replace(/index\.js$/u, '');

it('the cases of csv-spectrum are read as they should be', async () => {
  // The JSON of location_coordinates.csv is not what is in that file.
  const names = readdirSync(`${SPECTRUM}/csvs`)
    .map((file) => file.replace('.csv', ''))
    .filter((name) => name !== 'location_coordinates');
  const { notes, output } = await scriptOutput(
    `for (const filename of ${JSON.stringify(names.map((name) => `${name}.csv`))}) {
       const job = await urd.build('csvimport', { filename });
       note([...job.dataset().iterate(null)]);
     }`,
    Object.fromEntries(
      names.map((name) => [`${name}.csv`, readFileSync(`${SPECTRUM}/csvs/${name}.csv`, 'utf8')]),
    ),
  );
  const expected = names.map(
    (name) => JSON.parse(readFileSync(`${SPECTRUM}/json/${name}.json`, 'utf8')) as unknown,
  );
  expect(notes, output).toEqual(expected);
});

it('all slices in order give the rows in the order of the file, whatever is in quotes', async () => {
  const texts = Array.from({ length: 3000 }, (_, i) => 'x,\n"\r\n'.repeat(i % 7) + String(i));
  const file = `\uFEFFid,text\r\n${texts
    .map((text, i) => `${i},"${text.replaceAll('"', '""')}"`)
    .join('\r\n')}`;
  const { notes, output } = await scriptOutput(
    `const job = await urd.build('csvimport', { filename: 'in.csv', types: { id: 'int32' } });
     note(job.dataset().lines);
     note(Array.from(job.dataset().iterate(null, ['id', 'text'])));
     note(await job.load());`,
    { 'in.csv': file, 'acc.config.ts': 'export default { slices: 5 };\n' },
  );
  const [lines, rows, report] = notes as [number[], unknown[], unknown];
  expect(rows, output).toEqual(texts.map((text, i) => [i, text]));
  expect(lines).toHaveLength(5);
  expect(Math.min(...lines)).toBeGreaterThan(500);
  expect(report).toEqual({ rows: 3000, bad: 0, skipped: 0, columns: 2, rowsPerSlice: lines });
});

it('a file may hold fewer rows than there are slices', async () => {
  const { notes, output } = await scriptOutput(
    `for (const filename of ['none.csv', 'bare.csv', 'one.csv']) {
       const job = await urd.build('csvimport', { filename });
       note([job.dataset().shape, ...job.dataset().iterate(null, 'a')]);
     }`,
    {
      'none.csv': 'a\n',
      'bare.csv': 'a',
      'one.csv': 'a\n1',
      'acc.config.ts': 'export default { slices: 4 };\n',
    },
  );
  expect(notes, output).toEqual([[[1, 0]], [[1, 0]], [[1, 1], '1']]);
});

it('columns may have any names', async () => {
  const { notes, output } = await scriptOutput(
    `const job = await urd.build('csvimport', { filename: 'in.csv', types: { 1999: 'int32' } });
     note([...job.dataset().iterate(null, ['2001', 'constructor', '1999', '__proto__', '"'])]);`,
    { 'in.csv': '2001,constructor,1999,__proto__,""""\n1,2,3,4,5\n' },
  );
  expect(notes, output).toEqual([[['1', '2', 3, '4', '5']]]);
});

it('a chain of imports is read as one', async () => {
  const { notes, output } = await scriptOutput(
    `const first = urd.build('csvimport', { filename: 'first.csv' });
     const second = await urd.build('csvimport', { filename: 'second.csv', previous: first });
     note([...second.dataset().chain().iterate(null, 'a')]);`,
    { 'first.csv': 'a\n1\n2\n', 'second.csv': 'a\n3\n' },
  );
  expect(notes, output).toEqual([['1', '2', '3']]);
});

it('separator and quotes can be chosen, or no quotes at all', async () => {
  const { notes, output } = await scriptOutput(
    `const tab = await urd.build('csvimport', { filename: 'in.tsv', separator: '\\t', quotes: "'" });
     note([...tab.dataset().iterate(null, ['a', 'b,c'])]);
     const bare = await urd.build('csvimport', { filename: 'bare.csv', quotes: '' });
     note([...bare.dataset().iterate(null, ['a', '"b'])]);`,
    { 'in.tsv': "a\tb,c\n'1\t''\t2'\tx\n", 'bare.csv': 'a,"b\n"1,2"\n' },
  );
  expect(notes, output).toEqual([[["1\t'\t2", 'x']], [['"1', '2"']]]);
});

describe('what is wrong with a file is told with its name and line', () => {
  const cases: readonly (readonly [content: string | Buffer, options: string, message: string])[] =
    [
      ['', '', '0.csv is empty: expected a line of labels'],
      ['a,b\n1,2\n\n3\n', '', '1.csv line 3: expected 2 fields as there are labels, got 1'],
      ['a,b\n1,"\n\n"\n3,4,5', '', '2.csv line 5: expected 2 fields as there are labels, got 3'],
      ['a,b\n1,2\n3,"4\n5,6\n', '', '3.csv line 3: a quote is opened here and never closed'],
      ['a,,c,\n', '', '4.csv: two columns are named ""'],
      ['a,b,a\n', '', '5.csv: two columns are named "a"'],
      [
        'price,b\n1,2\n',
        "types: { prize: 'float64' }",
        'Option "types" names column "prize", which 6.csv does not have (did you mean "price"?)',
      ],
      [
        'a,b\n1,\n2,x\n',
        "types: { b: { type: 'int32', nullable: true } }",
        '7.csv line 3: column "b": expected int32 (a whole number from -2147483648 to 2147483647), got "x"',
      ],
      [
        Buffer.from('a\nb\n\u00E9\n', 'latin1'),
        '',
        '8.csv line 3: column "a": expected text in UTF-8, got "\uFFFD" (declare it as \'bytes\' to keep it as it is, or say what it is with option "encoding")',
      ],
      [
        'a\rb\rc',
        '',
        '9.csv line 1: label "a\\rb\\rc" holds a carriage return; expected lines to end with LF or CRLF (see option "newline")',
      ],
      [
        Buffer.concat([Buffer.from('\uFEFFa\n', 'utf16le'), Buffer.from([0x41])]),
        '',
        '10.csv is damaged: it is not UTF-16LE throughout',
      ],
      [
        'a;b\n1;2\n',
        "separator: ';', quotes: ';'",
        'Expected options "separator" and "quotes" to differ, but both are ";"',
      ],
    ];

  it('case by case', async () => {
    const builds = cases.map(
      ([, options], i) =>
        `await urd.build('csvimport', { filename: '${i}.csv', ${options} }).catch((error) => note(error.failure?.error.message ?? error.message));`,
    );
    const { notes, output } = await scriptOutput(
      builds.join('\n'),
      Object.fromEntries(cases.map(([content], i) => [`${i}.csv`, content])),
    );
    expect(notes, output).toEqual(cases.map(([, , message]) => message));
  });
});

it('the column of line numbers counts among the columns of the result', async () => {
  const { notes, output } = await scriptOutput(
    `const job = await urd.build('csvimport', { filename: 'in.csv', linenoLabel: 'line' });
     note([(await job.load()).columns, job.dataset().columnNames]);`,
    { 'in.csv': 'a,b\n1,2\n' },
  );
  expect(notes, output).toEqual([[3, ['a', 'b', 'line']]]);
});

it('a file whose only label hints at another separator is imported with a warning', async () => {
  const { notes, output } = await scriptOutput(
    `for (const filename of ['semicolon.csv', 'tab.csv', 'one.csv', 'quoted.csv']) {
       const job = await urd.build('csvimport', { filename });
       note([job.output('prepare').trim(), job.dataset().shape[0]]);
     }
     const meant = [{ separator: ';' }, { separator: '' }, { labels: ['x'], labelLines: 1 }];
     for (const more of meant) {
       note((await urd.build('csvimport', { filename: 'semicolon.csv', ...more })).output('prepare'));
     }`,
    {
      'semicolon.csv': 'a;b;c\n1;2;3\n',
      'tab.csv': 'a\tb|c\td\n',
      'one.csv': 'a b\n1;2\n',
      'quoted.csv': '"price, EUR"\n1\n',
    },
  );
  expect(notes, output).toEqual([
    [
      'warning: semicolon.csv has one column, "a;b;c": if its fields are separated by ";", say `separator: ";"`',
      1,
    ],
    [
      'warning: tab.csv has one column, "a\\tb|c\\td": if its fields are separated by "\\t", say `separator: "\\t"`',
      1,
    ],
    ['', 1],
    ['', 1],
    '',
    '',
    '',
  ]);
});
