// Scans that are large enough for threads: the same rows in the same order, interrupted cleanly.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const ROWS = 200_000;
/** `0  row 0` */
const SHORTEST_ROW = 8;
const TABLE = `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { n: 'int32', s: 'string' } }),
  analysis({ sliceno, prepareRes }) {
    for (let i = 0; i < ${ROWS}; i++) prepareRes.write(sliceno * ${ROWS} + i, 'row ' + (i % 1000));
  },
});
`;

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 3 };\n',
    'methods/table.ts': TABLE,
    'build.ts': "export default (urd) => urd.build('table');\n",
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

async function out(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await project.acc(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\n');
}

test('rows come slice by slice though slices are read at the same time', async () => {
  const rows = await out('cat', 'table', 'n');
  expect(rows).toHaveLength(3 * ROWS);
  expect(rows.every((row, i) => row === String(i))).toBe(true);
});

test('a search finds the same rows in order, as they come, and around the slices', async () => {
  const expected = Array.from({ length: 600 }, (_, i) => `${i * 1000 + 77}\trow 77`);
  expect(await out('grep', 'row 77$', 'table')).toEqual(expected);
  expect(await out('grep', '-F', 'row 777', 'table', '-m', '2')).toEqual([
    '777\trow 777',
    '1777\trow 777',
  ]);
  expect((await out('grep', 'row 77$', 'table', '--unordered')).toSorted(byNumber)).toEqual(
    expected,
  );
  expect(
    (await out('grep', 'row 77$', 'table', '-r', '-m', '4')).map((row) => row.split('\t')[0]),
  ).toEqual(['77', '200077', '400077', '1077']);
});

test('values are counted over all slices', async () => {
  expect(await out('hist', 'table', 'n', '-m', '3')).toEqual([
    '0\t199999\t200000',
    '200000\t399999\t200000',
    '400000\t599999\t200000',
  ]);
});

test('an interrupted scan ends at once with 130 and says nothing', async () => {
  const run = project.start(['cat', 'table']);
  await run.printed('row 1');
  run.kill('SIGINT');
  expect(await run.ended).toMatchObject({ code: 130, stderr: '' });
});

test.skipIf(process.platform !== 'linux')(
  '^C on a terminal stops the rows that are being printed',
  async () => {
    const command = project.shellCommand(['cat', 'table']);
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd: project.directory });
    let printed = 0;
    terminal.stdout.on('data', (data: Buffer) => {
      if (printed === 0) terminal.stdin.write('\u0003');
      printed += data.length;
    });
    expect(await once(terminal, 'close')).toEqual([130, null]);
    expect(printed).toBeLessThan(SHORTEST_ROW * 3 * ROWS * 0.5);
  },
);

test('a damaged file ends a scan with the place of the damage', async () => {
  await using other = await Project.create({
    'acc.config.ts': 'export default { slices: 3 };\n',
    'methods/table.ts': TABLE,
    'build.ts': "export default (urd) => urd.build('table');\n",
  });
  await other.acc('run');
  await rm(other.path('workdirs/dev/dev-0/DS/default.1.arrow'));
  const { code, stderr } = await other.acc('grep', 'nothing', 'table');
  expect(code).toBe(3);
  expect(stderr).toContain('workdirs/dev/dev-0/DS/default.1.arrow');
});

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
