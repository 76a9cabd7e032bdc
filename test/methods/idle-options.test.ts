import { expect, it } from 'vitest';

import { scriptOutput } from './script-output.ts';

it('options and inputs that would have no say are refused', async () => {
  const { notes, output } = await scriptOutput(
    `const failure = (method, inputs) => urd.build(method, inputs).then(() => 'none', (error) => error.failure.error.message);
     const read = { filename: 'in.csv' };
     const source = await urd.build('csvimport', read);
     note(await failure('csvimport', { ...read, previousBad: source }));
     note(await failure('csvimport', { ...read, previousSkipped: source }));
     note(await failure('csvimport', { ...read, rename: { usr: 'name' } }));
     const before = await urd.build('csvexport', { source });
     note(await failure('csvexport', { source, previous: before }));
     note(await failure('csvexport', { source, quotes: '', lazyQuotes: false }));
     note(await failure('csvexport', { source, separator: '"' }));
     note(await failure('csvexport', { source, quotes: '|', lineSeparator: '|' }));
     note(await failure('csvexport', { source, compressionLevel: 3 }));
     note(await failure('csvexport', { source, noneAs: { usr: '-' } }));
     note(await failure('dataset_type', { source, column2type: { n: 'int32' }, defaults: { m: '0' } }));
     note(await failure('dataset_sort', { source, sortColumns: ['n', { column: 'n', order: 'descending' }] }));
     await urd.build('parquet_export', { source }).then((job) => job.linkResult('result.parquet'));
     note(await failure('parquet_import', { filename: 'results/result.parquet', columns: ['n'], types: { user: 'bytes' } }));`,
    { 'in.csv': 'user,n\na,1\n' },
  );
  expect(notes, output).toEqual([
    expect.stringMatching(/^Dataset "previousBad" was given, .*"allowBad"$/u),
    expect.stringMatching(/^Dataset "previousSkipped" was given, .*"skipEmptyLines"$/u),
    'Option "rename" names column "usr", which in.csv does not have (did you mean "user"?)',
    'Job "previous" has a meaning only with "chainSource: true"',
    'Option "lazyQuotes: false" puts every value in quotes, but "quotes" is empty',
    String.raw`Expected options "quotes" and "separator" to differ, but both are "\""`,
    'Expected options "quotes" and "lineSeparator" to differ, but both are "|"',
    'Option "compressionLevel" was given, but the file is not compressed: see option "compression"',
    'Option "noneAs" names column "usr", which is not exported (user, n are)',
    'Option "defaults" names column "m", which option "column2type" does not',
    'Option "sortColumns" names column "n" twice',
    'Option "types" names "user", but what is read is n',
  ]);
});

it('bad and skipped lines of an import follow those of the one before', async () => {
  const { notes, output } = await scriptOutput(
    `const settings = { allowBad: true, comment: '#' };
     const first = await urd.build('csvimport', { filename: '1.csv', ...settings });
     const second = await urd.build('csvimport', {
       filename: '2.csv', ...settings, previous: first, previousBad: first.dataset('bad'), previousSkipped: first.dataset('skipped'),
     });
     for (const name of ['bad', 'skipped']) {
       const chain = second.dataset(name).chain();
       note([...chain].map(String));
       note([...chain.iterate(null, ['lineno', 'data'])].map(([line, data]) => [line, String(Buffer.from(data))]));
     }
     note([...second.dataset().chain().iterate(null, 'a')]);`,
    { '1.csv': 'a,b\n1,2\n#x\nbad\n', '2.csv': '#y\na,b\n3,4,5\n6,7\n' },
  );
  expect(notes, output).toEqual([
    ['dev-0/bad', 'dev-1/bad'],
    [
      [4, 'bad'],
      [3, '3,4,5'],
    ],
    ['dev-0/skipped', 'dev-1/skipped'],
    [
      [3, '#x'],
      [1, '#y'],
    ],
    ['1', '6'],
  ]);
});

it('a column may have an empty label, two of the same may not', async () => {
  const { notes, output } = await scriptOutput(
    `const failure = (inputs) => urd.build('csvimport', inputs).then(() => 'none', (error) => error.failure.error.message);
     const empty = await urd.build('csvimport', { filename: 'empty.csv', types: { '': 'int32' } });
     note([empty.dataset().columnNames, [...empty.dataset().iterate(null)]]);
     const out = await urd.build('csvexport', { source: empty });
     note(String(await out.read('result.csv')));
     const renamed = await urd.build('csvimport', { filename: 'empty.csv', rename: { '': 'c' }, discard: ['a'] });
     note(renamed.dataset().columnNames);
     note(await failure({ filename: 'last.csv' }));
     note((await urd.build('csvimport', { filename: 'last.csv', allowExtraEmpty: true })).dataset().columnNames);
     note(await failure({ filename: 'twice.csv' }));
     note((await urd.build('csvimport', { filename: 'twice.csv', discard: ['a'] })).dataset().columnNames);
     note((await urd.build('csvimport', { filename: 'twice.csv', labels: ['a', 'b', 'c'], labelLines: 1 })).dataset().columnNames);`,
    { 'empty.csv': 'a,,b\n1,2,3\n', 'last.csv': 'a,,\n1,,\n', 'twice.csv': 'a,b,a\n1,2,3\n' },
  );
  expect(notes, output).toEqual([
    [['a', '', 'b'], [{ a: '1', '': 2, b: '3' }]],
    'a,,b\n1,2,3\n',
    ['c', 'b'],
    'last.csv: two columns are named ""',
    ['a'],
    'twice.csv: two columns are named "a"',
    ['b'],
    ['a', 'b', 'c'],
  ]);
});
