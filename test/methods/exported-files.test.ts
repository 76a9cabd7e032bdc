import { gunzipSync } from 'node:zlib';

import { describe, expect, it, test } from 'vitest';
import { decompress } from 'zstd-napi';

import { compressionOf, slicedFilename } from '../../methods/lib/tables/exported-files.ts';
import { scriptOutput } from './script-output.ts';

test.each([
  ['a.csv', 'none'],
  ['a.csv.gz', 'gzip'],
  ['a.gz.txt', 'gzip'],
  ['a.gzonk', 'none'],
  ['out.zst/a.csv', 'none'],
  ['out.gz.d/a.csv', 'none'],
  ['a.csv.zst', 'zstd'],
  ['a.zst.%d', 'zstd'],
])('%s: compression is %s', (filename, compression) => {
  expect(compressionOf(filename)).toBe(compression);
});

test.each([
  ['a.csv', 'a.csv.7'],
  ['a.csv.gz', 'a.csv.7.gz'],
  ['a.csv.zst', 'a.csv.7.zst'],
  ['a.gz.txt', 'a.gz.txt.7'],
  ['a%d.csv', 'a7.csv'],
  ['a%03d.csv.gz', 'a007.csv.gz'],
  ['a%3d.csv', 'a  7.csv'],
  ['%d/a-%d.csv', '7/a-%d.csv'],
  ['100%.csv', '100%.csv.7'],
])('%s of slice 7 is %s', (filename, name) => {
  expect(slicedFilename(filename, 7)).toBe(name);
});

const EXPORTS = ['csvexport', 'jsonl_export', 'parquet_export'] as const;

describe.each(EXPORTS)('%s', (method) => {
  it('writes into directories, which it makes', async () => {
    const { notes, output } = await scriptOutput(
      `const source = urd.build('csvimport', { filename: 'in.csv' });
       const names = (job) => job.files().filter((name) => name !== 'result.msgpack').toSorted();
       note(names(await urd.build('${method}', { source, filename: 'out/a' })));
       note(names(await urd.build('${method}', { source, filename: 'out/%02d/a', sliced: true })));`,
      { 'in.csv': 'a\n1\n2\n', 'acc.config.ts': 'export default { slices: 2 };\n' },
    );
    expect(notes, output).toEqual([['out/a'], ['out/00/a', 'out/01/a']]);
  });
});

it.each(['csvexport', 'jsonl_export'])('%s of no rows can be unpacked', async (method) => {
  const header = method === 'csvexport' ? 'header: false, ' : '';
  const { notes, output } = await scriptOutput(
    `const { readFileSync } = await import('node:fs');
     const source = urd.build('csvimport', { filename: 'in.csv' });
     for (const filename of ['a.gz', 'a.zst']) {
       const whole = await urd.build('${method}', { source, ${header}filename });
       const sliced = await urd.build('${method}', { source, ${header}filename, sliced: true });
       note([whole.filename(filename), ...sliced.files('a.*', { absolute: true })].map((path) => readFileSync(path)));
     }`,
    { 'in.csv': 'a\n', 'acc.config.ts': 'export default { slices: 2 };\n' },
  );
  const [gzip, zstd] = notes as [readonly Buffer[], readonly Buffer[]];
  expect(gzip?.length, output).toBe(3);
  expect(gzip.map((bytes) => gunzipSync(bytes).length)).toEqual([0, 0, 0]);
  expect(zstd.map((bytes) => [bytes.length > 0, decompress(bytes).length])).toEqual(
    Array.from({ length: 3 }, () => [true, 0]),
  );
});
