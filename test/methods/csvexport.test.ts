import { expect, it } from 'vitest';

import { scriptOutput } from './script-output.ts';

/** A value of each kind that is hard to write, and a null in every column that may hold one. */
const FILE = `b,i,l,f,d,t,s,x,j
true,-1,9223372036854775807,0.1,1969-12-31,1969-12-31T23:59:59.999999Z,"a,""b""
c",é,"{""x"":[1,null]}"
,,,,,,,,
false,0,-1,-0,2024-02-29,2024-02-29T12:00:00.000Z,"",,""""""
false,7,0,1e-300,0001-01-01,2024-02-29T12:00:00.000001Z,z,y,[]
`;

const TYPES = {
  b: 'bool',
  i: 'int32',
  l: 'int64',
  f: 'float64',
  d: 'date',
  t: 'datetime',
  s: 'string',
  x: 'bytes',
  j: 'json',
};

it('what was exported is imported again as it was, in every type', async () => {
  const types = JSON.stringify(
    Object.fromEntries(
      Object.entries(TYPES).map(([name, type]) => [name, { type, nullable: true }]),
    ),
  );
  const { notes, output } = await scriptOutput(
    `const types = ${types};
     const before = await urd.build('csvimport', { filename: 'in.csv', types });
     const file = await urd.build('csvexport', { source: before, filename: 'out.csv' });
     file.linkResult('out.csv');
     note(await file.load());
     const text = await import('node:fs').then((fs) => fs.readFileSync(file.filename('out.csv'), 'utf8'));
     note(text);
     writeFileSync('again.csv', text);
     const after = await urd.build('csvimport', { filename: 'again.csv', types });
     for (const job of [before, after]) note([...job.dataset().iterate(null)]);`,
    { 'in.csv': FILE, 'acc.config.ts': 'export default { slices: 3 };\n' },
  );
  const [report, text, before, after] = notes;
  expect(report, output).toEqual({ rows: 4, columns: 9 });
  expect(after).toEqual(before);
  expect((before as unknown[]).length).toBe(4);
  expect(text).toBe(FILE);
});

it('columns, order, separator and header can be chosen', async () => {
  const { notes, output } = await scriptOutput(
    `const source = urd.build('csvimport', { filename: 'in.csv' });
     const settings = { source, columns: ['c', 'a'], separator: ';', header: false };
     const job = await urd.build('csvexport', settings);
     const bytes = [];
     for await (const chunk of job.open('result.csv')) bytes.push(chunk);
     note(Buffer.concat(bytes).toString());
     note(job.files());
     await urd.build('csvexport', { source, columns: ['aa'] }).catch((error) => note(error.failure.error.message));`,
    { 'in.csv': 'a,b,c\n1,2,3;\n4,5,6\n' },
  );
  const [text, files, message] = notes;
  expect(text, output).toBe('"3;";1\n6;4\n');
  expect(files).toEqual(['result.csv', 'result.msgpack']);
  expect(message).toMatch(/^Option "columns" names "aa", but .* has only a, b, c$/u);
});
