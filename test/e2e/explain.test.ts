// Why a job ran: `acc why` and `acc run --why` name what differs from the nearest earlier job, most telling first.

import { createHash } from 'node:crypto';

import stringify from 'fast-json-stable-stringify';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { run, runWith, script } from '../rig/run.ts';

const FILES = {
  'acc.config.ts': 'export default { slices: 2 };\n',
  'methods/rank.ts': `import { defineMethod, inputFile, z } from 'acc-engine';
import { pad } from 'leftish';
import { weigh } from './lib/weigh.ts';

export default defineMethod({
  env: ['REGION'],
  options: { limit: z.number().default(10), labels: z.record(z.string(), z.string()).default({}), file: inputFile() },
  synthesis({ options }) {
    return pad(String(weigh(options.limit)));
  },
});
`,
  'methods/lib/weigh.ts': `/** Weighs. */
export function weigh(limit: number): number {
  const factor = 3;
  return limit * factor;
}
`,
  'node_modules/leftish/package.json':
    '{ "name": "leftish", "version": "1.2.3", "type": "module", "main": "index.js" }\n',
  'node_modules/leftish/index.js': 'export const pad = (text) => text.padStart(4);\n',
  'data.txt': 'one\n',
  'build.ts': script("await urd.build('rank', { file: 'data.txt' });"),
};

let project: Project;
beforeAll(async () => {
  project = await Project.create(FILES);
});
afterAll(() => project[Symbol.asyncDispose]());

/** What `acc why` says about the newest job, down to the list of what the key is made of. */
async function why(): Promise<string> {
  const { code, stdout, stderr } = await project.acc('why', 'rank');
  expect(code, stderr).toBe(0);
  return stdout.slice(0, stdout.indexOf('\n\n'));
}

test('the first job ran because there was none before', async () => {
  const first = await run(project);
  expect(first.build('rank').reasons).toEqual([{ kind: 'never_built', subject: 'rank' }]);
  const { stdout } = await project.acc('why', 'rank');
  expect(stdout.replaceAll(/[0-9a-f]{12}/gu, 'DIGEST')).toMatchInlineSnapshot(`
    "dev-0  rank  ran because there was no earlier job of this method

    key DIGEST made of:
      method       rank
      code         DIGEST
      package      leftish  1.2.3
      option       limit    10
      option       labels   {}
      option       file     data.txt
      environment  REGION   not set
      slices       2
    "
  `);
});

test('an option is named with its old and new value', async () => {
  await project.edit('build.ts', "'data.txt' }", "'data.txt', limit: 20, labels: { a: 'x' } }");
  await run(project);
  expect(await why()).toMatchInlineSnapshot(`
    "dev-1  rank  compared with dev-0, the nearest earlier job:
      option labels.a is new: "x"
      option limit 10 → 20"
  `);
});

test('changed source lines are shown with file and line', async () => {
  await project.edit(
    'methods/lib/weigh.ts',
    'const factor = 3;',
    '// A remark.\n  const factor = 4;',
  );
  const changed = await run(project, '--why');
  expect(await why()).toMatchInlineSnapshot(`
    "dev-2  rank  compared with dev-1, the nearest earlier job:
      methods/lib/weigh.ts:4
        -   const factor = 3;
        +   const factor = 4;"
  `);
  const [reason] = changed.build('rank').reasons;
  expect(reason).toMatchObject({
    kind: 'source',
    subject: 'methods/lib/weigh.ts:4',
    lines: [
      { sign: '-', text: '  const factor = 3;' },
      { sign: '+', text: '  const factor = 4;' },
    ],
  });
});

test('a package is named with both versions', async () => {
  await project.edit('node_modules/leftish/package.json', '1.2.3', '1.3.0');
  await run(project);
  expect(await why()).toMatchInlineSnapshot(`
    "dev-3  rank  compared with dev-2, the nearest earlier job:
      package leftish 1.2.3 → 1.3.0"
  `);
});

test('an input file whose content changed is named', async () => {
  await project.write({ 'data.txt': 'two\n' });
  await run(project);
  expect(await why()).toMatchInlineSnapshot(`
    "dev-4  rank  compared with dev-3, the nearest earlier job:
      file data.txt changed"
  `);
});

test('an environment variable is named with both values', async () => {
  await runWith(project, [], { REGION: 'north' });
  expect(await why()).toMatchInlineSnapshot(`
    "dev-5  rank  compared with dev-4, the nearest earlier job:
      variable REGION unset → "north""
  `);
});

test('several differences are told, the most telling first', async () => {
  await project.edit('methods/lib/weigh.ts', 'limit * factor', 'limit + factor');
  await project.edit('build.ts', 'limit: 20', 'limit: 30');
  await runWith(project, [], { REGION: 'south' });
  expect(await why()).toMatchInlineSnapshot(`
    "dev-6  rank  compared with dev-5, the nearest earlier job:
      option limit 20 → 30
      methods/lib/weigh.ts:5
        -   return limit * factor;
        +   return limit + factor;
      variable REGION "north" → "south""
  `);
});

test('lines of a run tell the reasons in few words, with --why all of them', async () => {
  await project.edit('build.ts', 'limit: 30', 'limit: 31');
  const lines = await project.acc('run');
  expect(lines.stdout).toContain('ran because option limit 30 → 31');
  await project.edit('build.ts', 'limit: 31', 'limit: 32');
  const all = await project.acc('run', '--why');
  expect(all.stdout).toContain('because option limit 31 → 32');
});

test('as JSON there is the whole manifest, which is what was hashed into the key', async () => {
  const { stdout } = await project.acc('why', 'rank', '--json');
  const told = JSON.parse(stdout) as { key: string; manifest: object; reasons: unknown[] };
  expect(told).toMatchObject({
    method: 'rank',
    manifest: { method: 'rank', options: { limit: 32 }, packages: { leftish: '1.3.0' }, slices: 2 },
    reasons: [{ kind: 'option', subject: 'limit' }],
  });
  expect(createHash('sha256').update(stringify(told.manifest)).digest('hex')).toBe(told.key);
});

test('a job that does not exist, and a method that never ran, are mistakes', async () => {
  for (const spec of ['dev-99', 'rnak']) {
    const { code, stderr, stdout } = await project.acc('why', spec);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(spec);
  }
});
