// The mark of a job whose file does not hold what was written to it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { markDamaged } from '../../src/store/damage.ts';
import { jobRow } from '../../src/store/history.ts';
import { rebuild } from '../../src/store/rebuild.ts';
import { claimFree, keyOf, makeJob, openWorkdir } from './workdir-rig.ts';

const key = keyOf('key');

test('a marked job is damage by key and by id, also in an index that is made from the directories', async () => {
  const workdir = openWorkdir();
  const { path } = await makeJob(workdir, key, { files: { 'sub/a.txt': 'hello' } });
  const file = join(path, 'sub/a.txt');
  expect(markDamaged(file, `Cannot read ${file}: it is not what it was`)).toBe('dev-0');
  const mark = { file: 'sub/a.txt', reason: 'it is not what it was' };
  expect(JSON.parse(readFileSync(join(path, 'damage.json'), 'utf8'))).toMatchObject(mark);
  const expectMarked = (): void => {
    expect(jobRow(workdir, 0)?.damaged).toMatchObject(mark);
    expect(workdir.find(key)).toEqual({
      job: undefined,
      damaged: [{ job: 'dev-0', method: 'count', file: 'sub/a.txt', problem: 'marked' }],
    });
    expect(workdir.isIntact(jobRow(workdir, 0)?.id ?? expect.fail())).toBe(false);
  };
  expectMarked();
  expect(markDamaged(file, 'something else'), 'the first mark stays').toBe('dev-0');
  expectMarked();
  rebuild(workdir);
  expectMarked();
  // The directory is the truth.
  rmSync(join(path, 'damage.json'));
  rebuild(workdir);
  expect(workdir.find(key).job?.id).toBe('dev-0');
});

test('what belongs to no finished job, or cannot be marked, is not marked', async () => {
  const workdir = openWorkdir();
  const claim = claimFree(workdir, key);
  writeFileSync(join(claim.path, 'a.txt'), '');
  expect(markDamaged(join(claim.path, 'a.txt'), 'changed')).toBeUndefined();
  expect(markDamaged(join(workdir.path, 'a.txt'), 'changed')).toBeUndefined();
  const { path, number } = await makeJob(workdir, keyOf('other'), { files: { 'a.txt': 'hello' } });
  mkdirSync(join(path, 'damage.json'));
  expect(markDamaged(join(path, 'a.txt'), 'changed')).toBeUndefined();
  expect(jobRow(workdir, number)?.damaged).toBeNull();
});
