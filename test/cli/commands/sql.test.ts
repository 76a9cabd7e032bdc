// `acc sql` and the method `dataset_sql`, over the index and over datasets.

import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { bindQuery } from '../../../src/cli/looking/query-tables.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { loadPolars, POLARS_VERSION } from '../../../src/method/sql/polars.ts';
import { COLUMN_TYPES } from '../../../src/model/column-type.ts';
import { messageWithHints, UsageError } from '../../../src/model/errors.ts';
import { Project } from '../../rig/project.ts';

const TABLE = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { start: z.number().default(0) },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options: { start }, datasets }) {
    const writer = job.datasetWriter({ previous: datasets.previous, columns: {
      user: 'string', n: 'int64', f: { type: 'float64', nullable: true }, day: 'date', at: 'datetime', clock: 'time',
      x: 'bytes', exact: 'number', small: 'int8', ok: 'bool', j: 'json',
    } });
    for (let slice = 0; slice < 2; slice++) {
      writer.setSlice(slice);
      for (let row = 0; row < 3; row++) {
        const i = start + slice * 3 + row;
        writer.write(row === 0 ? 'ann' : 'bo', 9007199254740993n + BigInt(i), row === 1 ? null : i / 2,
          new Date(86400000 * i), 1700000000000001n, 1000000 * i, Uint8Array.of(255, i), i, i, i % 2 === 0, { i });
      }
    }
    const none = job.datasetWriter({ name: 'none', columns: { a: 'string', t: 'datetime', b: 'bytes' } });
    for (let slice = 0; slice < 2; slice++) none.setSlice(slice);
    const types = ['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'float32', 'float64', 'number',
      'date', 'time', 'datetime', 'string', 'bytes', 'json'];
    const bare = job.datasetWriter({ name: 'bare', columns: { a: 'int8' } });
    bare.split().write(1);
    const nullable = Object.fromEntries(types.map((type) => [type, { type, nullable: true }]));
    const all = job.datasetWriter({ name: 'all', previous: bare, columns: { a: 'int8', ...nullable } });
    all.split().write(2, ...types.map(() => null));
    let previous;
    const kinds = { narrow: { a: 'int8', b: 'string' }, wide: { c: 'bool', a: 'int16' }, half: { a: 'float32' }, text: { a: 'string' } };
    for (const [name, columns] of Object.entries(kinds)) {
      previous = job.datasetWriter({ name, columns, previous });
      previous.split().write(...{ narrow: [1, 'x'], wide: [true, 300], half: [0.5], text: ['y'] }[name]);
    }
  },
});
`;

/** Its columns lie in two files for each slice, of which Polars maps one into memory and unpacks the other. */
const BESIDE = `import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    const left = job.datasetWriter({ name: 'left', columns: { n: 'int32', f: 'float64' } });
    for (let slice = 0; slice < 2; slice++) {
      left.setSlice(slice);
      for (let n = slice * 2000; n < (slice + 1) * 2000; n++) left.write(n, n / 7);
    }
    const right = job.datasetWriter({ columns: { third: 'float64' }, parent: left.finish() });
    for (let slice = 0; slice < 2; slice++) {
      right.setSlice(slice);
      for (let n = slice * 2000; n < (slice + 1) * 2000; n++) right.write(n / 3);
    }
  },
});
`;

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 2 };\n',
    'methods/table.ts': TABLE,
    'methods/beside.ts': BESIDE,
    'build.ts': `export default async (urd) => {
  const previous = await urd.build('table');
  const last = await urd.build('table', { start: 10, previous });
  await urd.build('dataset_sql', {
    sources: [last], query: 'select *, n - 1 as less from source where small > 10 order by small desc',
  });
  const other = await urd.build('dataset_sql', {
    sources: [previous, last], tables: ['a', 'b'], chain: false,
    query: "select a.user, count(*) as n, sum(b.small) as s from a join b on a.user = b.user group by a.user order by 1",
  });
  console.log(JSON.stringify(await other.load()));
  await urd.build('beside');
};
`,
  });
  const { code, stdout, stderr } = await project.acc('run');
  expect(code, stdout + stderr).toBe(0);
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

async function sql(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.acc('sql', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test('the index is asked where no dataset is named', async () => {
  expect(await sql('select method, count(*) as n from jobs group by 1', '--csv')).toBe(
    'method,n\nbeside,1\ndataset_sql,2\ntable,2\n',
  );
  expect(await sql('select 1 as a, null as b, 1 as a', '--json')).toBe('{"a":1,"b":null,"a":1}\n');
});

test('datasets are named in braces, or quoted after FROM, each type as it is', async () => {
  expect(await sql('select user, sum(f) as s from {dev-0} group by 1 order by 1')).toBe(
    'ann\t1.5\nbo\t3.5\n',
  );
  expect(
    await sql('select user, n, f, day, at, clock, exact, ok, j from "dev-0" limit 2', '--json'),
  ).toBe(
    '{"user":"ann","n":9007199254740993,"f":0,"day":"1970-01-01","at":"2023-11-14T22:13:20.000001Z","clock":"00:00:00","exact":0,"ok":true,"j":"{\\"i\\":0}"}\n' +
      '{"user":"bo","n":9007199254740994,"f":null,"day":"1970-01-02","at":"2023-11-14T22:13:20.000001Z","clock":"00:00:01","exact":1,"ok":false,"j":"{\\"i\\":1}"}\n',
  );
});

test('a dataset stands for its chain on request, and may be empty', async () => {
  expect(await sql('select count(*) as n from {table}')).toBe('6\n');
  expect(await sql('select count(*) as n from {table}', '--chain')).toBe('12\n');
  expect(await sql('select * from {dev-0/none}', '--csv')).toBe('a,t,b\n');
});

test('columns that lie in several files stay together under every limit', async () => {
  const query = 'select * from {beside}';
  expect(await sql(`${query} limit 2`)).toBe(`0\t0\t0\n1\t${1 / 7}\t${1 / 3}\n`);
  expect(await sql(`${query} limit 1 offset 2001`)).toBe(`2001\t${2001 / 7}\t667\n`);
  expect(await sql(`select sum(third) from (${query} limit 4) as four`)).toBe('2\n');
  expect(await sql(`${query} where n > 5 limit 1`)).toBe(`6\t${6 / 7}\t2\n`);
});

test('a chain may have got columns and wider types; what no type holds is said', async () => {
  const query = 'select * from {dev-0/NAME} order by a';
  expect(await sql(query.replace('NAME', 'wide'), '-c', '--csv')).toBe('c,a,b\n,1,x\ntrue,300,\n');
  expect(await sql(query.replace('NAME', 'half'), '-c', '--json')).toBe(
    '{"a":0.5,"c":null,"b":null}\n{"a":1,"c":null,"b":"x"}\n{"a":300,"c":true,"b":null}\n',
  );
  expect(await project.acc('sql', '-c', query.replace('NAME', 'text'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'Column "a" is float32 in dev-0/half, but string in dev-0/text: no table holds both',
    ) as unknown,
  });
});

test('a chain may have got a column of any type', async () => {
  const [head = '', ...rows] = (
    await sql('select * from {dev-0/all} order by a', '-c', '--csv')
  ).split('\n');
  const types = head.split(',').slice(1);
  expect(types.toSorted()).toEqual(COLUMN_TYPES.toSorted());
  const nulls = ','.repeat(types.length);
  expect(rows).toEqual([`1${nulls}`, `2${nulls}`, '']);
});

test('a table for people is aligned and has a header', async () => {
  const child = project.start([
    'sql',
    'select small from {dev-0} order by 1 desc limit 2',
    '-f',
    'aligned',
  ]);
  expect((await child.ended).stdout).toBe('small\n    5\n    4\n');
});

test('a query makes a dataset: types, nulls and order are kept', async () => {
  const rows = (await project.acc('cat', 'dev-2', '--json')).stdout.trimEnd().split('\n');
  expect(rows).toHaveLength(5);
  expect(JSON.parse(rows[0] ?? '')).toMatchObject({
    small: 15,
    clock: '00:00:15',
    x: '\uDCFF\u000F',
  });
  expect(rows[1]).toContain('"less":9007199254741006');
  expect(rows[1]).toContain('"f":null');
  const { stdout } = await project.acc('ds', 'dev-2');
  expect(stdout).toMatch(/^ +at +datetime/mu);
  expect(stdout).toMatch(/^ +f +float64 or null/mu);
  expect(stdout).toMatch(/^ +less +int64/mu);
  expect((await project.acc('cat', 'dev-3')).stdout).toBe('ann\t4\t46\nbo\t16\t208\n');
});

test('only what stands for a table becomes one', () => {
  const found: string[] = [];
  const find = (spec: string): Dataset => {
    found.push(spec);
    return { toString: () => spec } as unknown as Dataset;
  };
  const findIfAny = (spec: string): Dataset | undefined =>
    spec === 'plain' ? undefined : find(spec);
  const query = `select '{no}', "col" from {a} join "b/c" -- {no}
    join "plain" join {a} /* {no} */`;
  expect(bindQuery(query, { find, findIfAny }).sql)
    .toBe(`select '{no}', "col" from dataset_1 join dataset_2 -- {no}
    join "plain" join dataset_1 /* {no} */`);
  expect(found).toEqual(['a', 'b/c', 'a']);
});

test('without the engine it is said what to install', () => {
  const error = thrownBy(() => loadPolars(['/nowhere/package.json']));
  expect(error.message).toBe(
    'SQL over datasets needs the package nodejs-polars, which is not installed',
  );
  expect(messageWithHints(error)).toContain(`npm install nodejs-polars@${POLARS_VERSION}`);
});

test('an engine that is installed without its binary is not said to be missing', async () => {
  await using place = await Project.create({
    'node_modules/nodejs-polars/index.js': "require('nodejs-polars-linux-x64-gnu');\n",
  });
  const error = thrownBy(() => loadPolars(['/nowhere/package.json', place.path('build.ts')]));
  expect(messageWithHints(error)).toBe(
    'SQL over datasets needs the package nodejs-polars, which is installed, but cannot be loaded: ' +
      "Cannot find module 'nodejs-polars-linux-x64-gnu'. " +
      `Install the version that acc is tested with: npm install nodejs-polars@${POLARS_VERSION}`,
  );
});

test('the version of the engine to install is the one that the tests run with', () => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ devDependencies: { 'nodejs-polars': POLARS_VERSION } });
});

function thrownBy(action: () => unknown): UsageError {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error('Expected a UsageError');
}
