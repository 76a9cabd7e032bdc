import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { FileDigests } from '../../src/key/file-digest.ts';
import { isSettled, statPath } from '../../src/key/file-stat.ts';
import { sha256 } from '../../src/util/sha256.ts';

let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'acc-digest-'));
  file = join(directory, 'file.csv');
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Waits until a stat taken now would show any later change. */
async function settled(path: string): Promise<void> {
  const stat = statPath(path)!;
  while (!isSettled(stat, Date.now())) await sleep(1);
}

test('a file is known by its content', async () => {
  writeFileSync(file, 'a,b\n');
  const digests = FileDigests.open(directory);
  const { mtimeMs } = statSync(file);
  expect(await digests.digestOf(file)).toEqual({ digest: sha256('a,b\n'), sizeBytes: 4, mtimeMs });
});

test('what is no file is told from what is not there', async () => {
  const digests = FileDigests.open(directory);
  writeFileSync(file, 'a');
  expect(await digests.digestIfFile(directory)).toBe('directory');
  expect(await digests.digestIfFile(join(directory, 'none'))).toBe('nothing');
  expect(await digests.digestIfFile(join(file, 'below a file'))).toBe('nothing');
});

test('a file larger than the buffers is hashed whole', async () => {
  const content = Buffer.alloc(3_500_000, 'some text with a length that divides nothing');
  writeFileSync(file, content);
  expect((await FileDigests.open(directory).digestOf(file)).digest).toBe(sha256(content));
});

test('what was learnt is known to the next run, without reading the file', async () => {
  writeFileSync(file, 'old');
  await settled(file);
  const digests = FileDigests.open(directory);
  expect(digests.known(file)).toBeUndefined();
  const read = await digests.digestOf(file);
  digests.save();
  expect(FileDigests.open(directory).known(file)).toEqual(read);
});

test('a file that was changed a moment ago is read again', async () => {
  writeFileSync(file, 'old');
  utimesSync(file, new Date(), new Date(Date.now() + 60_000));
  const digests = FileDigests.open(directory);
  await digests.digestOf(file);
  expect(digests.known(file)).toBeUndefined();
  digests.save();
  expect(existsSync(join(directory, 'files.json'))).toBe(false);
});

test('a change of the same size and time shows', async () => {
  const time = new Date('2024-01-01T00:00:00.5Z');
  writeFileSync(file, 'old');
  utimesSync(file, time, time);
  await settled(file);
  const digests = FileDigests.open(directory);
  await digests.digestOf(file);
  writeFileSync(file, 'new');
  utimesSync(file, time, time);
  expect((await digests.digestOf(file)).digest).toBe(sha256('new'));
});

test('a file that was written since has changed, also when it is as it was', async () => {
  writeFileSync(file, 'old');
  const digests = FileDigests.open(directory);
  const record = await digests.digestOf(file);
  expect(await digests.changedSince(file, record)).toBe(false);
  utimesSync(file, new Date(), new Date(1_700_000_000_000));
  expect(await digests.changedSince(file, record)).toBe(true);
  writeFileSync(file, 'new');
  expect(await digests.changedSince(file, record)).toBe(true);
  rmSync(file);
  expect(await digests.changedSince(file, record)).toBe(true);
});

test('what two processes learn at the same time is kept', async () => {
  const other = join(directory, 'other.csv');
  writeFileSync(file, 'one');
  writeFileSync(other, 'two');
  await settled(other);
  const [a, b] = [FileDigests.open(directory), FileDigests.open(directory)];
  await Promise.all([a.digestOf(file), b.digestOf(other)]);
  a.save();
  b.save();
  const next = FileDigests.open(directory);
  expect([next.known(file)?.digest, next.known(other)?.digest]).toEqual([
    sha256('one'),
    sha256('two'),
  ]);
});

test('a damaged cache file counts as empty', async () => {
  writeFileSync(join(directory, 'files.json'), '{"format":1,"fil');
  writeFileSync(file, 'old');
  const digests = FileDigests.open(directory);
  expect(digests.known(file)).toBeUndefined();
  expect((await digests.digestOf(file)).digest).toBe(sha256('old'));
});

test('a file that cannot be read is the fault of the machine', async () => {
  const digests = FileDigests.open(directory);
  await expect(digests.digestOf(file)).rejects.toMatchObject({
    name: 'SystemError',
    code: 'ENOENT',
    operation: 'read',
    path: file,
  });
  await expect(digests.digestOf(directory)).rejects.toMatchObject({ code: 'EISDIR' });
});
