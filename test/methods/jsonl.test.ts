import { gunzipSync, gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

import { MemberKinds, parseLine } from '../../methods/lib/jsonl/values.ts';
import { scriptOutput } from './script-output.ts';

const FILE = `{"a":1,"b":"x","c":null,"d":[1,{"e":2}]}
{"a":2.5,"b":"\\u00e9\\n","f":9007199254740993}

{"b":"","a":-0,"__proto__":true,"f":-1}
`;

it('columns and their types are found over all lines, whatever the number of slices', async () => {
  const { notes, output } = await scriptOutput(
    `const job = await urd.build('jsonl_import', { filename: 'in.jsonl' });
     note(await job.load());
     const ds = job.dataset();
     note(ds.columnNames.map((name) => [name, ds.columns[name].type, ds.columns[name].nullable]));
     note([...ds.iterate(null, ds.columnNames, { int64: 'bigint' })].map((row) => row.map(String)));`,
    { 'in.jsonl': FILE, 'acc.config.ts': 'export default { slices: 3 };\n' },
  );
  const [counts, columns, rows] = notes;
  expect(counts, output).toEqual({ rows: 3, columns: 6 });
  expect(columns).toEqual([
    ['a', 'float64', false],
    ['b', 'string', false],
    ['c', 'string', true],
    ['d', 'json', true],
    ['f', 'int64', true],
    ['__proto__', 'bool', true],
  ]);
  expect(rows).toEqual([
    ['1', 'x', 'null', '1,[object Object]', 'null', 'null'],
    ['2.5', 'é\n', 'null', 'null', '9007199254740993', 'null'],
    ['0', '', 'null', 'null', '-1', 'true'],
  ]);
});

it('the type of a member holds all its values', () => {
  expect(typeOf('1', '-2')).toBe('int64');
  expect(typeOf('1', '9223372036854775807')).toBe('int64');
  expect(typeOf('9223372036854775808')).toBe('float64');
  expect(typeOf('1', '"NaN"')).toBe('float64');
  expect(typeOf('"NaN"', '"x"')).toBe('string');
  expect(typeOf('1', '"x"')).toBe('json');
  expect(typeOf('true', 'null')).toBe('bool?');
  expect(typeOf('true', '1')).toBe('json');
  expect(typeOf('{}')).toBe('json');
  expect(typeOf('null')).toBe('string?');
});

it('declared columns alone are read where nothing is to be found out', async () => {
  const { notes, output } = await scriptOutput(
    `const job = await urd.build('jsonl_import', {
       filename: 'in.jsonl', infer: false, types: { f: { type: 'number', nullable: true }, b: 'string' },
     });
     note([...job.dataset().iterate(null, ['f', 'b'])].map(String));`,
    { 'in.jsonl': FILE },
  );
  expect(notes[0], output).toEqual([',x', '9007199254740993,é\n', '-1,']);
});

it('a line that does not fit is named', async () => {
  const { notes } = await scriptOutput(
    `for (const filename of ['cut.jsonl', 'list.jsonl', 'type.jsonl', 'missing.jsonl']) {
       await urd.build('jsonl_import', { filename, types: { n: 'int32' } }).catch((error) => note(error.failure.error.message));
     }`,
    {
      'cut.jsonl': '{"n":1}\n{"n":',
      'list.jsonl': '{"n":1}\n\n[1]\n',
      'type.jsonl': '{"n":1}\n{"n":"two"}\n',
      'missing.jsonl': '{"n":1}\n{"m":1}\n',
    },
  );
  expect(notes).toEqual([
    expect.stringMatching(/^cut\.jsonl line 2: Unexpected end/u),
    'list.jsonl line 3: expected an object, got [1]',
    'type.jsonl line 2: member "n" is "two", which is no int32',
    'missing.jsonl line 2: member "n" is missing or null, but its column is not nullable',
  ]);
});

it('compressed files are read and written, whole or in slices, with the columns asked for', async () => {
  const { notes, output } = await scriptOutput(
    `const { readFileSync } = await import('node:fs');
     writeFileSync('in.jsonl.gz', Buffer.from('${gzipSync('{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n').toString('base64')}', 'base64'));
     const source = urd.build('jsonl_import', { filename: 'in.jsonl.gz' });
     const gz = await urd.build('jsonl_export', { source, filename: 'out.jsonl.gz' });
     note(readFileSync(gz.filename('out.jsonl.gz')).toString('base64'));
     const zst = await urd.build('jsonl_export', { source, filename: 'out.jsonl.zst', columns: ['b'] });
     writeFileSync('again.jsonl.zst', readFileSync(zst.filename('out.jsonl.zst')));
     note([...(await urd.build('jsonl_import', { filename: 'again.jsonl.zst' })).dataset().iterate(null, 'b')]);
     const sliced = await urd.build('jsonl_export', { source, filename: 'part-%02d.jsonl', sliced: true });
     note(sliced.files('part*'));
     await urd.build('jsonl_export', { source, columns: ['z'] }).catch((error) => note(error.failure.error.message));`,
    { 'acc.config.ts': 'export default { slices: 2 };\n' },
  );
  const [gz, again, files, message] = notes;
  expect(gunzipSync(Buffer.from(gz as string, 'base64')).toString(), output).toBe(
    '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n',
  );
  expect(again).toEqual(['x', 'y']);
  expect(files).toEqual(['part-00.jsonl', 'part-01.jsonl']);
  expect(message).toMatch(/^Option "columns" names column "z", which dev-\d+ does not have /u);
});

function typeOf(...values: string[]): string {
  const kinds = new MemberKinds();
  for (const value of values) kinds.add(parseLine(`{"x":${value}}`)['x']);
  const { type, nullable } = kinds.declaration(values.length);
  return nullable ? `${type}?` : type;
}
