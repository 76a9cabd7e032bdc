import { appendFileSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { digest } from '../../../src/model/ids.ts';
import { sha256 } from '../../../src/util/sha256.ts';
import { NO_STATE, TestWorkdir } from '../job-fixture.ts';
import { RunningJob } from '../running-job.ts';

const workdir = new TestWorkdir();
afterAll(() => workdir[Symbol.dispose]());

/** What the methods under test can reach of this file. */
const shared = globalThis as { tested?: unknown };

function runningJob(
  definition: string,
  facts?: ConstructorParameters<typeof RunningJob>[2],
): RunningJob {
  return new RunningJob(workdir, definition, facts);
}

test('files that were written by other means are registered if none was by hand', async () => {
  const job = runningJob(`synthesis({ job }) {
    writeFileSync(job.filename('b.txt'), 'plain');
    writeFileSync(job.filename('.hidden'), 'x');
    mkdirSync(job.filename('below'));
    writeFileSync(job.filename('below/c.txt'), 'deep');
    job.write('scratch.txt', 'x', { temp: true });
    return 1;
  }`);
  const { files } = await job.synthesis();
  expect(Object.keys(files).toSorted()).toEqual(['b.txt', 'result.msgpack']);
  expect(files['b.txt']).toEqual({ sizeBytes: 5, digest: sha256('plain') });
  expect(existsSync(job.path('scratch.txt'))).toBe(false);
  expect(existsSync(job.path('below/c.txt'))).toBe(true);
});

test('registering one file by hand turns automatic registration off', async () => {
  const job = runningJob(`synthesis({ job }) {
    for (const name of ['a.txt', 'b.txt', 'c.dat']) writeFileSync(job.filename(name), name);
    mkdirSync(job.filename('below'));
    writeFileSync(job.filename('below/d.txt'), 'deep');
    job.write('t.txt', 't', { temp: true });
    const found = job.registerFiles('*.txt');
    job.saveJson({ found, again: job.registerFiles('*.txt'), deep: job.registerFiles('**/*.txt') }, 'names.json');
  }`);
  const { files } = await job.synthesis();
  expect(JSON.parse(job.file('names.json'))).toEqual({
    found: ['a.txt', 'b.txt'],
    again: [],
    deep: ['below/d.txt'],
  });
  expect(Object.keys(files).toSorted()).toEqual(['a.txt', 'b.txt', 'below/d.txt', 'names.json']);
});

test('a temporary file that is registered later is kept', async () => {
  const job = runningJob(`synthesis({ job }) { job.registerFile('t.txt') }`);
  writeFileSync(job.path('t.txt'), 'kept');
  job.state = { ...NO_STATE, tempFiles: ['t.txt', 'gone.txt'] };
  const { files } = await job.synthesis();
  expect(files).toEqual({ 't.txt': { sizeBytes: 4, digest: sha256('kept') } });
  expect(job.file('t.txt')).toBe('kept');
});

test('a registered file that has vanished is reported by the value null', async () => {
  const job = runningJob(`synthesis({ job }) { job.write('a.txt', 'a') }`);
  job.state = {
    ...NO_STATE,
    files: { 'early.txt': { sizeBytes: 1, digest: digest(sha256('a')) } },
  };
  expect((await job.synthesis()).files).toMatchObject({ 'early.txt': null, 'a.txt': {} });
});

test('a file that has grown since it was registered is hashed again', async () => {
  const job = runningJob(`synthesis({ job }) {
    job.write('log.txt', 'one');
    appendFileSync(job.filename('log.txt'), 'two');
  }`);
  const { files } = await job.synthesis();
  expect(files['log.txt']).toEqual({ sizeBytes: 6, digest: sha256('onetwo') });
});

test('a file that was changed in place and registered again is hashed again, be it as long as before', async () => {
  const job = runningJob(`synthesis({ job }) {
    job.write('table.bin', 'head, rows');
    writeFileSync(job.filename('table.bin'), 'HEAD, rows');
    job.registerFile('table.bin');
  }`);
  const { files } = await job.synthesis();
  expect(files['table.bin']).toEqual({ sizeBytes: 10, digest: sha256('HEAD, rows') });
});

test('a file can be written past the cache, and is hashed and registered as any', async () => {
  const job = runningJob(`async synthesis({ job }) {
    const file = job.open('large.txt', 'w', { cached: false });
    for (let i = 0; i < 1000; i++) file.write('0123456789'.repeat(1000));
    file.end();
  }`);
  const { files } = await job.synthesis();
  const content = '0123456789'.repeat(1_000_000);
  expect(files).toEqual({ 'large.txt': { sizeBytes: 10_000_000, digest: sha256(content) } });
  expect(job.file('large.txt')).toBe(content);
});

test('a link is no file of a job, because what it leads to may change', async () => {
  const job = runningJob(`synthesis({ job }) { job.registerFile('link.txt') }`);
  writeFileSync(job.path('target.txt'), 'x');
  symlinkSync('target.txt', job.path('link.txt'));
  await expect(job.synthesis()).rejects.toThrow('Expected "link.txt" to be a file');
});

test('what an execution that died has half written is removed', async () => {
  const job = runningJob(``);
  writeFileSync(job.path('.acc-1-0-0'), 'half');
  appendFileSync(job.path('whole.txt'), 'whole');
  const { files } = await job.run({ name: 'synthesis' }, { sealOnly: true });
  expect(Object.keys(files)).toEqual(['whole.txt']);
  expect(existsSync(job.path('.acc-1-0-0'))).toBe(false);
});

test('a file that is changed in place after it was written counts by what it holds at the end', async () => {
  const job = runningJob(`async synthesis({ job }) {
    const { writeFileSync } = await import('node:fs');
    job.write('a.txt', 'one');
    writeFileSync(job.filename('a.txt'), 'two');
    job.write('b.txt', 'one');
  }`);
  const { files } = await job.synthesis();
  expect(files).toEqual({
    'a.txt': { sizeBytes: 3, digest: sha256('two') },
    'b.txt': { sizeBytes: 3, digest: sha256('one') },
  });
});

test('a stream appears under its name when it has ended, and the stage waits for that', async () => {
  const job = runningJob(`synthesis({ job }) {
    const stream = job.open('rows.txt', 'w');
    stream.write('one\\n');
    globalThis.tested = job.files();
    stream.end('two\\n');
  }`);
  const { files } = await job.synthesis();
  expect(shared.tested).toEqual([]);
  expect(files['rows.txt']).toEqual({ sizeBytes: 8, digest: sha256('one\ntwo\n') });
  expect(job.file('rows.txt')).toBe('one\ntwo\n');
});

test('a stream that is never ended fails the stage and leaves no file', async () => {
  const job = runningJob(`synthesis({ job }) { job.open('rows.txt', 'w').write('one') }`);
  await expect(job.synthesis()).rejects.toThrow(
    'file "rows.txt" was opened for writing and never ended',
  );
  expect(existsSync(job.path('rows.txt'))).toBe(false);
});

test.each([
  ['/etc/passwd', 'it is absolute'],
  ['../other/file', 'it leads out of there'],
  ['a/../../b', 'it leads out of there'],
  ['./a', 'write it as "a"'],
  ['a//b', 'write it as "a/b"'],
  ['a/', 'write it as "a"'],
  ['', 'it is empty'],
])('the file name %j is refused: %s', async (name, reason) => {
  const job = runningJob(`synthesis({ job }) { job.write(${JSON.stringify(name)}, 'x') }`);
  await expect(job.synthesis()).rejects.toThrow(
    `Expected the name of a file in a job to be a relative path inside its directory, got ${JSON.stringify(name)}: ${reason}`,
  );
});

test.each([
  'setup.json',
  'post.json',
  'method.mjs',
  'method.mjs.map',
  'OUTPUT/x',
  'DS/x.json',
  'DS',
])('the file name %s is reserved', async (name) => {
  const job = runningJob(`synthesis({ job }) { job.save(1, '${name}') }`);
  await expect(job.synthesis()).rejects.toThrow(
    `The file name ${JSON.stringify(name)} is reserved for acc`,
  );
});

test('saved values and JSON are there for later stages and for the same one', async () => {
  const job = runningJob(`async synthesis({ job }) {
    const file = job.save(new Map([['k', 1n]]), 'map.msgpack');
    job.save([1], 'parts', { sliceno: 3 });
    job.saveJson({ b: 1 });
    globalThis.tested = [
      await file.load(), await job.load('parts', { sliceno: 3 }), await job.loadJson(),
      await job.load('none', { default: 'absent' }), await job.load(), job.files(),
    ];
  }`);
  await job.synthesis();
  expect(shared.tested).toEqual([
    new Map([['k', 1n]]),
    [1],
    { b: 1 },
    'absent',
    undefined,
    ['map.msgpack', 'parts.3', 'result.json'],
  ]);
  expect(job.file('result.json')).toBe('{\n  "b": 1\n}\n');
});

test('names of input files stay inside the input directory', async () => {
  const job = runningJob(`synthesis({ job }) {
    const tries = [() => job.inputFilename('a', 'b.csv'), () => job.inputFilename('..', 'b.csv'), () => job.inputFilename('/b.csv')];
    globalThis.tested = tries.map((attempt) => { try { return attempt() } catch (error) { return error.code ?? error.problems[0].code } });
  }`);
  await job.synthesis();
  expect(shared.tested).toEqual([
    join(workdir.path, 'a/b.csv'),
    'invalid_file_name',
    'invalid_file_name',
  ]);
});
