import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { SystemError } from '../../src/model/errors.ts';
import { listClaims } from '../../src/store/claims.ts';
import { startStoreProcess } from './store-process.ts';
import {
  claimFree,
  keyOf,
  makeJob,
  openWorkdir,
  setupOf,
  postOf,
  temporaryDirectory,
} from './workdir-rig.ts';

const key = keyOf('a');
const request = { key, method: 'count', run: 0 };

test('a free key is claimed with a number and an empty directory', () => {
  const workdir = openWorkdir();
  const outcome = workdir.claim(request);
  const path = join(workdir.path, 'dev-0');
  expect(outcome).toEqual({
    kind: 'taken',
    claim: { id: 'dev-0', number: 0, key, method: 'count', path },
  });
  expect(readdirSync(path)).toEqual([]);
});

test('a claimed key is held, with its owner', () => {
  const workdir = openWorkdir();
  claimFree(workdir, key);
  expect(workdir.claim(request)).toMatchObject({ kind: 'held', job: 'dev-0', pid: process.pid });
});

test('a key that was finished meanwhile is not claimed, unless only newer jobs count', async () => {
  const workdir = openWorkdir();
  const job = await makeJob(workdir, key);
  expect(workdir.claim(request)).toEqual({ kind: 'finished', job });
  expect(workdir.claim({ ...request, newerThan: 0 }).kind).toBe('taken');
});

test('a released claim leaves neither row nor directory, and its number is not given again', () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  workdir.release(claim);
  expect(existsSync(claim.path)).toBe(false);
  expect(listClaims(workdir)).toEqual([]);
  expect(claimFree(workdir, key).number).toBe(1);
});

test('nobody waits for a claim under which publishing failed', async () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  const setup = setupOf(claim);
  workdir.writeSetup(claim, setup);
  mkdirSync(join(claim.path, 'post.json.tmp'));
  await expect(workdir.publish(claim, setup, postOf())).rejects.toThrow(SystemError);
  expect(listClaims(workdir)).toEqual([]);
  expect(claimFree(workdir, key).number).toBe(1);
});

test('a process does not wait for itself when it could not end its claim', async () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  const setup = setupOf(claim, { caption: 'long'.repeat(10_000) });
  workdir.writeSetup(claim, setup);
  workdir.index.all('PRAGMA max_page_count = 1');
  await expect(workdir.publish(claim, setup, postOf())).rejects.toThrow(/SQLITE_FULL/);
  expect(listClaims(workdir)).toHaveLength(1);
  workdir.index.all('PRAGMA max_page_count = 1000000');
  // post.json was in place already: the job is finished after all.
  expect(workdir.claim(request)).toMatchObject({ kind: 'finished', job: { id: 'dev-0' } });
  expect(listClaims(workdir)).toEqual([]);
});

test('numbers of directories that the index does not know are left alone', () => {
  const workdir = openWorkdir();
  mkdirSync(join(workdir.path, 'dev-0'));
  mkdirSync(join(workdir.path, 'dev-1'));
  expect(claimFree(workdir, key).id).toBe('dev-2');
});

test('waiting ends at once for a key nobody holds', async () => {
  await openWorkdir().waitForClaim(key);
});

test('waiting is given up with the reason of the signal', async () => {
  const workdir = openWorkdir();
  claimFree(workdir, key);
  const controller = new AbortController();
  const waiting = workdir.waitForClaim(key, controller.signal);
  controller.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
});

test('another process waits for the owner and then reuses its job', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const owner = startStoreProcess('hold', { path, key: 'a' });
  expect(await owner.next()).toMatchObject({ kind: 'taken' });
  const other = startStoreProcess('build', { path, key: 'a' });
  const workdir = openWorkdir(path);
  expect(workdir.claim(request)).toMatchObject({ kind: 'held', job: 'dev-0', pid: owner.pid });
  owner.proceed();
  expect((await owner.ended()).code).toBe(0);
  expect((await other.ended()).last).toEqual({ outcome: 'reused' });
});

test('the claim of a killed process is taken over, by someone who was waiting too', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const owner = startStoreProcess('hold', { path, key: 'a' });
  await owner.next();
  const workdir = openWorkdir(path);
  const waiting = workdir.waitForClaim(key);
  await owner.kill();
  await waiting;
  expect(workdir.claim(request)).toMatchObject({
    kind: 'taken',
    claim: {
      id: 'dev-1',
      tookOverFrom: { id: 'dev-0', path: join(path, 'dev-0'), pid: owner.pid },
    },
  });
});

test('the unfinished job of a dead process is in the index from the next opening on', () => {
  const path = join(temporaryDirectory(), 'dev');
  const first = openWorkdir(path);
  const claim = claimFree(first, key);
  first.writeSetup(claim, setupOf(claim));
  first.index.run(`UPDATE claims SET process_started = 'long ago'`);
  first.close();
  const next = openWorkdir(path);
  expect(next.index.all('SELECT number, state FROM jobs')).toEqual([
    { number: 0, state: 'unfinished' },
  ]);
  expect(next.claim(request)).toMatchObject({ claim: { tookOverFrom: { id: 'dev-0' } } });
});

test('a pid that is in use again by another process does not keep a claim alive', () => {
  const workdir = openWorkdir();
  claimFree(workdir, key);
  workdir.index.run(`UPDATE claims SET process_started = 'long ago'`);
  expect(workdir.claim(request)).toMatchObject({ kind: 'taken', claim: { number: 1 } });
});

test('an owner whose start could not be read keeps its claim for as long as its pid is in use', () => {
  const workdir = openWorkdir();
  claimFree(workdir, key);
  workdir.index.run(`UPDATE claims SET process_started = ''`);
  expect(workdir.claim(request).kind).toBe('held');
  workdir.index.run(`UPDATE claims SET pid = 2147483647`);
  expect(workdir.claim(request)).toMatchObject({ kind: 'taken', claim: { number: 1 } });
});

test('a claim from another machine lives as long as its heartbeat', () => {
  const workdir = openWorkdir();
  claimFree(workdir, key);
  workdir.index.run(`UPDATE claims SET machine = 'elsewhere', pid = 1`);
  expect(workdir.claim(request).kind).toBe('held');
  workdir.index.run(`UPDATE claims SET heartbeat_at = heartbeat_at - 61000`);
  expect(workdir.claim(request).kind).toBe('taken');
});

test('a job published after its claim was taken over is still a finished job', async () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  workdir.index.run(`UPDATE claims SET process_started = 'long ago'`);
  const second = claimFree(workdir, key);
  const setup = setupOf(claim);
  workdir.writeSetup(claim, setup);
  await workdir.publish(claim, setup, postOf());
  expect(workdir.find(key).job?.id).toBe(claim.id);
  expect(listClaims(workdir).map((row) => row.number)).toEqual([second.number]);
});

test('eight processes that want the same twenty jobs make each of them once', async () => {
  const path = join(temporaryDirectory(), 'dev');
  const processes = Array.from({ length: 8 }, () => startStoreProcess('build_twenty', { path }));
  const ends = await Promise.all(processes.map((child) => child.ended()));
  expect(ends.map((end) => end.code)).toEqual(Array(8).fill(0));
  expect(ends.reduce((sum, end) => sum + Number(end.last?.['built']), 0)).toBe(20);
  const workdir = openWorkdir(path);
  expect(listClaims(workdir)).toEqual([]);
  expect(readdirSync(path).filter((name) => name.startsWith('dev-'))).toHaveLength(20);
});
