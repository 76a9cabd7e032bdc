import { rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { SystemError } from '../../src/model/errors.ts';
import type { JobId } from '../../src/model/ids.ts';
import { digestOf, keyOf, makeJob, openWorkdir, writeInto } from './workdir-rig.ts';

const key = keyOf('a');

test('an unknown key is a miss without damage', () => {
  expect(openWorkdir().find(key)).toEqual({ job: undefined, damaged: [] });
});

test('a finished job is found with what the engine needs', async () => {
  const workdir = openWorkdir();
  const subjob = { id: 'dev-9', method: 'sub', code: digestOf('sub'), built: false } as never;
  await makeJob(workdir, key, { files: { 'a.txt': 'hello' }, post: { subjobs: [subjob] } });
  expect(workdir.find(key).job).toEqual({
    id: 'dev-0',
    number: 0,
    path: join(workdir.path, 'dev-0'),
    key,
    method: 'count',
    digest: digestOf('outputs'),
    code: digestOf('code'),
    execMs: 12,
    endedAt: '2024-05-01T10:00:01.000Z',
    subjobs: [subjob],
    chained: false,
    tainted: null,
    tied: false,
  });
});

test('the newest job with a key is found, and older ones below a number', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, key);
  await makeJob(workdir, key);
  expect(workdir.find(key).job?.id).toBe('dev-1');
  expect(workdir.find(key, 1).job?.id).toBe('dev-0');
  expect(workdir.find(key, 0).job).toBeUndefined();
});

test('a missing file is damage, and an older intact job is found instead', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, key, { files: { 'a.txt': 'hello' } });
  const newer = await makeJob(workdir, key, { files: { 'a.txt': 'hello' } });
  rmSync(join(newer.path, 'a.txt'));
  const found = workdir.find(key);
  expect(found.job?.id).toBe('dev-0');
  expect(found.damaged).toEqual([
    { job: 'dev-1', method: 'count', file: 'a.txt', problem: 'missing' },
  ]);
});

test('a file of another size is damage', async () => {
  const workdir = openWorkdir();
  const job = await makeJob(workdir, key, { files: { 'a.txt': 'hello' } });
  truncateSync(join(job.path, 'a.txt'), 3);
  expect(workdir.find(key).damaged).toEqual([
    { job: 'dev-0', method: 'count', file: 'a.txt', problem: 'wrong_size' },
  ]);
});

test('a removed directory is damage', async () => {
  const workdir = openWorkdir();
  const job = await makeJob(workdir, key);
  rmSync(job.path, { recursive: true });
  expect(workdir.find(key)).toEqual({
    job: undefined,
    damaged: [{ job: 'dev-0', method: 'count', file: 'post.json', problem: 'no_directory' }],
  });
});

test('files of datasets must be there with their sizes', async () => {
  const workdir = openWorkdir();
  const dataset = datasetNamed('default', { 'DS/default.0.arrow': 5 });
  const job = await makeJob(workdir, key, { post: { datasets: [dataset] } });
  expect(workdir.find(key).damaged.map((damage) => damage.file)).toEqual(['DS/default.0.arrow']);
  writeInto(job.path, 'DS/default.0.arrow', '12345');
  expect(workdir.find(key).job?.id).toBe('dev-0');
});

test('a tainted job is never found by key, but by id', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, key, { post: { tainted: 'data.csv changed' } });
  const marked = await makeJob(workdir, key);
  workdir.markTainted(marked.id, 'edited');
  expect(workdir.find(key)).toEqual({ job: undefined, damaged: [] });
  expect(workdir.job(marked.id)?.tainted).toBe('edited');
});

test('a job is intact while everything it made is there', async () => {
  const workdir = openWorkdir();
  const { id, path } = await makeJob(workdir, key, { files: { 'a.txt': 'hello' } });
  expect(workdir.isIntact(id)).toBe(true);
  rmSync(join(path, 'a.txt'));
  expect([workdir.isIntact(id), workdir.isIntact('dev-7' as JobId)]).toEqual([false, false]);
});

test('the predecessors of a job are those of its datasets and its job input `previous`', async () => {
  const workdir = openWorkdir();
  const previous = { job: 'dev-3' as JobId, name: 'default' };
  const dataset = { ...datasetNamed('sales', {}), previous };
  const jobs = { previous: 'dev-2' as JobId, other: 'dev-1' as JobId };
  const inputs = { options: {}, datasets: {}, jobs };
  const chained = await makeJob(workdir, key, { post: { datasets: [dataset] }, setup: { inputs } });
  expect(chained.chained).toBe(true);
  expect(workdir.predecessors(chained.id)).toEqual(['dev-2', 'dev-3']);
});

test('a job of another workdir or a wrong id is not found', async () => {
  const workdir = openWorkdir();
  await makeJob(workdir, key);
  expect(workdir.job('prod-0' as never)).toBeUndefined();
  expect(workdir.job('dev-1' as never)).toBeUndefined();
});

test('a dataset record comes back as it was published', async () => {
  const workdir = openWorkdir();
  const dataset = {
    ...datasetNamed('sales', { 'DS/sales.json': 10, 'DS/sales.0.arrow': 20 }),
    previous: { job: 'dev-7' as never, name: 'default' },
    hashlabel: 'user',
  };
  const job = await makeJob(workdir, key, { post: { datasets: [dataset] } });
  expect(workdir.datasetRecord(job.id, 'sales')).toEqual(dataset);
  expect(Object.keys(workdir.datasetRecord(job.id, 'sales')?.columns ?? {})).toEqual(['z', 'a']);
  expect(workdir.datasetRecord(job.id, 'other')).toBeUndefined();
});

test('the execution time of the newest finished job is expected', async () => {
  const workdir = openWorkdir();
  expect(workdir.expectedMs('count')).toBeNull();
  await makeJob(workdir, key, { post: { execMs: { total: 50 } } });
  await makeJob(workdir, keyOf('b'), { post: { execMs: { total: 70 } } });
  expect(workdir.expectedMs('count')).toBe(70);
});

function datasetNamed(name: string, files: Record<string, number>) {
  const columns = {
    z: { type: 'string', digest: digestOf('z') },
    a: { type: 'int32', digest: digestOf('a') },
  };
  return { name, digest: digestOf(name), rows: 3, previous: null, hashlabel: null, columns, files };
}

test('a file that cannot be looked at is the fault of the machine', async () => {
  const workdir = openWorkdir();
  const { path } = await makeJob(workdir, key, { files: { 'a.txt': 'hello' } });
  rmSync(join(path, 'a.txt'));
  symlinkSync('a.txt', join(path, 'a.txt'));
  expect(() => workdir.find(key)).toThrow(SystemError);
});
