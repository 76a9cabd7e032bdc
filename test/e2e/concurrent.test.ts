// Several processes on one workdir: every job is made once, whoever makes it, and who waits is never left waiting.

import { expect, test } from 'vitest';

import { Project } from '../rig/project.ts';
import type { AccProcess } from '../rig/project.ts';
import { notes, runOf, script } from '../rig/run.ts';
import type { Run } from '../rig/run.ts';
import { expectIntact, finishedJobs, indexRows } from '../rig/workdir.ts';

/** Each execution of `count` and `sum` adds a line to the file `executed`. */
const FILES = {
  'acc.config.ts': 'export default { slices: 2, concurrency: 2 };\n',
  'methods/lib/note-execution.ts': `import { appendFileSync } from 'node:fs';
export function noteExecution(directory: string, text: string): void {
  appendFileSync(directory + '/executed', text + '\\n');
}
`,
  'methods/count.ts': `import { defineMethod, z } from 'acc-engine';
import { noteExecution } from './lib/note-execution.ts';
export default defineMethod({
  options: { n: z.number() },
  prepare({ job, options }) {
    noteExecution(job.inputDirectory, 'count ' + options.n);
    return job.datasetWriter({ columns: { value: 'int32' } });
  },
  analysis({ sliceno, options, prepareRes }) {
    for (let i = 0; i < options.n; i++) prepareRes.write(sliceno);
  },
});
`,
  'methods/sum.ts': `import { dataset, defineMethod } from 'acc-engine';
import { noteExecution } from './lib/note-execution.ts';
export default defineMethod({
  datasets: { sources: dataset().array() },
  synthesis({ job, datasets }) {
    noteExecution(job.inputDirectory, 'sum of ' + datasets.sources.length);
    let sum = 0;
    for (const source of datasets.sources) {
      for (const value of source.iterate(null, 'value')) sum += Number(value);
    }
    return sum;
  },
});
`,
  'build.ts': summing([1, 2, 3, 4]),
  'other.ts': summing([3, 4, 5]),
};

function summing(counts: readonly number[]): string {
  return script(
    `const sources = ${JSON.stringify(counts)}.map((n) => urd.build('count', { n }, { name: 'count' + n }));`,
    "note(await (await urd.build('sum', { sources })).load());",
  );
}

test('eight runs started together on an empty workdir make every job once, and all succeed', async () => {
  await using project = await Project.create(FILES);
  const runs = await together(
    project,
    Array.from({ length: 8 }, () => 'build.ts'),
  );
  for (const one of runs) {
    expect(one).toMatchObject({ code: 0, failed: [], skipped: [], warnings: [] });
    expect(notes(one)).toEqual([1 + 2 + 3 + 4]);
  }
  expect(runs.flatMap((one) => one.built).toSorted()).toEqual([
    'count1',
    'count2',
    'count3',
    'count4',
    'sum',
  ]);
  expect(await executed(project)).toEqual(['count 1', 'count 2', 'count 3', 'count 4', 'sum of 4']);
  expect(expectIntact(project)).toHaveLength(5);
  expect(indexRows(project, 'SELECT * FROM claims')).toEqual([]);
});

test('different scripts started together share the jobs they have in common', async () => {
  await using project = await Project.create(FILES);
  const scripts = ['build.ts', 'other.ts', 'build.ts', 'other.ts'];
  const runs = await together(project, scripts);
  expect(runs.map((one) => notes(one))).toEqual([[10], [12], [10], [12]]);
  expect(await executed(project)).toEqual([
    'count 1',
    'count 2',
    'count 3',
    'count 4',
    'count 5',
    'sum of 3',
    'sum of 4',
  ]);
  expect(expectIntact(project)).toHaveLength(7);
});

/** `gate` runs until there is a word in the file `go`, and fails if that says so. */
const GATE = {
  'methods/gate.ts': `import { existsSync, readFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ job, signal }) {
    console.log('at the gate');
    const go = job.inputDirectory + '/go';
    let word = '';
    while (word === '') {
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, 5));
      word = existsSync(go) ? readFileSync(go, 'utf8') : '';
    }
    if (word === 'fail' && job.id === 'dev-0') throw new Error('told to fail');
    return word;
  },
});
`,
  'build.ts': script("note(await (await urd.build('gate')).load());"),
};

test('a run that waits for another one reuses what that makes', async () => {
  await using project = await Project.create(GATE);
  const { owner, waiter } = await ownerAndWaiter(project);
  await project.write({ go: 'ready' });
  expect(runOf(await owner.ended)).toMatchObject({ code: 0, built: ['gate'] });
  const waited = runOf(await waiter.ended);
  expect(waited).toMatchObject({ code: 0, built: [], reused: ['gate'] });
  expect(notes(waited)).toEqual(['ready']);
});

test('a run that waits takes over when the owner is killed', async () => {
  await using project = await Project.create(GATE);
  const { owner, waiter } = await ownerAndWaiter(project);
  owner.kill('SIGKILL');
  await project.write({ go: 'ready' });
  await owner.ended;
  const took = runOf(await waiter.ended);
  expect(took).toMatchObject({ code: 0, built: ['gate'] });
  expect(took.warnings).toEqual([
    `dev-0 was left unfinished by process ${owner.child.pid}, which has ended; dev-1 replaces it`,
  ]);
  expect(finishedJobs(project)).toEqual(['dev-1']);
  expect(indexRows(project, 'SELECT kind, job FROM events')).toContainEqual(
    expect.objectContaining({ kind: 'takeover' }),
  );
});

test('a run that waits executes the job itself when the owner is interrupted', async () => {
  await using project = await Project.create(GATE);
  const { owner, waiter } = await ownerAndWaiter(project);
  owner.kill('SIGINT');
  expect((await owner.ended).code).toBe(130);
  await project.write({ go: 'ready' });
  expect(runOf(await waiter.ended)).toMatchObject({ code: 0, built: ['gate'], warnings: [] });
  expect(finishedJobs(project)).toEqual(['dev-1']);
});

test('a run that waits executes the job itself when it fails for the owner', async () => {
  await using project = await Project.create(GATE);
  const { owner, waiter } = await ownerAndWaiter(project);
  await project.write({ go: 'fail' });
  expect(runOf(await owner.ended)).toMatchObject({ code: 1, failed: ['gate'] });
  expect(runOf(await waiter.ended)).toMatchObject({ code: 0, built: ['gate'] });
});

test('a run that waits can be interrupted, and leaves the owner alone', async () => {
  await using project = await Project.create(GATE);
  const { owner, waiter } = await ownerAndWaiter(project);
  waiter.kill('SIGINT');
  expect((await waiter.ended).code).toBe(130);
  await project.write({ go: 'ready' });
  expect(runOf(await owner.ended)).toMatchObject({ code: 0, built: ['gate'] });
});

test('a workdir in which somebody builds is not rebuilt', async () => {
  await using project = await Project.create(GATE);
  const owner = project.start(['run', '--json']);
  await owner.printed('at the gate');
  const { code, stderr } = await project.acc('db', 'rebuild');
  expect(code).toBe(2);
  expect(stderr).toContain(`Process ${owner.child.pid} on`);
  expect(stderr).toContain('is building dev-0');
  await project.write({ go: 'ready' });
  expect((await owner.ended).code).toBe(0);
});

async function together(project: Project, scripts: readonly string[]): Promise<Run[]> {
  const started = scripts.map((name) => project.start(['run', '--json', name]));
  return Promise.all(started.map(async ({ ended }) => runOf(await ended)));
}

/** A run that is at the gate, and one that waits for it. */
async function ownerAndWaiter(
  project: Project,
): Promise<{ owner: AccProcess; waiter: AccProcess }> {
  const owner = project.start(['run', '--json']);
  await owner.printed('at the gate');
  const waiter = project.start(['run', '--json']);
  await waiter.printed('"type":"waiting"');
  return { owner, waiter };
}

async function executed(project: Project): Promise<string[]> {
  return (await project.read('executed')).trimEnd().split('\n').toSorted();
}
