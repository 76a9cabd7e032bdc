import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { resultsIn, resultsOf } from '../../src/store/job-details.ts';
import type { FinishedJob } from '../../src/store/lookup.ts';
import { linkResult, resultLinks } from '../../src/store/results.ts';
import type { Workdir } from '../../src/store/workdir.ts';
import { keyOf, makeJob, openWorkdir, temporaryDirectory, writeInto } from './workdir-rig.ts';

let project: string;
let resultDirectory: string;
let workdir: Workdir;
let job: FinishedJob;

beforeEach(async () => {
  project = temporaryDirectory();
  resultDirectory = join(project, 'results');
  workdir = openWorkdir(join(project, 'workdirs', 'dev'));
  job = await makeJob(workdir, keyOf('a'), {
    files: { 'a.txt': 'hello', 'plots/b.svg': '<svg/>' },
  });
});

function link(file: string, linkName?: string): string {
  const options = { resultDirectory, job: job.id, file, run: 0 };
  return linkResult(workdir, linkName === undefined ? options : { ...options, linkName });
}

test('a file is linked under its own name, and the link is recorded', () => {
  const name = linkResult(workdir, {
    resultDirectory,
    job: job.id,
    file: 'plots/b.svg',
    header: 'Strikes',
    description: 'by month',
    run: 3,
  });
  expect(name).toBe('b.svg');
  expect(readFileSync(join(resultDirectory, 'b.svg'), 'utf8')).toBe('<svg/>');
  expect(resultsOf(workdir, job.number)).toMatchObject([
    {
      directory: resultDirectory,
      name: 'b.svg',
      job: 'dev-0',
      file: 'plots/b.svg',
      header: 'Strikes',
    },
  ]);
});

test.each([
  ['a.txt', 'other.txt', 'other.txt'],
  ['a.txt', 'sub/', 'sub/a.txt'],
  ['a.txt', 'deep/er//x/../a', 'deep/er/a'],
  ['plots', undefined, 'plots'],
  ['plots/', 'charts', 'charts'],
  ['a.txt', '', 'a.txt'],
])('%s linked as %s becomes %s', (file, linkName, name) => {
  expect(link(file, linkName)).toBe(name);
  expect(lstatSync(join(resultDirectory, name)).isSymbolicLink()).toBe(true);
  expect(existsSync(join(resultDirectory, name))).toBe(true);
});

test('a link is replaced, also one to nowhere, and the record with it', async () => {
  const other = await makeJob(workdir, keyOf('b'), { files: { 'a.txt': 'new' } });
  mkdirSync(resultDirectory);
  symlinkSync('/nowhere', join(resultDirectory, 'a.txt'));
  link('a.txt');
  linkResult(workdir, { resultDirectory, job: other.id, file: 'a.txt', run: 0 });
  expect(readFileSync(join(resultDirectory, 'a.txt'), 'utf8')).toBe('new');
  expect(resultsIn(workdir, resultDirectory)).toMatchObject([{ name: 'a.txt', job: 'dev-1' }]);
});

test('links still lead to their files after the project was moved', () => {
  link('a.txt', 'sub/a.txt');
  const moved = join(temporaryDirectory(), 'moved');
  workdir.close();
  renameSync(project, moved);
  expect(realpathSync(join(moved, 'results/sub/a.txt'))).toBe(
    join(moved, 'workdirs/dev/dev-0/a.txt'),
  );
});

test('a link from elsewhere is absolute', () => {
  resultDirectory = join(temporaryDirectory(), 'results');
  link('a.txt');
  expect(readlinkSync(join(resultDirectory, 'a.txt'))).toBe(join(job.path, 'a.txt'));
});

test.each(['../a.txt', 'sub/../../a.txt', '/tmp/a.txt', '..', '.', 'a\0b'])(
  'the name %j is refused',
  (linkName) => {
    expect(() => link('a.txt', linkName)).toThrow(
      /Expected a relative path inside the result directory/,
    );
    expect(existsSync(join(dirname(resultDirectory), 'a.txt'))).toBe(false);
  },
);

test.each(['../dev-1/a.txt', '/etc/passwd', '.'])('the source %s is refused', (file) => {
  expect(() => link(file)).toThrow(/Expected a relative path inside a job's directory/);
});

test('a source that does not exist is refused', () => {
  expect(() => link('b.txt')).toThrow('Job dev-0 has no file "b.txt" to link');
});

test('a directory of the name that is itself a link is refused, so that nothing is written into a job', () => {
  link('plots');
  expect(() => link('a.txt', 'plots/a.txt')).toThrow(
    /"plots" in the result directory .* is a symlink/,
  );
  expect(existsSync(join(job.path, 'plots/a.txt'))).toBe(false);
});

test.each([
  ['a file', 'a.txt'],
  ['a directory', 'sub'],
  ['a file where a directory is needed', 'a.txt/b.txt'],
])('%s in the way is not overwritten', (_, linkName) => {
  writeInto(resultDirectory, 'a.txt', 'mine');
  mkdirSync(join(resultDirectory, 'sub'));
  expect(() => link('a.txt', linkName)).toThrow(/to be free or a result link/);
  expect(readFileSync(join(resultDirectory, 'a.txt'), 'utf8')).toBe('mine');
});

test('links into jobs are found again in the result directory', () => {
  link('a.txt', 'sub/a.txt');
  link('plots');
  symlinkSync('/nowhere', join(resultDirectory, 'other'));
  expect(resultLinks(workdir, resultDirectory)).toMatchObject([
    { name: 'plots', number: 0, file: 'plots' },
    { name: 'sub/a.txt', number: 0, file: 'a.txt' },
  ]);
});
