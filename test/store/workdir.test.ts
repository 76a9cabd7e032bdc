import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { SystemError, UsageError } from '../../src/model/errors.ts';
import { listClaims } from '../../src/store/claims.ts';
import { listJobs } from '../../src/store/history.ts';
import { failureOf } from '../../src/store/job-details.ts';
import { Workdir } from '../../src/store/workdir.ts';
import { startStoreProcess } from './store-process.ts';
import {
  claimFree,
  keyOf,
  makeJob,
  openWorkdir,
  postOf,
  setupOf,
  temporaryDirectory,
  writeInto,
} from './workdir-rig.ts';

const key = keyOf('a');

test('a new workdir is made with its parents and keeps its number of slices', () => {
  const path = join(temporaryDirectory(), 'deep', 'dev');
  Workdir.open({ name: 'dev', path, slices: 3 }).close();
  using again = Workdir.open({ name: 'dev', path, slices: undefined });
  expect(again.slices).toBe(3);
});

test('without a wish a new workdir has as many slices as there are CPUs', () => {
  const path = join(temporaryDirectory(), 'dev');
  using workdir = Workdir.open({ name: 'dev', path, slices: undefined });
  expect(workdir.slices).toBe(availableParallelism());
});

test('another number of slices is refused with both numbers', () => {
  const { path } = openWorkdir();
  const open = () => Workdir.open({ name: 'dev', path, slices: 4 });
  expect(open).toThrow(UsageError);
  expect(open).toThrow('Workdir dev has 2 slices, but 4 are asked for');
});

test('another name is refused', () => {
  const { path } = openWorkdir();
  expect(() => Workdir.open({ name: 'prod', path, slices: 2 })).toThrow(
    /is called dev, but is configured as prod/,
  );
});

test('a workdir whose index was deleted takes its slices and jobs from the directories', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const first = openWorkdir(path);
  await makeJob(first, key);
  first.close();
  removeIndex(path);
  using workdir = Workdir.open({ name: 'dev', path, slices: undefined });
  expect(workdir.slices).toBe(2);
  expect(workdir.find(key).job?.id).toBe('dev-0');
  expect(claimFree(workdir, key).number).toBe(1);
});

test('eight processes open an empty directory together', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const processes = Array.from({ length: 8 }, () => startStoreProcess('open', { path }));
  const ends = await Promise.all(processes.map((child) => child.ended()));
  expect(ends).toEqual(processes.map(() => ({ last: { slices: 2 }, code: 0, signal: null })));
});

test('a published job has both records as text, and no claim', async () => {
  const workdir = openWorkdir();
  const job = await makeJob(workdir, key, { files: { 'a.txt': 'hello' } });
  const setup = JSON.parse(readFileSync(join(job.path, 'setup.json'), 'utf8')) as object;
  const post = JSON.parse(readFileSync(join(job.path, 'post.json'), 'utf8')) as object;
  expect(setup).toMatchObject({ id: 'dev-0', key });
  expect(post).toMatchObject({ files: { 'a.txt': { sizeBytes: 5 } } });
  expect(existsSync(join(job.path, 'post.json.tmp'))).toBe(false);
  expect(listClaims(workdir)).toEqual([]);
  expect(workdir.find(key).job).toEqual(job);
});

test('a failed execution is recorded, kept and never found', () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  const setup = setupOf(claim);
  workdir.writeSetup(claim, setup);
  const failure = {
    kind: 'threw',
    job: claim.id,
    method: 'count',
    stage: { name: 'analysis', sliceno: 1 },
    lastOutput: ['one', 'two'],
    error: { name: 'Error', message: 'no', stack: [] },
    status: [],
  } as const;
  workdir.fail(claim, setup, failure, { total: 5 });
  expect(workdir.find(key)).toEqual({ job: undefined, damaged: [] });
  expect(existsSync(claim.path)).toBe(true);
  expect(listClaims(workdir)).toEqual([]);
  expect(listJobs(workdir)).toMatchObject([{ id: 'dev-0', state: 'failed', execMs: { total: 5 } }]);
  expect(failureOf(workdir, 0)).toEqual(failure);
});

test.each(['timed_out', 'cancelled'] as const)(
  'an execution that was %s is listed as such',
  (kind) => {
    const workdir = openWorkdir();
    const claim = claimFree(workdir, key);
    const facts = {
      job: claim.id,
      method: 'count',
      stage: { name: 'prepare' },
      lastOutput: [],
    } as const;
    const failure =
      kind === 'cancelled'
        ? ({ kind, ...facts } as const)
        : ({ kind, ...facts, timeoutMs: 10, stopped: 'by_itself' } as const);
    workdir.fail(claim, setupOf(claim), failure, { total: 1 });
    expect(listJobs(workdir, { state: kind })).toHaveLength(1);
  },
);

test('a claim is released with what was put into its directory', () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  writeInto(claim.path, 'method.mjs', '');
  workdir.release(claim);
  expect(existsSync(join(claim.path, 'method.mjs'))).toBe(true);
  expect(listClaims(workdir)).toEqual([]);
});

test.each([
  ['claimed', 'dev-1'],
  ['directory_made', 'dev-1'],
  ['setup_written', 'dev-1'],
  ['post_written', 'dev-1'],
  ['post_renamed', 'dev-0'],
  ['row_committed', 'dev-0'],
])('a crash at %s leaves nothing half-made and loses nothing finished', async (crashAt, id) => {
  const path = join(temporaryDirectory(), 'dev');
  const crashed = await startStoreProcess('build', { path, key: 'a', crashAt }).ended();
  expect(crashed.signal).toBe('SIGKILL');
  const finished = id === 'dev-0';
  const next = await startStoreProcess('build', { path, key: 'a' }).ended();
  expect(next.last).toEqual({ outcome: finished ? 'reused' : 'built' });
  const workdir = openWorkdir(path);
  expect(workdir.find(key)).toMatchObject({ job: { id }, damaged: [] });
  expect(listClaims(workdir)).toEqual([]);
});

test('a job that lost its process shortly before the end is found again without being asked for', async () => {
  const path = join(temporaryDirectory(), 'dev');
  await startStoreProcess('build', { path, key: 'a', crashAt: 'post_renamed' }).ended();
  const workdir = openWorkdir(path);
  expect(listJobs(workdir)).toMatchObject([{ id: 'dev-0', state: 'finished' }]);
});

test('a job whose process died is listed as unfinished once its key is built again', async () => {
  const path = join(temporaryDirectory(), 'dev');
  await startStoreProcess('build', { path, key: 'a', crashAt: 'setup_written' }).ended();
  await startStoreProcess('build', { path, key: 'a' }).ended();
  const jobs = listJobs(openWorkdir(path));
  expect(jobs.map(({ id, state }) => [id, state])).toEqual([
    ['dev-1', 'finished'],
    ['dev-0', 'unfinished'],
  ]);
});

test('a full disk while publishing is the fault of the machine, and the job is not visible', async () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  workdir.writeSetup(claim, setupOf(claim));
  symlinkSync('/dev/full', join(claim.path, 'post.json.tmp'));
  await expect(workdir.publish(claim, setupOf(claim), postOf())).rejects.toMatchObject({
    name: 'SystemError',
    code: 'ENOSPC',
  });
  expect(workdir.find(key).job).toBeUndefined();
});

test('a full index is the fault of the machine, and the job is not lost', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const workdir = openWorkdir(path);
  const claim = claimFree(workdir, key);
  workdir.writeSetup(claim, setupOf(claim));
  const pages = workdir.index.get<{ page_count: number }>('PRAGMA page_count')?.page_count;
  workdir.index.get(`PRAGMA max_page_count = ${pages}`);
  const labels = { text: 'x'.repeat(100_000) };
  await expect(workdir.publish(claim, setupOf(claim, { labels }), postOf())).rejects.toMatchObject({
    name: 'SystemError',
    code: 'SQLITE_FULL',
  });
  workdir.close();
  // The claim is still there; its process looks dead to the next one.
  const next = openWorkdir(path);
  next.index.run(`UPDATE claims SET process_started = 'long ago'`);
  expect(next.claim({ key, method: 'count', run: 0 })).toMatchObject({
    kind: 'finished',
    job: { id: 'dev-0' },
  });
});

test('a directory that cannot be made is the fault of the machine', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => Workdir.open({ name: 'dev', path: join(file, 'dev'), slices: 2 })).toThrow(
    SystemError,
  );
});

test('a workdir is looked at without an index only by those who expect none', () => {
  expect(Workdir.openReadonly({ name: 'dev', path: temporaryDirectory() })).toBeUndefined();
});

test('a workdir can be looked at where nothing can be written beside the index', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const writer = openWorkdir(path);
  await makeJob(writer, key);
  writer.close();
  // SQLite cannot make this side file now, as in a directory that is readonly.
  mkdirSync(join(path, 'acc.sqlite-shm'));
  using reader = Workdir.openReadonly({ name: 'dev', path });
  expect(reader?.find(key).job?.id).toBe('dev-0');
  expect(reader?.slices).toBe(2);
  expect(() => reader?.markTainted('dev-0' as never, 'no')).toThrow(/SQLITE_READONLY/);
});

test('a memo is there at once, and in the next process after a flush', () => {
  const path = join(temporaryDirectory(), 'dev');
  const workdir = openWorkdir(path);
  workdir.putMemo(key as never, key as never, '{"a":1}');
  expect(workdir.getMemo(key as never, key as never)).toBe('{"a":1}');
  workdir.flush();
  expect(openWorkdir(path).getMemo(key as never, key as never)).toBe('{"a":1}');
});

function removeIndex(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    const file = join(path, `acc.sqlite${suffix}`);
    if (existsSync(file)) writeFileSync(file, '');
  }
}
