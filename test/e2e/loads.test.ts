// What a run in which everything is up to date must never load, because loading it would take longer than the run.

import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../rig/project.ts';

/** Notes every module file that is loaded, from a loader's thread. */
const WATCH = `import { register } from 'node:module';
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

test('the run after a miss loads a handful of files, and no package, method or bundler', async () => {
  await project.acc('run');
  const { code, stdout } = await project.start(['run'], {
    nodeOptions: ['--import', project.path('watch.mjs')],
  }).ended;
  expect(code).toBe(0);
  expect(stdout).toContain('built 0, reused 3');

  const loaded = (await project.read('loaded.txt')).trim().split('\n');
  expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([]);
  // The bundle of build.ts is the only one: options were remembered for all three jobs, not for the first alone.
  expect(loaded.filter((url) => url.includes('/.acc/bundles/'))).toHaveLength(1);
  expect(loaded.length).toBeLessThan(15);
  const text = loaded.map((url) => readFileSync(new URL(url), 'utf8')).join('\n');
  for (const word of Object.values(HEAVY)) expect(text).not.toContain(word);
});
