// Mistakes in calls of standard methods: told where the call stands, without the code of the method that found them.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'sales.csv': 'city,price\nOslo,3\nRiga,4\n',
};

/** Calls that name a column which is not there, the option, and the dataset or file that does not have it. */
const CALLS: readonly (readonly [call: string, option: string, subject: string])[] = [
  ["'csvimport', { filename: 'sales.csv', types: { citty: 'bytes' } }", 'types', 'sales.csv'],
  ["'csvimport', { filename: 'sales.csv', rename: { citty: 'x' } }", 'rename', 'sales.csv'],
  ["'dataset_sort', { source, sortColumns: ['price', 'citty'] }", 'sortColumns', 'dev-0'],
  ["'dataset_type', { source, column2type: { citty: 'json' } }", 'column2type', 'dev-0'],
  ["'dataset_hashpart', { source, hashlabel: 'citty' }", 'hashlabel', 'dev-0'],
  ["'dataset_group', { source, keys: ['citty'] }", 'keys', 'dev-0'],
  [
    "'dataset_group', { source, keys: ['price'], aggregates: { n: { max: 'citty' } } }",
    'aggregates.n',
    'dev-0',
  ],
  ["'dataset_join', { left: source, right: source, on: ['citty'] }", 'on', 'dev-0'],
  ["'dataset_filter_columns', { source, keepColumns: ['citty'] }", 'keepColumns', 'dev-0'],
  ["'dataset_checksum', { source, columns: ['citty'] }", 'columns', 'dev-0'],
  ["'dataset_fanout', { source, column: 'citty' }", 'column', 'dev-0'],
  ["'dataset_unroundrobin', { source, triggerColumn: 'citty' }", 'triggerColumn', 'dev-0'],
  ["'csvexport', { source, columns: ['citty'] }", 'columns', 'dev-0'],
  ["'jsonl_export', { source, columns: ['citty'] }", 'columns', 'dev-0'],
  ["'parquet_export', { source, columns: ['citty'] }", 'columns', 'dev-0'],
];

test('a column that there is not is told at the call, with the nearest one', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const source = await urd.build('csvimport', { filename: 'sales.csv' });",
      ...CALLS.map(([call]) => `await urd.build(${call}).catch(() => undefined);`),
    ),
  });
  const { code, stdout } = await project.acc('run');
  expect(code).toBe(1);
  const source = await project.read('build.ts');
  for (const [i, [call, option, subject]] of CALLS.entries()) {
    const text = textOf(stdout, i + 1);
    const [before = ''] = source.slice(0, source.indexOf(call)).split('\n').slice(-1);
    const line = source.slice(0, source.indexOf(call)).split('\n').length;
    const column = before.length + call.indexOf('citty') + 1;
    expect(text).toContain(
      `: Option "${option}" names column "citty", which ${subject} does not have (did you mean "city"?)`,
    );
    expect(text).toContain(`\n      build.ts:${line}:${column}\n`);
    expect(text).not.toContain(' at ');
  }
});

test('what is wrong with the data is told there, too, and for each of several options', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "const all = { filename: 'sales.csv' };",
      "urd.build('csvimport', { ...all, types: { city: 'int8' } });",
      "urd.build('csvimport', { ...all, types: { cities: 'int8', prize: 'int8' } });",
    ),
  });
  const { stdout } = await project.acc('run');
  const [data, names] = ['expected int8', '2 mistakes'].map(
    (words) => stdout.split(/^(?=dev-\d)/mu).find((text) => text.includes(words)) ?? '',
  );
  expect(data?.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(
      /^ {2}dev-\d \(csvimport\) failed in analysis\(0\): sales\.csv line 2: /u,
    ),
    expect.stringMatching(/^ {6}build\.ts:\d+:\d+$/u),
  ]);
  expect(names?.match(/build\.ts:\d+:\d+ {2}Option "types" names column "\w+"/gu)).toHaveLength(2);
  expect(stdout).not.toContain(' at ');
  const { stdout: shown } = await project.acc('job', 'dev-0');
  expect(shown).toMatch(/\n {6}build\.ts:\d+:\d+/u);
});

test('in a stage the call is where the stage built the standard method', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/parent.ts': `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  async synthesis({ build, datasets: { source } }) {
    await build('dataset_sort', { source, sortColumns: ['citty'] });
  },
});
`,
    'build.ts': script(
      "const source = await urd.build('csvimport', { filename: 'sales.csv' });",
      "await urd.build('parent', { source });",
    ),
  });
  const { stdout } = await project.acc('run');
  expect(textOf(stdout, 2).trimEnd().split('\n').slice(1)).toEqual([
    '  dev-2 (dataset_sort) failed in prepare: Option "sortColumns" names column "citty", which dev-0 does not have (did you mean "city"?)',
  ]);
  expect(textOf(stdout, 1)).toMatch(/at .*methods\/parent\.ts:5:/u);
});

/** What the run has said of a job. */
function textOf(stdout: string, job: number): string {
  return stdout.split(/^(?=dev-\d|built )/mu).find((text) => text.startsWith(`dev-${job} `)) ?? '';
}
