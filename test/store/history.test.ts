import { rmSync } from 'node:fs';

import { expect, test } from 'vitest';

import {
  candidates,
  jobRow,
  latestJob,
  listJobs,
  listRuns,
  summarise,
} from '../../src/store/history.ts';
import {
  datasetsOf,
  filesOf,
  inputFilesOf,
  inputsOf,
  usersOf,
} from '../../src/store/job-details.ts';
import { claimFree, digestOf, keyOf, makeJob, openWorkdir, setupOf } from './workdir-rig.ts';

const failedFacts = { stage: { name: 'prepare' }, lastOutput: [] } as const;

test('jobs are listed newest first, by method, state, key, time and number', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, keyOf('a'), { method: 'read' });
  await makeJob(workdir, keyOf('b'), { setup: { startedAt: '2024-06-01T00:00:00.000Z' } });
  const claim = claimFree(workdir, keyOf('c'));
  const failure = {
    kind: 'exited',
    exitCode: 1,
    signal: null,
    job: claim.id,
    method: 'count',
  } as const;
  workdir.fail(claim, setupOf(claim), { ...failure, ...failedFacts }, { total: 0 });
  const ids = (filter: Parameters<typeof listJobs>[1]) =>
    listJobs(workdir, filter).map((job) => job.id);
  expect(ids({})).toEqual(['dev-2', 'dev-1', 'dev-0']);
  expect(ids({ method: 'count' })).toEqual(['dev-2', 'dev-1']);
  expect(ids({ method: 'count', state: 'finished' })).toEqual(['dev-1']);
  expect(ids({ key: keyOf('a') })).toEqual(['dev-0']);
  expect(ids({ since: '2024-06-01T00:00:00.000Z' })).toEqual(['dev-1']);
  expect(ids({ before: 2, limit: 1 })).toEqual(['dev-1']);
});

test('a row of a job has its facts as values', async () => {
  const workdir = openWorkdir();
  const job = await makeJob(workdir, keyOf('a'), {
    files: { 'a.txt': 'hello' },
    setup: { labels: { team: 'x' }, unsound: ['eval'], caption: 'first' },
    post: { execMs: { analysis: [1, 2], total: 3 } },
  });
  expect(jobRow(workdir, 0)).toMatchObject({
    id: 'dev-0',
    path: job.path,
    state: 'finished',
    caption: 'first',
    labels: { team: 'x' },
    unsound: ['eval'],
    execMs: { analysis: [1, 2], total: 3 },
    sizeBytes: 5,
    tainted: null,
  });
  expect(jobRow(workdir, 1)).toBeUndefined();
});

test('the latest finished job of a method is found, and those before it', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, keyOf('a'));
  await makeJob(workdir, keyOf('b'));
  expect(latestJob(workdir, 'count')?.id).toBe('dev-1');
  expect(latestJob(workdir, 'count', 1)?.id).toBe('dev-0');
  expect(latestJob(workdir, 'count', 2)).toBeUndefined();
});

test('candidates come with their manifests, without those whose directory is gone', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, keyOf('a'));
  const gone = await makeJob(workdir, keyOf('b'));
  await makeJob(workdir, keyOf('c'));
  rmSync(gone.path, { recursive: true });
  const found = candidates(workdir, 'count', { limit: 3 });
  expect(found.map(({ job }) => job.id)).toEqual(['dev-2', 'dev-0']);
  expect(found[0]?.setup.manifest.code).toBe(digestOf('code'));
});

test('inputs and users of a job are the two ends of its edges', async () => {
  const workdir = openWorkdir();
  const subjob = { id: 'dev-8' as never, method: 'sub', code: digestOf('s'), built: true };
  const jobFile = { $jobFile: { job: 'dev-5', name: 'x.txt', sliced: false } };
  const digest = digestOf('csv');
  await makeJob(workdir, keyOf('a'), {
    setup: {
      inputs: {
        options: { n: 1, files: [jobFile] },
        datasets: {
          source: [
            { job: 'dev-4' as never, name: 'x' },
            { job: 'dev-5' as never, name: 'y' },
          ],
          none: null,
        },
        jobs: { previous: 'dev-3' as never },
      },
      inputFiles: [{ path: 'a.csv', sizeBytes: 3, mtimeMs: 1, digest }],
    },
    post: { subjobs: [subjob] },
  });
  const edge = { user: 'dev-0', position: 0 };
  const edges = inputsOf(workdir, 0);
  expect(edges).toHaveLength(5);
  expect(edges).toEqual(
    expect.arrayContaining([
      { ...edge, kind: 'dataset', name: 'source', input: 'dev-4', inputName: 'x' },
      { ...edge, kind: 'dataset', name: 'source', position: 1, input: 'dev-5', inputName: 'y' },
      { ...edge, kind: 'job', name: 'previous', input: 'dev-3', inputName: null },
      { ...edge, kind: 'job_file', name: 'files', input: 'dev-5', inputName: 'x.txt' },
      { ...edge, kind: 'subjob', name: 'sub', input: 'dev-8', inputName: null },
    ]),
  );
  expect(
    usersOf(workdir, 'dev-5' as never)
      .map((user) => user.kind)
      .toSorted(),
  ).toEqual(['dataset', 'job_file']);
  expect(usersOf(workdir, 'dev-8' as never)).toMatchObject([{ user: 'dev-0', kind: 'subjob' }]);
  expect(inputFilesOf(workdir, 0)).toEqual([{ path: 'a.csv', sizeBytes: 3, digest }]);
});

test('files and datasets of a job are told apart, and chains can be asked for in SQL', async () => {
  const workdir = openWorkdir();
  const previous = { job: 'dev-7' as never, name: 'default' };
  const columns = { a: { type: 'string', digest: digestOf('a') } };
  const facts = { digest: digestOf('d'), rows: 1, previous, hashlabel: null, columns };
  await makeJob(workdir, keyOf('a'), {
    files: { 'a.txt': 'hello' },
    post: { datasets: [{ name: 'sales', files: { 'DS/sales.json': 4 }, ...facts }], files: {} },
  });
  expect(filesOf(workdir, 0)).toEqual([]);
  expect(datasetsOf(workdir, 0)).toEqual([
    { name: 'sales', files: { 'DS/sales.json': 4 }, ...facts },
  ]);
  expect(workdir.index.all('SELECT * FROM chains')).toEqual([
    { kind: 'dataset', id: 'dev-0/sales', previous: 'dev-7' },
  ]);
});

test('a workdir is summed up', async () => {
  const workdir = openWorkdir();
  expect(summarise(workdir)).toMatchObject({ sizeBytes: 0, latest: null });
  await makeJob(workdir, keyOf('a'), { files: { 'a.txt': 'hello' } });
  await makeJob(workdir, keyOf('b'), { files: { 'a.txt': 'you' }, post: { tainted: 'x' } });
  expect(summarise(workdir)).toEqual({
    jobs: { finished: 2, failed: 0, timed_out: 0, cancelled: 0, unfinished: 0 },
    tainted: 1,
    sizeBytes: 8,
    latest: 'dev-1',
  });
});

test('a run is recorded with its counts and jobs, each job once', async () => {
  const workdir = openWorkdir();
  const run = workdir.startRun({
    script: 'build.ts',
    argv: ['x'],
    flags: { k: 'v' },
    accVersion: '0.1.0',
  });
  expect(listRuns(workdir, 1)).toMatchObject([
    { run, endedAt: null, exitCode: null, pid: process.pid },
  ]);
  const job = await makeJob(workdir, keyOf('a'));
  workdir.endRun({
    run,
    exitCode: 0,
    counts: { built: 1, reused: 1, failed: 0, skipped: 0, would_build: 2 },
    jobs: [
      { job: job.id, state: 'built' },
      { job: job.id, state: 'reused' },
    ],
  });
  expect(listRuns(workdir, 1)).toMatchObject([
    {
      script: 'build.ts',
      argv: ['x'],
      flags: { k: 'v' },
      exitCode: 0,
      built: 1,
      reused: 1,
      wouldBuild: 2,
    },
  ]);
  expect(workdir.index.all('SELECT * FROM run_jobs')).toEqual([
    { run, job: 'dev-0', state: 'built' },
  ]);
});
