import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';

import { afterAll, expect, test } from 'vitest';

import { InputFile } from '../../../src/method/job/input-file.ts';
import type { JobHost, LinkRequest } from '../../../src/method/job/job-host.ts';
import { Job } from '../../../src/method/job/job.ts';
import type { ResultLinkOptions } from '../../../src/method/job/result-link.ts';
import { encodeValue } from '../../../src/method/stage/stage-codec.ts';
import { UsageError } from '../../../src/model/errors.ts';
import type { JobId } from '../../../src/model/ids.ts';
import { jobId } from '../../../src/model/ids.ts';
import { TestWorkdir } from '../job-fixture.ts';

const workdir = new TestWorkdir();
afterAll(() => workdir[Symbol.dispose]());

function previous(number: number): { jobs: Record<string, JobId> } {
  return { jobs: { previous: jobId('dev', number) } };
}

workdir.finish(1, {
  setup: { caption: 'first', parent: jobId('dev', 3) },
  files: {
    'summary.json': '{"a": 1}',
    'result.json': '[2]',
    'parts/table.0': 'zero',
    'parts/table.1': 'one',
  },
  inputs: { options: { when: { $date: '1970-01-01T00:00:00.001Z' }, limit: 3 } },
});
workdir.finish(2, {
  inputs: {
    jobs: {
      previous: jobId('dev', 1),
      other: jobId('dev', 1),
      list: [jobId('dev', 1)],
      none: null,
    },
  },
});
workdir.finish(3, { inputs: previous(2) });
workdir.finish(4, { inputs: previous(3) });

test('a job knows its id, number, workdir, path and method', () => {
  const job = workdir.job(1);
  expect([
    job.id,
    job.number,
    job.workdir,
    job.path,
    job.method,
    String(job),
    JSON.stringify({ job }),
  ]).toEqual([
    'dev-1',
    1,
    'dev',
    join(workdir.path, 'dev-1'),
    'example',
    'dev-1',
    '{"job":"dev-1"}',
  ]);
});

test('what a job and its files print as is short', () => {
  const job = workdir.job(1);
  const printed = inspect({ job, file: job.withFile('a'), input: new InputFile('/data', 'b.csv') });
  expect(printed).toBe('{ job: Job dev-1, file: JobFile dev-1/a, input: InputFile b.csv }');
});

test('making a handle reads nothing', () => {
  const job = new Job({ id: jobId('dev', 99_999), host: workdir.scriptHost });
  expect(job.path).toBe(join(workdir.path, 'dev-99999'));
  expect(() => job.params).toThrow('There is no job dev-99999');
});

test('params hold what the job was made of, as live values', () => {
  const { params } = workdir.job(1);
  expect(params).toMatchObject({ seed: 12_345, slices: 2, caption: 'first', method: 'example' });
  expect(params.options).toEqual({ when: new Date(1), limit: 3 });
  const { jobs } = workdir.job(2).params;
  expect(jobs['other']).toBeInstanceOf(Job);
  expect(jobs['list']).toEqual([expect.any(Job)]);
  expect(jobs['none']).toBe(undefined);
});

test('parent and build run are known', () => {
  expect(String(workdir.job(1).parent)).toBe('dev-3');
  expect(workdir.job(2).parent).toBe(undefined);
  expect(workdir.job(2).buildJob).toEqual({ run: 1, script: 'build.ts' });
  expect(workdir.job(2).isBuild).toBe(false);
});

test('an unfinished job has no post, but params', () => {
  workdir.begin(20);
  const job = workdir.job(20);
  expect(job.params.seed).toBe(12_345);
  expect(() => job.post).toThrow('Job dev-20 is not finished');
});

test('a workdir that is not configured is named, with the nearest one', () => {
  const job = new Job({ id: jobId('dve', 1), host: workdir.scriptHost });
  const error = thrownBy(() => job.path);
  expect(error.message).toBe(
    'Job dve-1 lies in workdir `dve`, which is not configured; known are dev',
  );
  expect(error.problems[0]?.hint).toBe('Did you mean "dev"?');
});

test('files are listed by pattern, relative or absolute', () => {
  const job = workdir.job(1);
  expect(job.files()).toEqual(['parts/table.0', 'parts/table.1', 'result.json', 'summary.json']);
  expect(job.files('*.json')).toEqual(['result.json', 'summary.json']);
  expect(job.files('**/*.{0,1}')).toEqual(['parts/table.0', 'parts/table.1']);
  expect(job.files('summary.*', { absolute: true })).toEqual([
    join(workdir.path, 'dev-1/summary.json'),
  ]);
});

test('files are read whole, as a stream, and as JSON', async () => {
  const job = workdir.job(1);
  expect(await job.read('summary.json')).toEqual(Buffer.from('{"a": 1}'));
  expect(await job.read('summary.json', 'utf8')).toBe('{"a": 1}');
  expect(await text(job.open('parts/table', { sliceno: 1 }))).toBe('one');
  expect(await job.loadJson()).toEqual([2]);
  expect(await job.loadJson('summary.json')).toEqual({ a: 1 });
  expect(await job.loadJson('none.json', { default: null })).toBe(null);
});

test('load gives what synthesis returned, or undefined', async () => {
  workdir.finish(30, { files: { other: 'x' } });
  expect(await workdir.job(30).load()).toBe(undefined);
  expect(await workdir.job(30).load('result.msgpack', { default: 5 })).toBe(5);
  workdir.finish(31);
  const bytes = encodeValue({ big: 2n ** 64n, self: workdir.job(31) }, 'value');
  workdir.write('dev-31', 'value.msgpack', bytes);
  const value = await workdir.job(31).load<{ big: bigint; self: Job }>('value.msgpack');
  expect([value.big, value.self.path]).toEqual([2n ** 64n, join(workdir.path, 'dev-31')]);
});

test('a missing file is named, with the nearest one', async () => {
  const error = await workdir
    .job(1)
    .load('sumary.json')
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message:
      'Job dev-1 (example) has no file "sumary.json": it has summary.json, result.json, parts/table.0, parts/table.1',
    problems: [{ hint: 'Did you mean "summary.json"?' }],
  });
});

test('a file that was made and is gone is damage, whatever the default', async () => {
  workdir.finish(32, { files: { 'result.msgpack': 'x', 'a.json': '1' } });
  for (const name of ['result.msgpack', 'a.json']) rmSync(join(workdir.path, 'dev-32', name));
  const damaged = /^Job dev-32 \(example\) is damaged: its file ".*" is missing$/u;
  await expect(workdir.job(32).load()).rejects.toThrow(damaged);
  await expect(workdir.job(32).loadJson('a.json', { default: 1 })).rejects.toThrow(damaged);
});

test('a missing dataset is an error', () => {
  expect(() => workdir.job(1).dataset('out')).toThrow('Job dev-1 (example) has no dataset "out"');
  expect(workdir.job(1).datasets).toEqual([]);
});

test('names that leave the job directory are refused', () => {
  expect(() => workdir.job(1).filename('../dev-2/x')).toThrow('it leads out of there');
});

test('output comes in the order of stages, whole or in parts', () => {
  workdir.finish(40);
  for (const [name, printed] of [
    ['synthesis', 's'],
    ['10', 'ten'],
    ['2', 'two'],
    ['prepare', 'p'],
  ] as const) {
    workdir.write('dev-40', `OUTPUT/${name}`, `${printed}\n`);
  }
  const job = workdir.job(40);
  expect(job.output()).toBe('p\ntwo\nten\ns\n');
  expect(job.output('analysis')).toBe('two\nten\n');
  expect(job.output(2)).toBe('two\n');
  expect(job.output('prepare')).toBe('p\n');
  expect(job.output(3)).toBe('');
  expect(Object.entries(job.output('parts'))).toEqual([
    ['prepare', 'p\n'],
    ['analysis/2', 'two\n'],
    ['analysis/10', 'ten\n'],
    ['synthesis', 's\n'],
  ]);
  expect(workdir.job(1).output()).toBe('');
});

test('withFile gives a reference that knows whether it is sliced', async () => {
  const whole = workdir.job(1).withFile('summary.json');
  expect([String(whole), whole.filename(), whole.resolve()]).toEqual([
    'dev-1/summary.json',
    ...Array<string>(2).fill(join(workdir.path, 'dev-1/summary.json')),
  ]);
  expect(await whole.loadJson()).toEqual({ a: 1 });
  expect(() => whole.filename(0)).toThrow('is not sliced: expected no slice number, got 0');
  const sliced = workdir.job(1).withFile('parts/table', { sliced: true });
  expect(await text(sliced.open(1))).toBe('one');
  expect(() => sliced.filename()).toThrow('has one file per slice: expected a slice number');
});

test('linkResult passes the link to the build script’s host', () => {
  const links: LinkRequest[] = [];
  const host: JobHost = {
    ...workdir.scriptHost,
    linkResult: (link) => {
      links.push(link);
      return `/results/${link.linkName ?? link.name}`;
    },
  };
  const job = new Job({ id: jobId('dev', 1), host });
  expect(job.linkResult('summary.json', { linkName: 'sub/', header: 'H' })).toBe('/results/sub/');
  expect(links).toEqual([
    { job: 'dev-1', jobPath: job.path, name: 'summary.json', linkName: 'sub/', header: 'H' },
  ]);
  expect(() => job.linkResult('none')).toThrow('has no file "none"');
});

test.each([
  [{ as: 'x' }, '`linkResult` has no option "as"'],
  ['../../evil', 'to be options such as `{ linkName: \'means.json\' }`, got "../../evil"'],
  [null, 'to be options such as'],
  [['x'], "got [ 'x' ]"],
  [{ linkName: 7 }, 'Expected `linkName` of `linkResult` to be a string, got 7'],
  [{ header: {} }, 'Expected `header` of `linkResult` to be a string, got {}'],
])('linkResult refuses options that are none: %j', (options, message) => {
  const host: JobHost = { ...workdir.scriptHost, linkResult: ({ name }) => name };
  const job = new Job({ id: jobId('dev', 1), host });
  expect(() => job.linkResult('summary.json', options as ResultLinkOptions)).toThrow(message);
});

test('linkResult in a stage explains where results are linked', () => {
  expect(() => workdir.job(1, 'stage').linkResult('summary.json')).toThrow(
    '`linkResult` of job dev-1 was called in a stage: results are linked by build scripts only',
  );
});

test.each<[string, Parameters<Job['chain']>[0], string]>([
  ['is oldest first', undefined, 'dev-1 dev-2 dev-3 dev-4'],
  ['can be newest first', { reverse: true }, 'dev-4 dev-3 dev-2 dev-1'],
  ['can be limited', { length: 2 }, 'dev-3 dev-4'],
  ['of length 0 is empty', { length: 0 }, ''],
  ['of length −1 is whole', { length: -1 }, 'dev-1 dev-2 dev-3 dev-4'],
  ['stops before a job', { stopJob: 'dev-2' }, 'dev-3 dev-4'],
  ['stops before a job given as object', { stopJob: workdir.job(1) }, 'dev-2 dev-3 dev-4'],
  ['stops before what a job got as input', { stopJob: { 'dev-2': 'other' } }, 'dev-2 dev-3 dev-4'],
  [
    'goes to the end if that input was not given',
    { stopJob: { 'dev-2': 'none' } },
    'dev-1 dev-2 dev-3 dev-4',
  ],
  ['that stops at itself is empty', { stopJob: 'dev-4' }, ''],
  ['combines length and stop', { length: 1, stopJob: 'dev-2', reverse: true }, 'dev-4'],
])('a chain %s', (_name, options, expected) => {
  expect(workdir.job(4).chain(options).join(' ')).toBe(expected);
});

test('a chain with a wrong length or stop is an error', () => {
  expect(() => workdir.job(2).chain({ stopJob: 'dev-4' })).toThrow(
    'Expected `stopJob` to be a job of the chain of dev-2, got dev-4, which is none of it',
  );
  expect(() => workdir.job(4).chain({ length: 1.5 })).toThrow(
    'Expected `length` of a chain to be a non-negative integer, got 1.5',
  );
  expect(() => workdir.job(4).chain({ stopJob: { 'dev-1': 'a', 'dev-2': 'b' } })).toThrow(
    'Expected `stopJob` to be a job, an id or one pair of job id and input name',
  );
});

function thrownBy(work: () => unknown): UsageError {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
