// The whole process is killed, at every named point of a job's life and at random moments: nothing half-made is
// reused, nothing finished is lost, and the next run gives the right result.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { CrashPoint } from '../../src/util/crash-point.ts';
import { Project } from '../rig/project.ts';
import type { AccProcess } from '../rig/project.ts';
import { randomFrom } from '../rig/random.ts';
import type { Random } from '../rig/random.ts';
import { notes, run, runOf, script } from '../rig/run.ts';
import type { Run } from '../rig/run.ts';
import { expectIntact, finishedJobs, indexedJobs, indexRows } from '../rig/workdir.ts';

const POINTS: readonly CrashPoint[] = [
  'claimed',
  'directory_made',
  'setup_written',
  'stage_started',
  'stage_ended',
  'post_written',
  'outputs_flushed',
  'post_renamed',
  'row_committed',
];

/** Three jobs with datasets and files, one that takes them and builds a subjob, and its result. */
const FILES = {
  'acc.config.ts': 'export default { slices: 2, concurrency: 2 };\n',
  'methods/part.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  prepare: ({ job }) => job.datasetWriter({ columns: { value: 'int64' } }),
  analysis({ job, sliceno, options, prepareRes }) {
    for (let i = 0; i < 1000; i++) prepareRes.write(options.n * sliceno);
    job.write('slice' + sliceno + '.txt', String(options.n).repeat(1000));
    return sliceno;
  },
  synthesis: ({ options, analysisRes }) => options.n + analysisRes[1],
});
`,
  'methods/total.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({
  jobs: { parts: job().array() },
  async synthesis({ jobs, build }) {
    let sum = 0;
    for (const part of jobs.parts) {
      sum += await part.load();
      for (const value of part.dataset().iterate(null, 'value')) sum += value;
    }
    const doubled = await build('double', { n: sum });
    return await doubled.load();
  },
});
`,
  'methods/double.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => 2 * options.n });
`,
  'build.ts': script(
    'const seed = Number(urd.flags.seed ?? 0);',
    "const parts = [1, 2, 3].map((n) => urd.build('part', { n: 10 * seed + n }, { name: 'part' + n }));",
    "note(await (await urd.build('total', { parts })).load());",
  ),
};

/** Jobs of one run of the script, the subjob included. */
const JOBS = 5;

function expectedResult(seed: number): number {
  const parts = [1, 2, 3].map((n) => 10 * seed + n);
  return 2 * parts.reduce((sum, n) => sum + n + 1 + 1000 * n, 0);
}

describe('after a kill', () => {
  test.each(POINTS)('at the point %s the next run goes on from what is finished', async (point) => {
    await using project = await Project.create(FILES);
    const killed = project.start(['run', '--json'], { env: { ACC_CRASH_AT: point } });
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    const finished = expectIntact(project);
    const isPublished = point === 'post_renamed' || point === 'row_committed';
    expect(finished.length > 0).toBe(isPublished);
    // A claim whose job was renamed just before the kill is not taken over: the job is finished.
    const left = indexRows(project, 'SELECT number FROM claims').filter(
      ({ number }) => !project.exists(`workdirs/dev/dev-${String(number)}/post.json`),
    ).length;

    const next = await run(project);
    expect(next).toMatchObject({ code: 0, failed: [] });
    expect(notes(next)).toEqual([expectedResult(0)]);
    expect(reusedJobs(next)).toEqual(finished);
    const takeovers = next.warnings.filter((text) => text.includes('was left unfinished by'));
    expect(takeovers).toHaveLength(left);
    expectSettled(project);

    expect((await project.acc('db', 'rebuild')).code).toBe(0);
    expectSettled(project);
    expect(await run(project)).toMatchObject({ built: [], failed: [] });
  });
});

describe('200 random kills', () => {
  test.concurrent.each([1, 2])(
    'leave nothing half-made and lose nothing that was finished (seed %i, 100 kills)',
    // Several times as long as alone on a machine: others may keep all its cores busy.
    { timeout: 1_200_000 },
    async (seed) => {
      await using project = await Project.create(FILES);
      const random = randomFrom(seed);
      let finished: string[] = [];
      let round = 0;
      for (let kills = 0; kills < 100;) {
        const end = runOf(await startToBeKilled(project, round, random).ended);
        const where = `seed ${seed}, kill ${kills}`;
        const unknown = reusedJobs(end).filter(
          (id) => !finished.includes(id) && !isBuiltIn(end, id),
        );
        expect(unknown, where).toEqual([]);
        const now = expectIntact(project);
        expect(now, where).toEqual(expect.arrayContaining(finished));
        finished = now;
        if (end.code === null) {
          kills++;
          continue;
        }
        expect(end, `${where}: ${end.stderr}`).toMatchObject({ code: 0, failed: [] });
        expect(notes(end), where).toEqual([expectedResult(round)]);
        round++;
      }
      const last = await run(project, '--flag', `seed=${round}`);
      expect(notes(last)).toEqual([expectedResult(round)]);
      expect((await project.acc('db', 'rebuild')).code).toBe(0);
      expect(indexedJobs(project)).toEqual(expectIntact(project));
      for (let past = 0; past <= round; past++) {
        const again = await run(project, '--flag', `seed=${past}`);
        expect(again).toMatchObject({ code: 0, built: [] });
        expect(notes(again)).toEqual([expectedResult(past)]);
      }
    },
  );
});

test('a job that a kill left unfinished is listed from the next run on, whatever that builds', async () => {
  await using project = await Project.create({
    ...FILES,
    'other.ts': script("await urd.build('double', { n: 1 });"),
  });
  const killed = project.start(['run'], { env: { ACC_CRASH_AT: 'setup_written' } });
  expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(await run(project, 'other.ts')).toMatchObject({ code: 0, built: ['double'] });
  const { stdout } = await project.acc('jobs', '--state', 'unfinished', '--json');
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ id: 'dev-0', method: 'part', state: 'unfinished' }),
  );
  // Who builds it next is told all the same whose place it takes.
  const next = await run(project);
  expect(next.warnings.join()).toContain('dev-0 was left unfinished by');
  expect(notes(next)).toEqual([expectedResult(0)]);
});

test('an isolated process of a killed run dies with it', async () => {
  await using project = await Project.create({
    'methods/held.ts': `import { openSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  memoryLimitMb: 256,
  synthesis({ job }) {
    openSync(job.inputDirectory + '/alive', 'w');
    console.log('open');
    for (;;);
  },
});
`,
    'build.ts': script("await urd.build('held');"),
  });
  execFileSync('mkfifo', [project.path('alive')]);
  // The pipe ends when the last process that has it open for writing ends.
  const alive = createReadStream(project.path('alive')).resume();
  const pipeEnd = once(alive, 'end');
  const acc = project.start(['run']);
  await acc.printed('open');
  acc.kill('SIGKILL');
  await acc.ended;
  await pipeEnd;
  expect(finishedJobs(project)).toEqual([]);
});

/** Starts a run that is killed after some line of its output or, from inside, at some point of some job. */
function startToBeKilled(project: Project, round: number, random: Random): AccProcess {
  const args = ['run', '--json', '--flag', `seed=${round}`];
  if (random() < 0.5) {
    const point = POINTS[Math.floor(random() * POINTS.length)] ?? 'claimed';
    const time = 1 + Math.floor(random() * (JOBS + 1));
    return project.start(args, { env: { ACC_CRASH_AT: `${point}:${time}` } });
  }
  const acc = project.start(args);
  let linesLeft = 1 + Math.floor(random() * 30);
  acc.child.stdout?.on('data', (text: string) => {
    linesLeft -= text.split('\n').length - 1;
    if (linesLeft <= 0) acc.kill('SIGKILL');
  });
  return acc;
}

function reusedJobs({ events }: Run): string[] {
  const ids = events.flatMap((event) =>
    event.type === 'build_ended' && event.state === 'reused' && event.job !== null
      ? [event.job]
      : [],
  );
  return [...new Set(ids)].toSorted();
}

function isBuiltIn({ events }: Run, id: string): boolean {
  return events.some(
    (event) => event.type === 'build_ended' && event.state === 'built' && event.job === id,
  );
}

/** Every finished job is in the index, nobody claims anything, and each job was made once. */
function expectSettled(project: Project): void {
  expect(expectIntact(project)).toHaveLength(JOBS);
  expect(indexedJobs(project)).toEqual(finishedJobs(project));
  expect(indexRows(project, 'SELECT * FROM claims')).toEqual([]);
}
