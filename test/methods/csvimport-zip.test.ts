import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { planZip } from '../../methods/lib/csv/zip-plan.ts';
import type { ZipOptions } from '../../methods/lib/csv/zip-plan.ts';
import { zipOf } from '../rig/zip.ts';
import { scriptOutput } from './script-output.ts';

const OPTIONS: ZipOptions = {
  insideFilenames: [],
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
    const insideFilenames = [
      { file: 'b', dataset: 'x' },
      { file: 'c', dataset: 'z' },
      { file: 'a', dataset: 'y' },
    ];
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
    // Numbers come first and in their order in an object, but not in a list.
    expect(datasets(['1', '2'], { insideFilenames: ['2', '1'] })).toEqual(['2', '1']);
  });

  it('that an object names have an order that does not depend on that of its members', () => {
    const files = ['c', 'a', 'b'];
    for (const insideFilenames of [
      { b: 'x', c: 'z', a: 'y' },
      { a: 'y', b: 'x', c: 'z' },
    ]) {
      for (const chaining of ['on', 'off', 'byZipOrder'] as const) {
        expect(datasets(files, { insideFilenames, chaining })).toEqual(['z', 'y', 'x']);
      }
      expect(datasets(files, { insideFilenames, chaining: 'byFilename' })).toEqual(['y', 'x', 'z']);
      expect(() => datasets(files, { insideFilenames, chaining: 'byInsideFilenames' })).toThrow(
        'needs a list as option "insideFilenames"',
      );
    }
  });

  it('have names of their own beside those that are given, and those of bad lines', () => {
    const insideFilenames = ['a', { file: 'b', dataset: 'a' }, 'default', 'c'];
    const files = ['a', 'b', 'c', 'default'];
    expect(datasets(files, { insideFilenames })).toEqual(['a_', 'a', 'default_', 'c']);
    expect(datasets(['a', 'a.bad', 'b.skipped', 'b'])).toEqual(['a', 'a.bad_', 'b.skipped', 'b_']);
    const stripped = { chaining: 'byDatasetName', stripDirectories: true } as const;
    expect(datasets(['a/x', 'b/default'], stripped)).toEqual(['default_', 'x']);
    expect(datasets(['b/default'], stripped)).toEqual(['default']);
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
    expect(() => datasets(files, { insideFilenames: ['a.csv', 'a.csv'] })).toThrow(
      'Option "insideFilenames" names "a.csv" twice',
    );
    expect(() =>
      datasets(files, { insideFilenames: { 'a.csv': 'x' }, stripDirectories: true }),
    ).toThrow('Option "stripDirectories" has nothing to name');
    expect(() => datasets(files, { includeRegex: '(' })).toThrow(
      /^Option "includeRegex" is no regular expression: /u,
    );
    expect(() => datasets(['a', 'b', 'a'])).toThrow('two files that are called "a"');
    expect(datasets(['a', 'b', 'a'], { insideFilenames: ['b'] })).toEqual(['b']);
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
     const listed = { filename: 'numbers.zip', insideFilenames: ['2', { file: '10', dataset: 'ten' }, '1'] };
     note(await (await urd.build('csvimport_zip', listed)).load());
     const other = { ...listed, insideFilenames: listed.insideFilenames.toReversed() };
     note(await (await urd.build('csvimport_zip', other)).load());
     const broken = urd.build('csvimport_zip', { filename: 'broken.zip' });
     await broken.catch((error) => note(error.failure.error.message));
     const none = urd.build('csvimport_zip', { filename: 'none.zip' });
     await none.catch((error) => note(error.failure.error.message.slice(0, 60)));`,
    {
      'in.zip': zip,
      'numbers.zip': zipOf(['1', '2', '10'].map((name) => ({ name, content: 'a\n1\n' }))),
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
    [
      { file: '2', dataset: '2', rows: 1 },
      { file: '10', dataset: 'ten', rows: 1 },
      { file: '1', dataset: '1', rows: 1 },
    ],
    [
      { file: '1', dataset: '1', rows: 1 },
      { file: '10', dataset: 'ten', rows: 1 },
      { file: '2', dataset: '2', rows: 1 },
    ],
    'broken.zip/a is damaged or no zip file: its checksum is 2311136256, expected 7',
    expect.stringMatching(/^none.zip is damaged or no zip file: /u) as unknown,
  ]);
});
