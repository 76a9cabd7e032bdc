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
  expect(message).toMatch(
    /^Option "columns" names column "aa", which .* does not have \(it has "a", "b", "c"\)$/u,
  );
});

/** Gives the notes of a script that can read files of jobs with `text(job, name)`. */
function exported(
  body: string,
  files: Readonly<Record<string, string>>,
  slices = 2,
): Promise<unknown[]> {
  const script = `const { readFileSync } = await import('node:fs');
    const zlib = await import('node:zlib');
    const bytes = (job, name) => readFileSync(job.filename(name));
    const text = (job, name) => bytes(job, name).toString();
    ${body}`;
  const config = { 'acc.config.ts': `export default { slices: ${slices} };\n` };
  return scriptOutput(script, { ...files, ...config }).then(({ notes, code, output }) => {
    expect(code, output).toBe(0);
    return notes;
  });
}

it('files are compressed as their names say, and sliced ones have numbers', async () => {
  const notes = await exported(
    `const source = urd.build('csvimport', { filename: 'in.csv' });
     const names = ['a.gz', 'b.gz.txt', 'c.gzonk', 'd%d.csv', 'e.zst'];
     for (const filename of names) {
       const job = await urd.build('csvexport', { source, filename });
       note(job.files().filter((name) => name !== 'result.msgpack'));
       const raw = bytes(job, filename);
       note((/gz$|gz[.]/.test(filename) ? zlib.gunzipSync(raw) : raw).toString('latin1').slice(0, 3));
     }
     for (const filename of ['s', 's%dend', 's%02d.gz']) {
       const job = await urd.build('csvexport', { source, filename, sliced: true });
       note(job.files().filter((name) => name !== 'result.msgpack'));
       note(job.files().filter((name) => name !== 'result.msgpack').map((name) =>
         (name.endsWith('gz') ? zlib.gunzipSync(bytes(job, name)) : bytes(job, name)).toString()));
     }
     const again = await urd.build('csvexport', { source, filename: 'e.zst' });
     again.linkResult('e.zst');
     writeFileSync('e.csv', bytes(again, 'e.zst'));
     const read = await urd.build('csvimport', { filename: 'e.csv' });
     note([...read.dataset().iterate(null, 'a')]);`,
    { 'in.csv': 'a\n1\n2\n3\n' },
  );
  expect(notes).toEqual([
    ['a.gz'],
    'a\n1',
    ['b.gz.txt'],
    'a\n1',
    ['c.gzonk'],
    'a\n1',
    ['d%d.csv'],
    'a\n1',
    ['e.zst'],
    '(\u00B5/',
    ['s.0', 's.1'],
    ['a\n1\n2\n', 'a\n3\n'],
    ['s0end', 's1end'],
    ['a\n1\n2\n', 'a\n3\n'],
    ['s00.gz', 's01.gz'],
    ['a\n1\n2\n', 'a\n3\n'],
    ['1', '2', '3'],
  ]);
});

it('many slices make one file in the order of the rows', async () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => `${i},${i % 7 === 0 ? '"x, y"' : 'z'}`);
  const notes = await exported(
    `const source = urd.build('csvimport', { filename: 'in.csv' });
     const job = await urd.build('csvexport', { source });
     note(text(job, 'result.csv') === (await import('node:fs')).readFileSync('in.csv', 'utf8'));
     note((await import('node:fs')).readdirSync(job.path).filter((name) => name.startsWith('.')));`,
    { 'in.csv': `n,t\n${rows.join('\n')}\n` },
    7,
  );
  expect(notes[0]).toBe(true);
  expect(notes[1]).toEqual([]);
});

it('the error of one slice is that of the export', async () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => (i === 299_999 ? '"x, y"' : 'z'));
  const { notes } = await scriptOutput(
    `const source = urd.build('csvimport', { filename: 'in.csv' });
     await urd.build('csvexport', { source, quotes: '' }).catch((error) => note(error.failure.error.message));`,
    { 'in.csv': `t\n${rows.join('\n')}\n`, 'acc.config.ts': 'export default { slices: 3 };\n' },
  );
  expect(notes).toEqual([expect.stringContaining('while option "quotes" is empty')]);
});

it('a chain is exported in its order, back to what was exported before', async () => {
  const notes = await exported(
    `const first = await urd.build('csvimport', { filename: '1.csv' });
     const second = await urd.build('csvimport', { filename: '2.csv', previous: first, types: { a: 'float64' } });
     const third = await urd.build('csvimport', { filename: '3.csv', previous: second, types: { a: { type: 'json', nullable: true } } });
     const settings = { chainSource: true, noneAs: { a: 'null' } };
     const all = await urd.build('csvexport', { source: third, ...settings });
     note(text(all, 'result.csv'));
     const before = await urd.build('csvexport', { source: first });
     const rest = await urd.build('csvexport', { source: third, previous: before, filename: 'rest.csv.gz', ...settings });
     note(zlib.gunzipSync(bytes(rest, 'rest.csv.gz')).toString());
     note((await rest.load()).rows);`,
    { '1.csv': 'a\nx\ny\n', '2.csv': 'a\n1.50\n-0\n', '3.csv': 'a\n"{""b"": 1}"\n\n[]\n' },
  );
  expect(notes).toEqual([
    'a\nx\ny\n1.5\n-0\n"{""b"":1}"\nnull\n[]\n',
    'a\n1.5\n-0\n"{""b"":1}"\nnull\n[]\n',
    5,
  ]);
});
