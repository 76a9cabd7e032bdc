// The commands that look at what has been built, on one project that is built once.

import { rm } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';

let project: Project;

/** dev-0 csvimport, dev-1 total, dev-2 fails, dev-3 total again after an edit. */
beforeAll(async () => {
  project = await Project.create({
    'data/sales.csv': 'shop,price\nA,1.5\nB,2.5\nA,4\n',
    'lib/rounding.ts': 'export function round(x: number): number {\n  return Math.round(x);\n}\n',
    'methods/total.ts': `import { dataset, defineMethod, z } from 'acc-engine';
import { round } from '../lib/rounding.ts';

export default defineMethod({
  description: 'Sum of all prices\\nof one shop or of all',
  options: { shop: z.string().optional(), factor: z.number().default(1) },
  datasets: { source: dataset({ columns: { shop: 'string', price: 'float64' } }) },
  analysis({ sliceno, datasets }) {
    let sum = 0;
    for (const price of datasets.source.iterate(sliceno, 'price')) sum += price;
    return sum;
  },
  synthesis({ analysisRes, options, job }) {
    console.log('adding up');
    const total = round(analysisRes.reduce((a, b) => a + b, 0) * options.factor);
    job.saveJson({ total }, 'total.json');
    return total;
  },
});
`,
    'methods/broken.ts': `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { twice: z.string() }, datasets: { twice: dataset() } });
`,
    'methods/fail.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis() { throw new Error('on purpose'); } });
`,
    'build.ts': `export default async function main(urd) {
  const source = urd.build('csvimport', { filename: 'data/sales.csv', types: { price: 'float64' } });
  const total = await urd.build('total', { source }, { caption: 'all shops' });
  total.linkResult('total.json');
  await urd.build('fail');
}
`,
  });
  await project.acc('run');
  await project.edit('lib/rounding.ts', 'Math.round(x)', 'Math.floor(x)');
  await project.acc('run');
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

async function lines(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await project.acc(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\n');
}

async function json(...args: string[]): Promise<unknown> {
  return JSON.parse((await lines(...args, '--json')).join('\n')) as unknown;
}

test('jobs lists what there is, newest first, and can be restricted', async () => {
  const [head, ...rows] = await lines('jobs');
  expect(head).toMatch(/^job +method +state +started +took +size +caption$/u);
  expect(rows.map((row) => row.split(/ {2,}/u).slice(0, 3))).toEqual([
    ['dev-4', 'fail', 'failed'],
    ['dev-3', 'total', 'finished'],
    ['dev-2', 'fail', 'failed'],
    ['dev-1', 'total', 'finished'],
    ['dev-0', 'csvimport', 'finished'],
  ]);
  expect(await json('jobs', 'total', 'csvimport', '--max', '2')).toMatchObject([
    { id: 'dev-3', caption: 'all shops' },
    { id: 'dev-1' },
  ]);
  expect(await json('jobs', '--state', 'failed')).toMatchObject([{ id: 'dev-4' }, { id: 'dev-2' }]);
  expect(await json('jobs', '--since', '2999-01-01')).toEqual([]);
  expect(await json('jobs', '--workdir', 'dev', '--since', '1h')).toHaveLength(5);
});

test('job shows what went in and what came out', async () => {
  const shown = await lines('job', 'total');
  expect(shown[0]).toMatch(
    /^dev-3 {2}total {2}finished {2}started \d{4}-\d\d-\d\d .*, took [\d.]+s$/u,
  );
  const text = shown.join('\n');
  for (const part of [
    /^ {2}caption +all shops$/mu,
    /^ {2}run +2 of build\.ts$/mu,
    /^ {2}options +factor +1$/mu,
    /^ {2}datasets in +source +dev-0$/mu,
    /^ {2}files +result\.msgpack +\d+ B$/mu,
    /^ +total\.json +\d+ B$/mu,
    /^ {2}results +total\.json +total\.json$/mu,
    /^ {2}printed +10 B: acc job dev-3 --output$/mu,
    /^ {2}directory +workdirs\/dev\/dev-3$/mu,
  ]) {
    expect(text).toMatch(part);
  }
  expect((await lines('job', 'csvimport')).join('\n')).toMatch(/used by +dev-1 +dataset source/u);
});

test('job tells how a failed job failed', async () => {
  const text = (await lines('job', 'dev-2')).join('\n');
  expect(text).toMatch(/^dev-2 {2}fail {2}failed/u);
  expect(text).toContain('dev-2 (fail) failed in synthesis: Error: on purpose');
});

test('job prints output, source, path and files', async () => {
  expect(await lines('job', 'total', '--output')).toEqual(['adding up']);
  expect(await lines('job', 'total', '--path')).toEqual([project.path('workdirs/dev/dev-3')]);
  const source = (await lines('job', 'total~', '--source')).join('\n');
  expect(source).toContain('return Math.round(x);');
  expect(source).toContain("description: 'Sum of all prices");
  expect(JSON.parse((await lines('job', 'total~', '--file', 'total.json')).join('\n'))).toEqual({
    total: 8,
  });
  expect((await lines('job', 'total', '--file', '*.json')).join('')).toContain('total');
  const missing = await project.acc('job', 'total', '--file', 'totl.json');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('Did you mean "total.json"?');
});

test('job gives programs the whole record', async () => {
  expect(await json('job', 'total')).toMatchObject({
    id: 'dev-3',
    state: 'finished',
    setup: { method: 'total', manifest: { options: { factor: 1 } } },
    post: { files: { 'total.json': {} } },
    results: [{ name: 'total.json' }],
  });
  expect(await json('job', 'dev-0', 'dev-1')).toMatchObject([{ id: 'dev-0' }, { id: 'dev-1' }]);
});

test('why names the changed line, and all that the key was made of', async () => {
  const text = (await lines('why', 'total')).join('\n');
  expect(text).toMatch(/^dev-3 {2}total {2}compared with dev-1, the nearest earlier job:$/mu);
  expect(text).toMatch(/^ {2}lib\/rounding\.ts:2$/mu);
  expect(text).toMatch(/^ +- +return Math\.round\(x\);$/mu);
  expect(text).toMatch(/^ +\+ +return Math\.floor\(x\);$/mu);
  expect(text).toMatch(/^ {2}option +factor +1$/mu);
  expect(text).toMatch(/^ {2}dataset +source +columns price, shop|columns shop, price$/mu);
  expect(await json('why', 'dev-1')).toMatchObject({
    job: 'dev-1',
    comparedWith: null,
    reasons: [{ kind: 'never_built' }],
  });
});

test('ds shows columns, rows, slices and the chain', async () => {
  const text = (await lines('ds', 'total.source', '--slices', '--chain')).join('\n');
  expect(text).toMatch(/^dev-0 {2}3 rows, 2 columns in \d+ slices?$/mu);
  expect(text).toMatch(/^ {2}price +float64 +1\.5 … 4$/mu);
  expect(text).toMatch(/longest slice [\d.]+ times the mean/u);
  expect(await lines('ds', 'csvimport', '--head', '2')).toEqual([
    'shop  price',
    'A       1.5',
    'B       2.5',
  ]);
  expect(await json('ds', 'dev-0', '--head', '1')).toMatchObject({
    dataset: 'dev-0',
    rows: 3,
    previous: null,
    columns: [
      { name: 'shop', type: 'string' },
      { name: 'price', type: 'float64', min: 1.5, max: 4 },
    ],
    head: [{ shop: 'A', price: 1.5 }],
  });
});

test('method lists all, shows one, and tells what is wrong with a broken one', async () => {
  const list = await lines('method');
  expect(list).toContainEqual(expect.stringMatching(/^total +Sum of all prices$/u));
  expect(list).toContainEqual(
    expect.stringMatching(/^broken +cannot be used: methods\/broken\.ts:2:16 .*twice/u),
  );
  expect(list).toContainEqual(expect.stringMatching(/^csvimport .*standard$/u));
  const text = (await lines('method', 'total')).join('\n');
  expect(text).toMatch(/^ {4}shop +optional; string$/mu);
  expect(text).toMatch(/^ {4}factor +default 1; number$/mu);
  expect(text).toMatch(/^ {4}source +required; columns shop: string, price: float64$/mu);
  expect(text).toMatch(/^ {2}stages +analysis, synthesis$/mu);
  const broken = await project.acc('method', 'broken');
  expect(broken.code).toBe(2);
  expect(broken.stdout).toMatch(/^broken {2}methods\/broken\.ts\n.*twice/u);
});

test('types writes the types of all methods', async () => {
  const { code, stdout, stderr } = await project.acc('types');
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\.acc\/methods\.d\.ts {2}types of \d+ methods\n/u) as string,
  });
  expect(stderr).toMatch(/^broken {2}cannot be used: methods\/broken\.ts:2:16 {2}.*twice/u);
  expect(await project.read('.acc/methods.d.ts')).toContain('total');
});

test('status tells what runs and how the last run ended', async () => {
  const [running, last] = await lines('status');
  expect(running).toBe('Nothing is running.');
  expect(last).toMatch(
    /^last run in dev: build\.ts at .*, built 1, reused 1, failed 1 in [\d.]+s, exit code 1$/u,
  );
  expect(await json('status')).toMatchObject({ running: [], runs: [{ exitCode: 1, failed: 1 }] });
});

test('workdir counts jobs', async () => {
  const [, row] = await lines('workdir');
  expect(row).toMatch(/^dev\* +workdirs\/dev +\d+ +3 +2 +[\d.]+ kB +dev-4$/u);
});

test('db rebuild makes the index anew, and everything is still reused', async () => {
  await rm(project.path('workdirs/dev/acc.sqlite'));
  expect(await lines('db', 'rebuild')).toEqual(['dev  indexed 3 finished jobs, 2 unfinished']);
  const { stdout } = await project.acc('run', '--dry-run');
  expect(stdout).toMatch(/^dev-3 +total +reused$/mu);
});
