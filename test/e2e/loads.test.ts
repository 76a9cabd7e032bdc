// What a run in which everything is up to date must never load, because loading it would take longer than the run.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';

/** Notes every module file that is loaded: ES modules from a loader's thread, the others at the end. */
const WATCH = `import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
process.on('exit', () => {
  for (const path of Object.keys(createRequire(import.meta.url).cache)) {
    appendFileSync('loaded.txt', pathToFileURL(path).href + '\\n');
  }
});
register('data:text/javascript,' + encodeURIComponent(\`
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync('loaded.txt', url + '\\\\n');
    return next(url, context);
  }
\`));
`;

/** Words that only occur in the code of what must not be loaded. */
const HEAVY = { zod: 'ZodError', yargs: 'yargs', msgpackr: 'msgpackr', acorn: 'tokTypes' };

let project: Project;

beforeAll(async () => {
  project = await Project.create({
    'watch.mjs': WATCH,
    'methods/count.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => options.n });
`,
    'build.ts': `import type { Urd } from 'acc-engine';
export default async function main(urd: Urd) {
  for (let n = 0; n < 3; n++) await urd.build('count', { n });
}
`,
  });
});

afterAll(() => project[Symbol.asyncDispose]());

test('the run after a miss loads the program, and no package, method or bundler', async () => {
  await project.acc('run');
  const { code, stdout } = await project.start(['run'], {
    nodeOptions: ['--import', project.path('watch.mjs')],
  }).ended;
  expect(code).toBe(0);
  expect(stdout).toContain('built 0, reused 3');

  const loaded = (await project.read('loaded.txt')).trim().split('\n');
  const packages = loaded.filter((url) => url.includes('/node_modules/'));
  expect(packages.map((url) => basename(url))).toEqual(['better_sqlite3.node']);
  // The bundle of build.ts is the only one: options were remembered for all three jobs, not for the first alone.
  expect(loaded.filter((url) => url.includes('/.acc/bundles/'))).toHaveLength(1);
  // The modules of the program come from one script: nothing else was read.
  const program = programText(loaded);
  const chunks = loaded.map((url) => basename(url)).filter((name) => name.startsWith('chunk-'));
  expect(chunks.filter((name) => !program.includes(`"./${name}"(exports,`))).toEqual([]);
  const text = loaded
    .filter((url) => !url.endsWith('.node'))
    .map((url) => readFileSync(new URL(url), 'utf8'))
    .join('\n');
  for (const word of Object.values(HEAVY)) expect(text).not.toContain(word);
});

/** The script that the command starts. */
function programText(loaded: readonly string[]): string {
  const command = loaded.find((url) => basename(url) === 'acc.cjs') ?? '';
  const [name = ''] = /program-\w+\.cjs/u.exec(readFileSync(new URL(command), 'utf8')) ?? [];
  return readFileSync(new URL(name, command), 'utf8');
}
