// A query over files that were changed after they were written: found before the engine reads them.

import { readFile, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { seenColumns } from '../../../src/method/sql/seen-columns.ts';
import { Project } from '../../rig/project.ts';

const FILE = 'workdirs/dev/dev-0/DS/default.1.arrow';
const QUERIES = [
  'select sum(n) as s from {dev-0}',
  'select * from {dev-0}',
  'select sum("N" * 2) as s from {dev-0}',
];

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/table.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  prepare: ({ job }) => job.datasetWriter({ columns: { n: 'float64', s: 'string', o: 'int32' }, compression: 'none' }),
  analysis({ sliceno, prepareRes }) {
    for (let i = 0; i < 1000; i++) prepareRes.write(i / 3, ['red', 'green'][i % 2], i);
  },
});
`,
    'build.ts': "export default async (urd) => { await urd.build('table'); };\n",
    'query.ts': `export default async (urd) => {
  const table = await urd.build('table');
  await urd.build('dataset_sql', { sources: [table], query: 'select sum(n) as s from source' });
};
`,
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

/** Changes one byte of a file while `look` runs. */
async function flipped(at: (bytes: Buffer) => number, look: () => Promise<void>): Promise<void> {
  const before = await readFile(project.path(FILE));
  const bytes = Buffer.from(before);
  const place = at(bytes);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(project.path(FILE), bytes);
  await look();
  await writeFile(project.path(FILE), before);
}

function placeOfNumber(bytes: Buffer): number {
  const number = Buffer.alloc(8);
  number.writeDoubleLE(500 / 3);
  return bytes.indexOf(number) + 6;
}

test('a changed number fails the query, and the method, and makes no job', async () => {
  await flipped(placeOfNumber, async () => {
    const failed = await project.acc('run', 'query.ts');
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain(
      'DS/default.1.arrow: the checksum of column "n" of record batch 0 is wrong',
    );
    for (const query of QUERIES) {
      const { code, stdout, stderr } = await project.acc('sql', query);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain(
        `Cannot read ${FILE}: the checksum of column "n" of record batch 0 is wrong; the file was changed`,
      );
    }
  });
  // The table is made again, and the query finds the new one.
  expect(await project.acc('run', 'query.ts')).toMatchObject({ code: 0 });
});

test('columns that the query does not name are not looked at', async () => {
  await flipped(placeOfNumber, async () => {
    const { code, stdout } = await project.acc(
      'sql',
      'select count(*) as c, sum(o) as t from {dev-0}',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '2000\t999000\n' });
  });
});

test('a changed dictionary is found, and a broken or cut off footer names the file', async () => {
  await flipped(
    (bytes) => bytes.indexOf('redgreen'),
    async () => {
      const { code, stderr } = await project.acc('sql', 'select s from {dev-0}');
      expect(code).toBe(3);
      expect(stderr).toContain(`Cannot read ${FILE}: the checksum of the dictionary of column "s"`);
    },
  );
  for (const fromEnd of [1, 8, 40]) {
    await flipped(
      (bytes) => bytes.length - fromEnd,
      async () => {
        const { code, stderr } = await project.acc('sql', 'select count(*) as c from {dev-0}');
        expect(code, stderr).toBe(3);
        expect(stderr).toMatch(
          /Cannot read .*default\.1\.arrow: (?:it is no Arrow file|the checksum of its footer is wrong)/u,
        );
      },
    );
  }
  const bytes = await readFile(project.path(FILE));
  await writeFile(project.path(FILE), bytes.subarray(0, 100));
  const { code, stderr } = await project.acc('sql', 'select count(*) as c from {dev-0}');
  expect(code).toBe(3);
  expect(stderr).toContain(`Cannot read ${FILE}: it has 100 bytes instead of`);
  await writeFile(project.path(FILE), bytes);
});

test.each([
  ['select a from t', ['a']],
  ['select count(*), sum("B C") from t', ['B C']],
  ['select a * 2 from t', ['a']],
  ['select "q""x" from t', ['q"x']],
  ['select * from t', ['a', 'B C', 'q"x']],
  ['select count(*) from t natural join u', ['a', 'B C', 'q"x']],
  ['select a from t where (a > 1)', ['a']],
  ['select z from (from t)', ['a', 'B C', 'q"x']],
  ['select "^x.+$" from t', ['a', 'B C', 'q"x']],
])('%s sees %j', (query, expected) => {
  const seen = seenColumns(query, ['a', 'B C', 'q"x']);
  expect(seen).toEqual(expected);
});
