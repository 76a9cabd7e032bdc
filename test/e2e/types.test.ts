// The types that every run writes: a build script of a project is checked by the compiler, names, inputs and results.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { run } from '../rig/run.ts';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const METHOD = `import { dataset, defineMethod, job, z } from 'acc-engine';

export default defineMethod({
  options: { limit: z.number(), label: z.string().default('x') },
  datasets: { source: dataset({ columns: { a: 'string' } }).optional() },
  jobs: { parts: job().array().optional() },
  synthesis: ({ options }) => ({ total: options.limit, at: new Date(0) }),
});
`;

const SCRIPT = `import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const parts = [urd.build('ranking', { limit: 1 })];
  const build = urd.build('ranking', { limit: 2, parts, source: null });
  const result = await (await build).load();
  const total: number = result.total;
  const at: Date = result.at;
  const imported = await urd.build('csvimport', { filename: 'in.csv' });
  const rows: number = (await imported.load()).rows;
  console.log(total, at.getTime(), rows, urd.joblist.length);
}
`;

/** One wrong line each, with the word that the compiler complains about. */
const MISTAKES: readonly (readonly [line: string, word: string])[] = [
  ["await urd.build('rankin', { limit: 1 });", 'rankin'],
  ["await urd.build('ranking', { limt: 1 });", 'limt'],
  ["await urd.build('ranking', { limit: '1' });", 'string'],
  ["await urd.build('ranking', {});", 'limit'],
  ["await urd.build('ranking', { limit: 1, parts: 'dev-1' });", 'JobArgument'],
  ["await urd.build('ranking', { limit: 1 }, { retires: 1 });", 'retires'],
  ["(await (await urd.build('ranking', { limit: 1 })).load()).totl;", 'totl'],
  ["await urd.build('csvimport', { filename: 5 });", 'number'],
];

test(
  'a right script compiles in a new project, and every mistake is an error in its line',
  { timeout: 60_000 },
  async () => {
    await using place = await Project.create();
    await place.acc('init', 'demo');
    await place.write({
      'demo/methods/ranking.ts': METHOD,
      'demo/build.ts': SCRIPT,
      'demo/in.csv': 'a\n1\n',
    });
    // A run writes the types, also one that does not succeed.
    expect((await place.start(['run', '--dry-run'], { cwd: 'demo' }).ended).code).toBe(0);
    expect(await compile(place.path('demo'))).toBe('');

    const wrong = MISTAKES.map(([line]) => `  ${line}\n`).join('');
    await place.write({ 'demo/build.ts': SCRIPT.replace(/\}\n$/u, `${wrong}}\n`) });
    const told = await compile(place.path('demo'));
    const first = SCRIPT.split('\n').length - 1;
    const lines = MISTAKES.map(([, word], i) => {
      const line = told.split('\n').filter((text) => text.startsWith(`build.ts(${first + i},`));
      return line.some((text) => text.includes(word)) ? word : `nothing about ${word}:\n${told}`;
    });
    expect(lines).toEqual(MISTAKES.map(([, word]) => word));
  },
);

test(
  'what a stage returns may depend on a subjob, and a wrong subjob call is an error',
  { timeout: 60_000 },
  async () => {
    await using place = await Project.create();
    await place.acc('init', 'demo');
    await place.write({
      'demo/methods/ranking.ts': METHOD,
      'demo/methods/outer.ts': OUTER,
      'demo/build.ts': `import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const doubled: number = await (await urd.build('outer')).load();
  console.log(doubled);
}
`,
    });
    const { code, stdout, stderr } = await place.start(['run'], { cwd: 'demo' }).ended;
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('\n6\n');
    expect(await compile(place.path('demo'))).toBe('');

    await place.edit('demo/methods/outer.ts', 'limit: 3', "limit: '3'");
    expect(await compile(place.path('demo'))).toMatch(/^methods\/outer\.ts\(5,/mu);
  },
);

test('the types follow the methods: a new one is known after the next run, one that is gone is not', async () => {
  await using project = await Project.create({
    'methods/one.ts': METHOD,
    'build.ts': EMPTY_SCRIPT,
  });
  await run(project);
  expect(await project.read('.acc/methods.d.ts')).toContain(
    "'one': typeof import('../methods/one.ts').default;",
  );
  await project.write({ 'methods/two.ts': METHOD });
  await run(project);
  expect(await project.read('.acc/methods.d.ts')).toContain(
    "'two': typeof import('../methods/two.ts')",
  );
});

const OUTER = `import { defineMethod } from 'acc-engine';

export default defineMethod({
  async synthesis({ build }) {
    const ranking = await build('ranking', { limit: 3, label: 'of outer' });
    return (await ranking.load()).total * 2;
  },
});
`;

const EMPTY_SCRIPT = 'export default async function main() {}\n';

/** What the compiler prints about a project. */
async function compile(directory: string): Promise<string> {
  try {
    return (
      await promisify(execFile)(process.execPath, [TSC, '-p', '.', '--pretty', 'false'], {
        cwd: directory,
      })
    ).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
