// The correctness corpus, part one: which edits make which jobs run. Every test asserts exactly what was executed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { notes, run, runWith, script } from '../rig/run.ts';
import type { Run } from '../rig/run.ts';

/** `first` reaches `far` through `near`; `second` takes the job of `first`; `third` stands alone. */
const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/first.ts': `import { defineMethod, z } from 'acc-engine';
import { near } from './lib/near.ts';

export default defineMethod({
  options: { n: z.number().default(3), shape: z.record(z.string(), z.number()).default({}) },
  synthesis({ options }) {
    const sum = near(options.n);
    return sum;
  },
});
`,
  'methods/lib/near.ts': `import { far } from './far.ts';

export function near(x: number): number {
  return far(x) + 1;
}

export function unused(x: number): number {
  return x * 7;
}
`,
  'methods/lib/far.ts': `/** Doubles. */
export function far(x: number): number {
  const result = x * 2;
  return result;
}
`,
  'methods/second.ts': `import { defineMethod, job } from 'acc-engine';

export default defineMethod({
  jobs: { source: job() },
  async synthesis({ jobs }) {
    return Number(await jobs.source.load()) * 100;
  },
});
`,
  'methods/third.ts': `import { readFileSync } from 'node:fs';
import { defineMethod, inputFile } from 'acc-engine';

export default defineMethod({
  env: ['REGION'],
  options: { file: inputFile().prefault('data.txt') },
  synthesis({ options }) {
    return readFileSync(options.file.filename(), 'utf8') + process.env.REGION;
  },
});
`,
  'data.txt': 'one\n',
  'build.ts': script(
    "const first = urd.build('first');",
    "urd.build('second', { source: first });",
    "urd.build('third');",
  ),
};

const RESULT = 'const result = x * 2;\n  return result;';

const ALL = ['first', 'second', 'third'];

type Edit = readonly [edit: string, file: string, from: string, to: string];

/** Each test makes one edit of its own in the same project, which has been built before. */
function afterEach(edits: readonly Edit[], expected: Partial<Run>): void {
  let project: Project;
  beforeAll(async () => {
    project = await builtProject();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test.each(edits)('%s', async (_, file, from, to) => {
    await project.edit(file, from, to);
    expect(await run(project)).toMatchObject({ code: 0, ...expected });
  });
}

async function builtProject(): Promise<Project> {
  const project = await Project.create(FILES);
  expect((await run(project)).built).toEqual(ALL);
  return project;
}

describe('nothing is executed after', () => {
  afterEach(
    [
      ['no edit at all', 'methods/lib/far.ts', 'return result', 'return result'],
      ['a comment edit', 'methods/lib/far.ts', '/** Doubles. */', '// Twice as much.\n// Really.'],
      ['a comment edit in the method', 'methods/first.ts', 'return sum;', '// done\n return sum;'],
      ['a layout edit', 'methods/lib/far.ts', 'const result = x', 'const result =\n    x  '],
      ['other quotes', 'methods/first.ts', "'./lib/near.ts'", '"./lib/near.ts"'],
      ['a type annotation edit', 'methods/lib/far.ts', 'const result =', 'const result: number ='],
      ['an edit of an unused export of a helper', 'methods/lib/near.ts', 'x * 7', 'x * 8'],
      ['an explicit option that equals the default', 'build.ts', "'first')", "'first', { n: 3 })"],
      ['a setting of a build', 'build.ts', '{ n: 3 })', "{ n: 3 }, { caption: 'c', retries: 2 })"],
      ['another order of builds', 'build.ts', "urd.build('third');", ''],
    ],
    { built: [] },
  );
});

describe('the method alone is executed, and cut off below, after', () => {
  afterEach(
    [
      ['a rename of a local', 'methods/lib/far.ts', RESULT, RESULT.replaceAll('result', 'product')],
      ['a refactoring with the same output', 'methods/lib/far.ts', 'x * 2', 'x + x'],
      ['a higher version', 'methods/first.ts', 'options:', 'version: 2,\n  options:'],
    ],
    { built: ['first'], reused: ['second', 'third'] },
  );
});

describe('the method and those that depend on it are executed after', () => {
  afterEach(
    [
      ['an edit of a used helper two imports away', 'methods/lib/far.ts', 'x * 2', 'x * 3'],
      ['another default', 'methods/first.ts', 'default(3)', 'default(5)'],
      ['another option value', 'build.ts', "'first')", "'first', { n: 4 })"],
      ['an option of an object', 'build.ts', '{ n: 4 }', '{ n: 4, shape: { a: 1, b: 2 } }'],
    ],
    { built: ['first', 'second'], reused: ['third'] },
  );
});

test('the order of keys in an option is irrelevant, and a method cannot see it', async () => {
  await using project = await builtProject();
  await project.edit('methods/first.ts', 'near(options.n)', 'Object.keys(options.shape)');
  await project.edit('build.ts', "'first')", "'first', { shape: { b: 1, a: 2 }, n: 3 })");
  await project.edit('build.ts', "urd.build('third');", 'note(await (await first).load());');
  const first = await run(project);
  expect(first.built).toEqual(['first', 'second']);
  expect(notes(first)).toEqual([['a', 'b']]);
  await project.edit(
    'build.ts',
    '{ shape: { b: 1, a: 2 }, n: 3 }',
    '{ n: 3, shape: { a: 2, b: 1 } }',
  );
  expect(await run(project)).toMatchObject({ built: [], reused: ['first', 'second'] });
});

test('a revert of an edit reuses the older jobs', async () => {
  await using project = await builtProject();
  await project.edit('methods/lib/far.ts', 'x * 2', 'x * 3');
  expect((await run(project)).built).toEqual(['first', 'second']);
  await project.edit('methods/lib/far.ts', 'x * 3', 'x * 2');
  const reverted = await run(project);
  expect(reverted).toMatchObject({ built: [], reused: ALL });
  expect(reverted.build('first').job).toBe('dev-0');
});

test('another package version executes the method that imports the package, and no other', async () => {
  await using project = await Project.create(FILES);
  await project.write(factorPackage('1.0.0', 2));
  await project.edit('methods/lib/far.ts', '/** Doubles. */', "import { factor } from 'factor';");
  await project.edit('methods/lib/far.ts', 'x * 2', 'x * factor');
  expect((await run(project)).built).toEqual(ALL);
  // The same output by another version: cut off below.
  await project.write(factorPackage('1.0.1', 2));
  expect(await run(project)).toMatchObject({ built: ['first'], reused: ['second', 'third'] });
  await project.write(factorPackage('2.0.0', 3));
  expect(await run(project)).toMatchObject({ built: ['first', 'second'], reused: ['third'] });
});

test('the content of an input file counts, its modification time does not', async () => {
  await using project = await builtProject();
  await project.write({ 'data.txt': 'two\n' });
  expect(await run(project)).toMatchObject({ built: ['third'], reused: ['first', 'second'] });
  await project.write({ 'data.txt': 'two\n' });
  expect(await run(project)).toMatchObject({ built: [], reused: ALL });
  await project.write({ 'data.txt': 'one\n' });
  expect((await run(project)).built).toEqual([]);
});

test('a declared environment variable counts, set, empty or absent; others do not', async () => {
  await using project = await builtProject();
  expect((await runWith(project, [], { REGION: 'north' })).built).toEqual(['third']);
  expect((await runWith(project, [], { REGION: '' })).built).toEqual(['third']);
  expect((await runWith(project, [], { REGION: undefined, SEASON: 'winter' })).built).toEqual([]);
  expect((await runWith(project, [], { REGION: 'north' })).built).toEqual([]);
});

test('files a method depends on count by content', async () => {
  await using project = await Project.create({ ...FILES, 'tables/rates.json': '{}\n' });
  await project.edit(
    'methods/first.ts',
    'options:',
    "dependsOn: ['../tables/rates.json'],\n  options:",
  );
  expect((await run(project)).built).toEqual(ALL);
  await project.write({ 'tables/rates.json': '{ "a": 1 }\n' });
  expect(await run(project)).toMatchObject({ built: ['first'], reused: ['second', 'third'] });
  expect((await run(project)).built).toEqual([]);
});

test('slices count: in a workdir with another number of them everything is executed', async () => {
  await using project = await builtProject();
  await project.write({ 'acc.config.ts': configuration(3, 'workdirs/dev') });
  const refused = await project.acc('run', '--json');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatchInlineSnapshot(`
    "error  Workdir dev has 2 slices, but 3 are asked for
        Leave out \`--slices\`, set \`slices\` to 2 in acc.config.ts, or use another workdir.
    "
  `);
  await project.write({ 'acc.config.ts': configuration(3, 'workdirs/wide') });
  expect(await run(project)).toMatchObject({ code: 0, built: ALL, reused: [] });
  await project.write({ 'acc.config.ts': configuration(2, 'workdirs/dev') });
  expect(await run(project)).toMatchObject({ code: 0, built: [], reused: ALL });
});

test('settings, names of builds, flags and concurrency are never in the key', async () => {
  await using project = await builtProject();
  await project.write({
    'build.ts': script(
      "const settings = { name: 'n', caption: 'c', concurrency: 1, timeout: '5m', retries: 2, labels: { a: 'b' } };",
      "urd.build('third', {}, settings);",
      "const first = await urd.build('first', undefined, settings);",
      "urd.build('second', { source: first }, settings);",
    ),
  });
  const renamed = await run(project, '--concurrency', '1', '--flag', 'a=b');
  expect(renamed).toMatchObject({ code: 0, built: [], reused: ['n', 'n', 'n'] });
});

function configuration(slices: number, directory: string): string {
  return `export default { slices: ${slices}, workdirs: { dev: '${directory}' } };\n`;
}

function factorPackage(version: string, factor: number): Record<string, string> {
  return {
    'node_modules/factor/package.json': `{ "name": "factor", "version": "${version}", "type": "module", "main": "index.js" }\n`,
    'node_modules/factor/index.js': `export const factor = ${factor};\n`,
  };
}
