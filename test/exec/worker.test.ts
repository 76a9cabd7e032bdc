// The built worker: methods on threads and in processes, through the same files that users run.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Executor } from '../../src/exec/executor.ts';
import type { JobLimits, JobOutcome } from '../../src/exec/job-run.ts';
import { digest, jobId, jobKey } from '../../src/model/ids.ts';
import type { Setup } from '../../src/model/manifest.ts';
import { testSetup } from '../rig/setup.ts';

const PACKAGE = join(import.meta.dirname, '../..');
const SHA = digest('0'.repeat(64));

const METHOD = `
  import { defineMethod } from 'acc-engine';
  export default defineMethod({
    prepare({ job }) { console.log('in ' + job.id); return new Map([['base', 10]]); },
    analysis({ sliceno, prepareRes }) { return (prepareRes.get('base') ?? 0) + sliceno; },
    synthesis({ job, analysisRes }) {
      job.saveJson([...analysisRes], 'sums.json');
      if (analysisRes.length > 2) throw new RangeError('too many slices');
      return 'done';
    },
  });
`;

let directory: string;
let executor: Executor;

beforeAll(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'acc-worker-')));
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(PACKAGE, join(directory, 'node_modules', 'acc-engine'));
  await build({
    stdin: { contents: METHOD, sourcefile: 'sums.ts', loader: 'ts', resolveDir: directory },
    bundle: true,
    format: 'esm',
    external: ['acc-engine'],
    sourcemap: 'external',
    outfile: join(directory, 'bundle.mjs'),
  });
  const worker = new URL('../../dist/worker.cjs', import.meta.url);
  executor = new Executor({ worker, concurrency: 2 });
});

afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

async function runMethod(
  number: number,
  slices: number,
  limits: JobLimits = {},
): Promise<JobOutcome> {
  const path = join(directory, `dev-${number}`);
  mkdirSync(path);
  return await executor.run({
    task: {
      setup: setupOf(number, slices),
      path,
      bundle: join(directory, 'bundle.mjs'),
      stages: ['prepare', 'analysis', 'synthesis'],
      datasets: {},
      jobs: {},
      workdirs: { dev: directory },
      resultDirectory: join(directory, 'results'),
      projectDirectory: directory,
    },
    limits,
    depth: 0,
    onNotice: () => undefined,
    build: () => Promise.reject(new Error('no subjobs here')),
  });
}

function setupOf(number: number, slices: number): Setup {
  const id = jobId('dev', number);
  return testSetup({ id, method: 'sums', key: jobKey(SHA), slices, inputDirectory: directory });
}

test.each([
  ['a thread', 1, {}],
  ['an isolated process', 2, { memoryLimitMb: 128 }],
])('a method runs in %s and leaves a sealed directory', async (_, number, limits) => {
  const outcome = await runMethod(number, 2, limits);
  expect(outcome).toMatchObject({
    ok: true,
    execMs: { analysis: [expect.any(Number), expect.any(Number)] },
  });
  const path = join(directory, `dev-${number}`);
  expect(outcome.ok && Object.keys(outcome.state.files).toSorted()).toEqual([
    'result.msgpack',
    'sums.json',
  ]);
  expect(JSON.parse(readFileSync(join(path, 'sums.json'), 'utf8'))).toEqual([10, 11]);
  expect(readFileSync(join(path, 'OUTPUT', 'prepare'), 'utf8')).toBe(`in dev-${number}\n`);
});

test('what a method throws is told in lines of its source, without the engine’s frames', async () => {
  const outcome = await runMethod(3, 3);
  expect(outcome).toMatchObject({
    failure: {
      kind: 'threw',
      stage: { name: 'synthesis' },
      error: {
        name: 'RangeError',
        message: 'too many slices',
        stack: [expect.stringMatching(/^at synthesis \(.*\/sums\.ts:8:41\)$/u)],
      },
    },
  });
});
