import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { listJobs, listRuns } from '../../src/store/history.ts';
import {
  datasetsOf,
  failureOf,
  filesOf,
  inputsOf,
  resultsIn,
} from '../../src/store/job-details.ts';
import { rebuild } from '../../src/store/rebuild.ts';
import { linkResult } from '../../src/store/results.ts';
import { indexPath } from '../../src/store/workdir-place.ts';
import type { Workdir } from '../../src/store/workdir.ts';
import { startStoreProcess } from './store-process.ts';
import {
  claimFree,
  digestOf,
  keyOf,
  makeJob,
  openWorkdir,
  setupOf,
  temporaryDirectory,
} from './workdir-rig.ts';

const key = keyOf('a');
const counts = { built: 1, reused: 0, failed: 1, skipped: 0, would_build: 0 };

/** A workdir with a chain of two jobs, a failed one, a tainted one, a run and a result. */
async function populated(): Promise<{ workdir: Workdir; resultDirectory: string }> {
  const workdir = openWorkdir();
  const resultDirectory = join(dirname(workdir.path), 'results');
  const run = workdir.startRun({
    script: 'build.ts',
    argv: [],
    flags: { a: 'b' },
    accVersion: '0.1.0',
  });
  const dataset = {
    name: 'default',
    digest: digestOf('d'),
    rows: 3,
    previous: null,
    hashlabel: null,
    columns: { a: { type: 'string', digest: digestOf('a') } },
    files: {},
  };
  const first = await makeJob(workdir, key, {
    files: { 'a.txt': 'hello' },
    post: { datasets: [dataset] },
  });
  const inputs = {
    options: { n: 1 },
    datasets: { source: { job: first.id, name: 'default' } },
    jobs: {},
  };
  await makeJob(workdir, keyOf('b'), { setup: { inputs } });
  const claim = claimFree(workdir, keyOf('c'));
  const setup = setupOf(claim);
  workdir.writeSetup(claim, setup);
  const stage = { name: 'prepare' } as const;
  const failure = {
    kind: 'cancelled',
    job: claim.id,
    method: 'count',
    stage,
    lastOutput: ['x'],
  } as const;
  workdir.fail(claim, setup, failure, { total: 3 });
  const tainted = await makeJob(workdir, keyOf('d'));
  workdir.markTainted(tainted.id, 'data.csv changed');
  linkResult(workdir, { resultDirectory, job: first.id, file: 'a.txt', header: 'A', run });
  workdir.endRun({ run, exitCode: 1, counts, jobs: [{ job: first.id, state: 'built' }] });
  return { workdir, resultDirectory };
}

/** Everything about jobs that can be asked. */
function facts(workdir: Workdir, resultDirectory: string): object {
  const jobs = listJobs(workdir).map((job) => ({
    job,
    inputs: inputsOf(workdir, job.number),
    files: filesOf(workdir, job.number),
    datasets: datasetsOf(workdir, job.number),
    failure: failureOf(workdir, job.number),
  }));
  return { jobs, runs: listRuns(workdir, 10), results: resultsIn(workdir, resultDirectory) };
}

test('a rebuilt index says the same as before', async () => {
  const { workdir, resultDirectory } = await populated();
  const before = facts(workdir, resultDirectory);
  const report = rebuild({ name: 'dev', path: workdir.path, resultDirectory });
  expect(report).toEqual({ finished: 3, unfinished: 1, unreadable: [], setAside: null });
  expect(facts(workdir, resultDirectory)).toEqual(before);
  expect(workdir.find(key).job?.id).toBe('dev-0');
});

test('without an old index jobs and result links come from the directories', async () => {
  const { workdir, resultDirectory } = await populated();
  const { path } = workdir;
  workdir.close();
  rmSync(indexPath(workdir));
  expect(rebuild({ name: 'dev', path, resultDirectory })).toMatchObject({
    finished: 3,
    unfinished: 1,
  });
  const again = openWorkdir(path);
  expect(again.slices).toBe(2);
  expect(listJobs(again).map((job) => job.state)).toEqual([
    'finished',
    'cancelled',
    'finished',
    'finished',
  ]);
  // Why a job failed is in its directory, too.
  expect(failureOf(again, 2)).toMatchObject({ kind: 'cancelled', lastOutput: ['x'] });
  expect(resultsIn(again, resultDirectory)).toMatchObject([
    { name: 'a.txt', job: 'dev-0', header: null },
  ]);
  expect(claimFree(again, keyOf('new')).number).toBe(4);
});

test.each([
  ['is no database', (file: Buffer) => file.fill('x', 0, 4096)],
  ['has damaged pages', (file: Buffer) => file.fill('x', file.length / 2)],
])('an index that %s is set aside', async (_, damage) => {
  const { workdir, resultDirectory } = await populated();
  const { path } = workdir;
  workdir.close();
  const file = readFileSync(indexPath(workdir));
  writeFileSync(indexPath(workdir), damage(file));
  const report = rebuild({ name: 'dev', path, resultDirectory });
  expect(report).toMatchObject({
    finished: 3,
    unfinished: 1,
    setAside: `${indexPath(workdir)}.damaged`,
  });
  expect(existsSync(`${indexPath(workdir)}.damaged`)).toBe(true);
  expect(openWorkdir(path).find(key).job?.id).toBe('dev-0');
});

test('directories that cannot be read as jobs are named and left alone', async () => {
  const { workdir } = await populated();
  const unreadable = [join(workdir.path, 'dev-7'), join(workdir.path, 'dev-8')];
  for (const directory of unreadable) mkdirSync(directory);
  writeFileSync(join(unreadable[1] ?? '', 'setup.json'), '{"version": 1, "id": "dev-');
  expect(rebuild({ name: 'dev', path: workdir.path })).toMatchObject({ finished: 3, unreadable });
  expect(claimFree(workdir, keyOf('new')).number).toBe(9);
});

test('a job whose directory is gone is gone from the rebuilt index', async () => {
  const { workdir } = await populated();
  rmSync(join(workdir.path, 'dev-0'), { recursive: true });
  rebuild({ name: 'dev', path: workdir.path });
  expect(workdir.find(key)).toEqual({ job: undefined, damaged: [] });
});

test('a rebuild is refused while a living process builds, naming it', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const owner = startStoreProcess('hold', { path, key: 'a' });
  await owner.next();
  expect(() => rebuild({ name: 'dev', path })).toThrow(
    new RegExp(`Process ${owner.pid} on .* is building dev-0`),
  );
  await owner.kill();
  expect(rebuild({ name: 'dev', path })).toMatchObject({ finished: 0, unfinished: 0 });
});
