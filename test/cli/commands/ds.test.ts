import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const DAYS = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { rows: z.number().default(1) },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options, datasets }) {
    const columns = { day: 'date', at: 'datetime', b: 'bytes' };
    const previous = datasets.previous;
    const writer = job.datasetWriter({ columns, previous, caption: 'days' });
    for (let slice = 0; slice < 2; slice++) {
      writer.setSlice(slice);
      for (let row = 0; row < options.rows * (1 - slice); row++) {
        const at = new Date('1990-01-08T01:02:03Z');
        writer.writeRow({ day: new Date('1990-01-08'), at, b: new Uint8Array([104, 9, 255]) });
      }
    }
    const other = job.datasetWriter({ name: 'other', columns: { n: 'int32' } });
    for (let slice = 0; slice < 2; slice++) {
      other.setSlice(slice);
      for (let row = 0; row < 3 - slice; row++) other.write(row);
    }
  },
});
`;

let project: Project;

/** dev-0 with one row, dev-1 with none, dev-2 with two, in one chain. */
beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/days.ts': DAYS,
    'build.ts': `export default async (urd) => {
  let previous;
  for (const rows of [1, 0, 2]) previous = await urd.build('days', { rows, previous });
};
`,
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

async function shown(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.acc('ds', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test('a dataset may be named by the path of its job', async () => {
  const text = await shown('days/other');
  expect(await shown('./workdirs/dev/dev-2/other')).toBe(text);
  expect(await shown('workdirs/dev/dev-2/other')).toBe(text);
});

test('a date is shown as a day, a datetime with its time, as bounds and in rows', async () => {
  const text = await shown('days');
  expect(text).toMatch(/^ +day +date +1990-01-08$/mu);
  expect(text).toMatch(/^ +at +datetime +1990-01-08T01:02:03\.000Z$/mu);
  expect(await shown('days', '--head', '1')).toBe(
    'day         at                        b\n1990-01-08  1990-01-08T01:02:03.000Z  h\\t\\xff\n',
  );
});

test('a dataset is shown with its method, chain, files and digest', async () => {
  const text = await shown('days');
  expect(text).toMatch(/^dev-2 {2}2 rows, 3 columns in 2 slices$/mu);
  expect(text).toMatch(/^ {2}method +days$/mu);
  expect(text).toMatch(/^ {2}caption +days$/mu);
  expect(text).toMatch(/^ {2}previous +dev-1, 3 in the chain with 3 rows$/mu);
  expect(text).toMatch(/^ {2}digest +[0-9a-f]{16}$/mu);
});

test('columns and bounds can be left out', async () => {
  expect(await shown('days', '--no-columns')).not.toContain('datetime');
  expect(await shown('days', '-m')).not.toContain('1990');
});

const names = (text: string): string[] => text.match(/^ {2}dev-\d+(?= )/gmu) ?? [];

test('the chain is listed, with or without datasets that have no rows', async () => {
  expect(names(await shown('days', '--chain'))).toEqual(['  dev-0', '  dev-1', '  dev-2']);
  const text = await shown('days', '--non-empty-chain');
  expect(names(text)).toEqual(['  dev-0', '  dev-2']);
  expect(text).toContain('and 1 dataset without rows');
});

test('slices are shown with their balance, of the dataset and of its chain', async () => {
  const text = await shown('days', '--slices');
  expect(text).toMatch(/^ +0 +2 +100\.0 % +━{20}$/mu);
  expect(text).toMatch(/longest slice 2\.00 times the mean/u);
  expect(await shown('days', '--chained-slices')).toMatch(/^ +0 +3 +100\.0 %/mu);
  expect(await shown('days/other', '-s')).toMatch(/^ +1 +2 +40\.0 % +━{13}$/mu);
});

test('all datasets of a job are listed, with the rows of whole chains on request', async () => {
  expect(await shown('days', '--list')).toMatch(/^dev-2 +3 +2 +days$/mu);
  expect(await shown('days', '--list')).toMatch(/^dev-2\/other +1 +5$/mu);
  expect(await shown('days', '--chained-list')).toMatch(/^dev-2 +3 +3 +3 +days$/mu);
});

test('the place of each column is shown', async () => {
  expect(await shown('days', '--location')).toMatch(
    /^ +at +datetime +.* dev-2 days DS\/default\.\*\.arrow$/mu,
  );
});

test('programs are given everything', async () => {
  const value = JSON.parse(await shown('days', '--json', '-c', '--head', '1')) as unknown;
  expect(value).toMatchObject({
    dataset: 'dev-2',
    hashlabel: null,
    previous: 'dev-1',
    lines: [2, 0],
    columns: [
      { name: 'day', min: '1990-01-08', job: 'dev-2', method: 'days', fileColumn: 'day' },
      { name: 'at' },
      { name: 'b', min: null },
    ],
    chain: [{ dataset: 'dev-0', rows: 1 }, { rows: 0 }, { rows: 2 }],
    head: [{ day: '1990-01-08', at: '1990-01-08T01:02:03.000Z' }],
  });
  expect(JSON.parse(await shown('days', '--json', '-l'))).toHaveLength(2);
});

test('of several datasets those that are there are shown, and the others told about', async () => {
  const one = await project.acc('ds', 'dev-0/nothing', 'dev-2');
  expect(one).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('dev-2  2 rows') as string,
  });
  expect(one.stderr).toContain('has no dataset "nothing"');
  const quiet = await project.acc('ds', '-q', 'dev-0/nothing', 'dev-2');
  expect(quiet).toMatchObject({ code: 0, stderr: '' });
});

test('--csv prints one table: columns, or what is asked for', async () => {
  expect((await shown('dev-2', '--csv')).split('\n')).toEqual([
    'name,type,nullable,min,max',
    'day,date,false,1990-01-08,1990-01-08',
    'at,datetime,false,1990-01-08T01:02:03.000Z,1990-01-08T01:02:03.000Z',
    'b,bytes,false,,',
    '',
  ]);
  expect(await shown('dev-2/other', '--csv', '-w')).toBe(
    'name,type,nullable,min,max,job,method,file,fileColumn\n' +
      'n,int32,false,0,2,dev-2,days,DS/other.0.arrow,n\n',
  );
  expect(await shown('dev-2/other', '--csv', '--head', '2')).toBe('n\n0\n1\n');
  expect(await shown('dev-2', '--csv', '-C')).toBe(
    'dataset,columns,rows,caption\ndev-0,3,1,days\ndev-2,3,2,days\n',
  );
  expect(await shown('dev-2', '--csv', '-L')).toBe(
    'dataset,columns,rows,datasets,caption\ndev-2,3,3,3,days\ndev-2/other,1,5,1,\n',
  );
  expect(await shown('dev-2/other', 'dev-2', '--csv', '-s')).toBe(
    'slice,rows\n0,3\n1,2\n\nslice,rows\n0,2\n1,0\n',
  );
  expect(await shown('dev-2', '--csv', '-S')).toBe('slice,rows\n0,3\n1,0\n');
});
