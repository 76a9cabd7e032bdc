// Random projects and random edits: after each edit, a run that may reuse everything gives what a clean run gives.
// FUZZ_ROUNDS and FUZZ_SEED in the environment change how many rounds there are and where they start.

import { rm } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import { RandomProject } from '../rig/random-project.ts';

const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 300);
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const EDITS_PER_PROJECT = 30;

const seeds = Array.from(
  { length: Math.ceil(ROUNDS / EDITS_PER_PROJECT) },
  (_, i) => FIRST_SEED + i,
);

test.each(seeds)(
  'random project %i: after each of 30 random edits, an incremental run agrees with a clean one',
  { timeout: 600_000 },
  async (seed) => {
    const random = new RandomProject(seed);
    await using kept = await Project.create(random.files());
    await using fresh = await Project.create();
    await resultOf(kept, random.environment());
    for (let round = 0; round < EDITS_PER_PROJECT; round++) {
      const edit = random.edit();
      const files = random.files();
      const env = random.environment();
      await Promise.all([kept.write(files), clear(fresh).then(() => fresh.write(files))]);
      const [incremental, clean] = await Promise.all([resultOf(kept, env), resultOf(fresh, env)]);
      const where = `seed ${seed}, round ${round}, edit of ${edit.name}`;
      expect(incremental.result, where).toBe(clean.result);
      if (edit.isInvisible) expect(incremental.last, where).toMatch(/^built 0, /u);
    }
  },
);

async function clear(project: Project): Promise<void> {
  for (const name of ['workdirs', '.acc', 'methods']) {
    await rm(project.path(name), { recursive: true, force: true });
  }
}

/** Runs the build script; its RESULT line and the last line. */
async function resultOf(
  project: Project,
  env: Readonly<Record<string, string>>,
): Promise<{ result: string; last: string }> {
  const { code, stdout, stderr } = await project.start(['run', 'build.ts', '--quiet'], { env })
    .ended;
  expect(code, stdout + stderr).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  const result = lines.find((line) => line.startsWith('RESULT ')) ?? 'no result';
  return { result, last: lines.at(-1) ?? '' };
}
