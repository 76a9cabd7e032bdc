// ^C once and twice, and the signals that mean the same: what runs is stopped in time, what is finished is kept.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import type { AccProcess } from '../rig/project.ts';
import { notes, run, runOf, script } from '../rig/run.ts';
import { expectIntact, finishedJobs, indexRows } from '../rig/workdir.ts';

/** `obeys` ends when it is asked to; `deaf` never does. A file `go` in the project makes both end at once. */
const FILES = {
  'acc.config.ts': 'export default { slices: 2, concurrency: 3 };\n',
  'methods/quick.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => options.n });
`,
  'methods/obeys.ts': `import { existsSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ job, signal }) {
    job.write('half.txt', 'half');
    if (existsSync(job.inputDirectory + '/go')) return 'whole';
    console.log('obeys is waiting');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    console.log('obeys has heard');
    return 'half';
  },
});
`,
  'methods/deaf.ts': `import { existsSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  analysis({ job, sliceno }) {
    if (existsSync(job.inputDirectory + '/go')) return sliceno;
    if (sliceno === 0) return 'done before';
    console.log('deaf is looping');
    for (;;);
  },
});
`,
  'methods/user.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({ jobs: { source: job() }, synthesis: async ({ jobs }) => jobs.source.load() });
`,
  'build.ts': script(
    "await urd.build('quick', { n: 1 });",
    "const obeys = urd.build('obeys');",
    "urd.build('deaf');",
    "const user = urd.build('user', { source: obeys });",
    'try {',
    '  note(await (await user).load());',
    '} finally {',
    "  urd.build('quick', { n: 2 }, { name: 'too late' });",
    '}',
  ),
};

const INTERRUPTED = 'interrupted  Finished jobs are kept; the next run goes on from there.\n';
const PRESS_AGAIN = 'Stopping what runs; press ^C again to leave at once.';
/** Grace of a stage that does not react, with time for a busy machine to notice. */
const LONGEST_STOP_MS = 2000 + 5000;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s once stops what runs, starts nothing more, and keeps what is finished',
  async (signal) => {
    await using project = await Project.create(FILES);
    const acc = await busyRun(project, []);
    const pressedAt = performance.now();
    acc.kill(signal);
    const { code, stdout, stderr } = await acc.ended;
    expect(performance.now() - pressedAt).toBeLessThan(LONGEST_STOP_MS);
    expect({ code, stderr }).toEqual({ code: 130, stderr: INTERRUPTED });
    expect(stdout).toContain(PRESS_AGAIN);
    expect(stdout).toContain('obeys has heard');
    expect(stdout).toMatch(/^dev-\d +obeys +failed +[\d.]+s {2}cancelled$/mu);
    expect(stdout).toMatch(/^dev-\d +deaf +failed +[\d.]+s {2}cancelled$/mu);
    expect(stdout).toMatch(/^- +user +skipped$/mu);
    expect(stdout).not.toContain('too late');
    expect(stdout).toMatch(/^built 1, reused 0, failed 2, skipped 1 in [\d.]+s$/mu);
    expect(finishedJobs(project)).toEqual(['dev-0']);
    expect(indexRows(project, 'SELECT * FROM claims')).toEqual([]);
    expect(indexRows(project, 'SELECT exit_code FROM runs')).toEqual([{ exit_code: 130 }]);
    await expectToGoOn(project);
  },
);

test('^C twice leaves at once, also when a method does not react', async () => {
  await using project = await Project.create(FILES);
  const acc = await busyRun(project, []);
  acc.kill('SIGINT');
  await acc.printed(PRESS_AGAIN);
  const pressedAt = performance.now();
  acc.kill('SIGINT');
  const { code, stderr } = await acc.ended;
  expect(performance.now() - pressedAt).toBeLessThan(1900);
  expect({ code, stderr }).toEqual({ code: 130, stderr: INTERRUPTED });
  expect(finishedJobs(project)).toEqual(['dev-0']);
  expect(indexRows(project, 'SELECT exit_code FROM runs')).toEqual([{ exit_code: 130 }]);
  await expectToGoOn(project);
});

test('^C with --json ends with the last event, and failures say that they were cancelled', async () => {
  await using project = await Project.create(FILES);
  const acc = await busyRun(project, ['--json']);
  acc.kill('SIGINT');
  const ended = runOf(await acc.ended);
  expect(ended).toMatchObject({ code: 130, failed: ['deaf', 'obeys'], skipped: ['user'] });
  expect(ended.build('obeys').failure).toMatchObject({
    kind: 'cancelled',
    lastOutput: ['obeys is waiting', 'obeys has heard'],
  });
  expect(ended.events.at(-1)).toMatchObject({ type: 'run_ended', exitCode: 130 });
});

test('^C stops a method in a process of its own too', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/apart.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({
  memoryLimitMb: 256,
  synthesis() { console.log('apart is looping'); for (;;); },
});
`,
    'build.ts': script("await urd.build('apart');"),
  });
  const acc = project.start(['run']);
  await acc.printed('apart is looping');
  acc.kill('SIGINT');
  const { code, stdout } = await acc.ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/^dev-0 +apart +failed +[\d.]+s {2}cancelled$/mu);
});

test('^C while a method waits for its subjob stops both', async () => {
  await using project = await Project.create({
    ...FILES,
    'methods/parent.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis: async ({ build }) => (await build('obeys')).load() });
`,
    'build.ts': script("note(await (await urd.build('parent')).load());"),
  });
  const acc = project.start(['run', '--json']);
  await acc.printed('obeys is waiting');
  acc.kill('SIGINT');
  expect(runOf(await acc.ended)).toMatchObject({ code: 130, failed: ['obeys', 'parent'] });
  expect(finishedJobs(project)).toEqual([]);
  await project.write({ go: '' });
  expect(notes(await run(project))).toEqual(['whole']);
});

test('^C ends a script that waits for something else than builds', async () => {
  await using project = await Project.create({
    ...FILES,
    'build.ts': script(
      "await urd.build('quick', { n: 1 });",
      "console.log('script is waiting');",
      'await new Promise((resolve) => setTimeout(resolve, 600_000));',
    ),
  });
  const acc = project.start(['run']);
  await acc.printed('script is waiting');
  acc.kill('SIGINT');
  await acc.printed(PRESS_AGAIN);
  acc.kill('SIGINT');
  expect(await acc.ended).toMatchObject({ code: 130, stderr: INTERRUPTED });
});

/** A run that has finished one job and is busy with two. */
async function busyRun(project: Project, flags: readonly string[]): Promise<AccProcess> {
  const acc = project.start(['run', ...flags]);
  await acc.printed('obeys is waiting');
  await acc.printed('deaf is looping');
  return acc;
}

/** The next run reuses what was finished and executes all the rest. */
async function expectToGoOn(project: Project): Promise<void> {
  await project.write({ go: '' });
  const next = await run(project);
  expect(next).toMatchObject({ code: 0, reused: ['quick'] });
  expect(next.built).toEqual(['deaf', 'obeys', 'too late', 'user']);
  expect(notes(next)).toEqual(['whole']);
  expect(expectIntact(project)).toHaveLength(5);
}
