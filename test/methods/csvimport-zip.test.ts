import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { planZip } from '../../methods/lib/csv/zip-plan.ts';
import type { ZipOptions } from '../../methods/lib/csv/zip-plan.ts';
import { zipOf } from '../rig/zip.ts';
import { scriptOutput } from './script-output.ts';

const OPTIONS: ZipOptions = {
  insideFilenames: {},
  chaining: 'on',
  includeRegex: '',
  excludeRegex: '',
  stripDirectories: false,
};

function datasets(files: readonly string[], options: Partial<ZipOptions> = {}): readonly string[] {
  return planZip(files, { ...OPTIONS, ...options }).map(({ dataset }) => dataset);
}

describe('datasets', () => {
  it('are called like files, each by a name of its own', () => {
    expect(datasets(['a', 'd/a', 'd_a', 'ä b.csv'])).toEqual(['a', 'd_a', 'd_a_', '__b.csv']);
    expect(datasets(['x/a', 'y/a', 'a'], { stripDirectories: true })).toEqual(['a', 'a_', 'a__']);
    expect(datasets(['default', 'a'])).toEqual(['default_', 'a']);
    expect(datasets(['a', 'default'])).toEqual(['a', 'default']);
    expect(datasets(Array.from({ length: 25 }, (_, i) => `f${i}`))).toHaveLength(25);
  });

  it('are chained in the order that is asked for', () => {
    const files = ['c', 'a', 'b'];
    const insideFilenames = { b: 'x', c: 'z', a: 'y' };
    const orders = {
      on: ['x', 'z', 'y'],
      off: ['x', 'z', 'y'],
      byInsideFilenames: ['x', 'z', 'y'],
      byFilename: ['y', 'x', 'z'],
      byDatasetName: ['x', 'y', 'z'],
      byZipOrder: ['z', 'y', 'x'],
    } as const;
    for (const [chaining, order] of Object.entries(orders)) {
      const options = { insideFilenames, chaining: chaining as ZipOptions['chaining'] };
      expect(datasets(files, options), chaining).toEqual(order);
    }
    expect(datasets(files)).toEqual(['c', 'a', 'b']);
    expect(datasets(files, { chaining: 'byFilename' })).toEqual(['a', 'b', 'c']);
  });

  it('are made of the files that are chosen only', () => {
    const files = ['a.csv', 'b.txt', 'c.csv'];
    expect(datasets(files, { includeRegex: '[.]csv$' })).toEqual(['a.csv', 'c.csv']);
    expect(datasets(files, { includeRegex: '[.]csv$', excludeRegex: '^a' })).toEqual(['c.csv']);
    expect(() => datasets(files, { excludeRegex: '.' })).toThrow(/^No file of the archive/u);
    const insideFilenames = { 'a.cvs': 'a' };
    expect(() => datasets(files, { insideFilenames })).toThrow(
      'Option "insideFilenames" names "a.cvs", which is not in the archive (did you mean "a.csv"?)',
    );
    expect(() => datasets(files, { insideFilenames, includeRegex: 'a' })).toThrow(
      /^Expected either/u,
    );
    expect(() => datasets(files, { insideFilenames: { 'a.csv': 'x', 'c.csv': 'x' } })).toThrow(
      'Option "insideFilenames" has two files for dataset "x"',
    );
  });
});

it('the files of an archive are imported and chained, and the last is the default dataset', async () => {
  const zip = zipOf([
    { name: 'dir/', content: '' },
    { name: 'dir/b.csv', content: gzipSync('a,b\n3,"x\ny"\n') },
    { name: 'a.csv', content: 'a,b\n1,2\nbad\n' },
  ]);
  const { notes, output } = await scriptOutput(
    `const settings = { filename: 'in.zip', chaining: 'byFilename', allowBad: true, types: { a: 'int32' } };
     const job = await urd.build('csvimport_zip', settings);
     note(await job.load());
     note(job.datasets.map((dataset) => dataset.name).toSorted());
     note([...job.dataset().chain().iterate(null)]);
     note([...job.dataset('a.csv.bad').iterate(null, 'lineno')]);
     const more = await urd.build('csvimport_zip', { ...settings, previous: job });
     note(more.dataset().chain().length);
     const off = await urd.build('csvimport_zip', { ...settings, chaining: 'off' });
     note(off.dataset().chain().length);
     const broken = urd.build('csvimport_zip', { filename: 'broken.zip' });
     await broken.catch((error) => note(error.failure.error.message));
     const none = urd.build('csvimport_zip', { filename: 'none.zip' });
     await none.catch((error) => note(error.failure.error.message.slice(0, 60)));`,
    {
      'in.zip': zip,
      'broken.zip': zipOf([{ name: 'a', content: 'a\n1\n', checksum: 7 }]),
      'none.zip': 'a,b\n'.repeat(100),
    },
  );
  expect(notes, output).toEqual([
    [
      { file: 'a.csv', dataset: 'a.csv', rows: 1 },
      { file: 'dir/b.csv', dataset: 'dir_b.csv', rows: 1 },
    ],
    ['a.csv', 'a.csv.bad', 'default', 'dir_b.csv', 'dir_b.csv.bad'],
    [
      { a: 1, b: '2' },
      { a: 3, b: 'x\ny' },
    ],
    [3],
    4,
    1,
    'broken.zip/a is damaged or no zip file: its checksum is 2311136256, expected 7',
    expect.stringMatching(/^none.zip is damaged or no zip file: /u) as unknown,
  ]);
});
