import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const TABLE = `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { previous: dataset().optional() },
  synthesis({ job, datasets }) {
    const writer = job.datasetWriter({ previous: datasets.previous, columns: {
      n: 'int32', f: { type: 'float64', nullable: true }, day: 'date', s: { type: 'string', nullable: true }, wild: 'float64',
    } });
    for (let slice = 0; slice < 2; slice++) {
      writer.setSlice(slice);
      for (let row = 0; row < 50; row++) {
        const n = slice * 50 + row;
        const f = row === 0 ? null : row === 1 ? NaN : n / 10;
        writer.write(n, f, new Date(86400000 * n), n < 90 ? 'few'.repeat(1 + (n % 2)) : null, Infinity);
      }
    }
    const one = job.datasetWriter({ name: 'one', columns: { n: 'int32' } });
    for (let slice = 0; slice < 2; slice++) { one.setSlice(slice); one.write(5); }
  },
});
`;

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/table.ts': TABLE,
    'build.ts': `export default async (urd) => {
  const previous = await urd.build('table');
  await urd.build('table', { previous });
};
`,
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

async function hist(...args: string[]): Promise<{ out: string; notes: string }> {
  const { code, stdout, stderr } = await project.acc('hist', ...args);
  expect(code, stderr).toBe(0);
  return { out: stdout, notes: stderr };
}

test('whole numbers fall into bins with short edges that touch nowhere', async () => {
  const { out, notes } = await hist('table', 'n', '-m', '5');
  expect(out).toBe('0\t19\t20\n20\t39\t20\n40\t59\t20\n60\t79\t20\n80\t99\t20\n');
  expect(notes).toBe('');
});

test('about twenty bins are chosen by itself, over the chain and over one slice', async () => {
  const rows = (await hist('-c', 'table', 'n')).out.trimEnd().split('\n');
  expect(rows).toHaveLength(20);
  expect(rows[0]).toBe('0\t4\t10');
  expect((await hist('table', 'n', '-s', '1', '-m', '2')).out).toBe('0\t49\t0\n50\t99\t50\n');
});

test('what is no number is told about', async () => {
  const { out, notes } = await hist('table', 'f', '-m', '2', '--csv');
  expect(out).toBe('from,to,count\n0,5,48\n5,10,48\n');
  expect(notes).toBe('Not counted: 2 null.\nNot counted: 2 NaN.\n');
});

test('days fall into weeks from Monday on', async () => {
  const { out } = await hist('table', 'day', '-m', '8', '-f', 'ssv');
  expect(out.split('\n')[0]).toBe('1969-12-22 1970-01-04 4');
});

test('texts, several columns and a toplist are counted value by value', async () => {
  expect((await hist('table', 's')).out).toBe('few\t45\nfewfew\t45\n\t10\n');
  expect((await hist('table', 's', '-m', '1')).notes).toBe(
    '3 values in all; --max-count 0 shows every one.\n',
  );
  expect((await hist('-c', 'table', 'n', '-t', '-m', '1')).out).toBe('0\t2\n');
  expect((await hist('table/one', 'n', '-m', '0')).out).toBe('5\t2\n');
  expect((await hist('table', 's', 'wild', '-m', '1', '--csv')).out).toBe(
    's,wild,count\nfew,Infinity,45\n',
  );
});

test('the only column needs no name', async () => {
  expect((await hist('table/one')).out).toBe('5\t5\t2\n');
});

test('bars end where the terminal does, and the longest belongs to the highest count', async () => {
  const { out } = await hist('table', 's', '-f', 'bars');
  const [first, , last] = out.split('\n');
  expect(first).toMatch(/^few +45 {2}█+$/u);
  expect(first).toHaveLength(80);
  expect(last).toMatch(/^null +10 {2}█{14}/u);
  expect((await hist('table/one', '-f', 'aligned')).out).toBe('5  2\n');
});

test('programs are given JSON, pictures are SVG', async () => {
  expect(JSON.parse((await hist('table', 'n', '-m', '2', '--json')).out)).toEqual({
    column: 'n',
    bins: [
      { from: '0', to: '49', count: 50 },
      { from: '50', to: '99', count: 50 },
    ],
    nulls: 0,
    nans: 0,
  });
  await hist('table', 'n', '--svg', 'n.svg');
  const picture = await project.read('n.svg');
  expect(picture).toMatch(/^<svg [^]*<\/svg>\n$/u);
  expect(picture.match(/class="bar"/gu)).toHaveLength(20);
  expect((await hist('table', 's', '--svg', '-')).out.match(/class="bar"/gu)).toHaveLength(3);
});
