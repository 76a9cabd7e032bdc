import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { CurrentJob } from '../../../src/method/job/current-job.ts';
import { JobError } from '../../../src/method/job/job-error.ts';
import type { JobFile } from '../../../src/method/job/job-file.ts';
import { decodeValue } from '../../../src/method/stage/stage-codec.ts';
import { digest, jobId } from '../../../src/model/ids.ts';
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

test('what prepare and each slice return reaches the later stages', async () => {
  const job = runningJob(`
    prepare: ({ params, slices }) => ({ base: 100 * slices, when: new Date(params.seed) }),
    analysis: ({ prepareRes, sliceno }) => new Map([['n', prepareRes.base + sliceno]]),
    synthesis: ({ prepareRes, analysisRes }) => [prepareRes.when, merge(analysisRes)],`);
  const prepared = await job.run({ name: 'prepare' });
  job.state = { ...job.state, prepareRes: prepared.result! };
  const slices = [
    await job.run({ name: 'analysis', sliceno: 0 }),
    await job.run({ name: 'analysis', sliceno: 1 }),
  ];
  job.state = { ...job.state, analysisRes: slices.map(({ result }) => result) };
  await job.synthesis();
  const result = job.result();
  expect(result).toEqual([new Date(12_345), new Map([['n', 401]])]);
});

test('a slice that returns nothing leaves undefined in its place', async () => {
  const job = runningJob(`synthesis: ({ analysisRes }) => analysisRes.map((one) => typeof one)`);
  const one = await runningJob(`prepare: () => 1`).run({ name: 'prepare' });
  job.state = { ...NO_STATE, analysisRes: [undefined, one.result] };
  await job.synthesis();
  expect(job.result()).toEqual(['undefined', 'number']);
});

test('the context has what every stage is promised', async () => {
  const job = runningJob(`prepare: (context) => Object.keys(context).sort().join(' ')`);
  const prepare = job.value(await job.run({ name: 'prepare' }));
  expect(prepare).toBe('build datasets job jobs options params signal slices status');
  const other = runningJob(`
    analysis: (context) => Object.keys(context).sort().join(' '),
    synthesis: (context) => { context.job.write('keys', Object.keys(context).sort().join(' ')) }`);
  expect(other.value(await other.run({ name: 'analysis', sliceno: 1 }))).toBe(
    'build datasets job jobs options params prepareRes signal sliceno slices status',
  );
  await other.synthesis();
  expect(other.file('keys')).toBe(
    'analysisRes build datasets job jobs options params prepareRes signal slices status',
  );
});

test('the context and its inputs cannot be changed', async () => {
  const job = runningJob(
    `options: { a: z.number() },
    prepare(context) {
      const tries = [() => { context.slices = 9 }, () => { context.options.a = 9 }, () => { context.jobs.x = 9 }];
      return tries.map((attempt) => { try { attempt(); return 'changed' } catch (error) { return error.name } });
    }`,
    { setup: { inputs: { options: { a: 1 }, datasets: {}, jobs: {} } } },
  );
  expect(job.value(await job.run({ name: 'prepare' }))).toEqual(Array(3).fill('TypeError'));
});

test('options arrive decoded, with live files', async () => {
  workdir.finish(900, { files: { 'table.json': '{"x": 5}' } });
  writeFileSync(join(workdir.path, 'in.txt'), 'from the input directory');
  const job = runningJob(
    `options: { when: z.date(), table: jobFile(), text: inputFile() },
    async prepare({ options }) {
      const { x } = await options.table.loadJson();
      return [options.when.getTime(), x, readFileSync(options.text, 'utf8'), String(options.text)];
    }`,
    {
      setup: {
        inputs: {
          options: {
            when: { $date: '1970-01-01T00:00:00.007Z' },
            table: { $jobFile: { job: 'dev-900', name: 'table.json', sliced: false } },
            text: { $inputFile: { path: 'in.txt' } },
          },
          datasets: {},
          jobs: {},
        },
      },
    },
  );
  expect(job.value(await job.run({ name: 'prepare' }))).toEqual([
    7,
    5,
    'from the input directory',
    join(workdir.path, 'in.txt'),
  ]);
});

test('a stage without a function only seals the job', async () => {
  const job = runningJob(`prepare: () => 1`);
  expect(await job.run({ name: 'synthesis' }, { sealOnly: true })).toEqual({
    finishedEarly: false,
    openDatasets: [],
    finishedDatasets: [],
    files: {},
    tempFiles: [],
  });
  expect(existsSync(job.path('result.msgpack'))).toBe(false);
});

test('what the method throws leaves the stage as it is', async () => {
  const job = runningJob(`async prepare() { throw new RangeError('too far') }`);
  await expect(job.run({ name: 'prepare' })).rejects.toThrow(new RangeError('too far'));
});

test('a value that cannot travel fails the stage', async () => {
  const job = runningJob(`prepare: () => ({ then2: () => 1 })`);
  await expect(job.run({ name: 'prepare' })).rejects.toThrow(
    'what prepare returned, at then2, is a function, which cannot be kept or passed to another stage',
  );
});

test('a dataset writer reaches the slices, and cannot be a result', async () => {
  const job = runningJob(`
    prepare: ({ job }) => [job.datasetWriter({ name: 'out', columns: { n: 'int32' } })],
    analysis({ prepareRes: [writer], sliceno }) { writer.write(sliceno) },
    synthesis: ({ job }) => job.datasetWriter({ name: 'late', columns: { n: 'int32' }, allowMissingSlices: true })`);
  const { result, openDatasets } = await job.run({ name: 'prepare' });
  job.state = { ...NO_STATE, prepareRes: result!, openDatasets };
  const reply = await job.run({ name: 'analysis', sliceno: 1 });
  expect(reply.openDatasets).toMatchObject([{ name: 'out', parts: { 1: { rows: 1 } } }]);
  job.state = NO_STATE;
  await expect(job.synthesis()).rejects.toThrow(
    'what synthesis returned holds the dataset writer "late", which only later stages of its job can use',
  );
});

test('a module that exports no method is an error that says so', async () => {
  const job = runningJob(``);
  writeFileSync(job.task.bundle, `export default { synthesis() {} }`);
  await expect(job.synthesis()).rejects.toThrow(
    `Expected the default export of ${job.task.bundle} to be a method, got an object with synthesis`,
  );
});

test('finishEarly in prepare ends the job with a result', async () => {
  const job = runningJob(
    `prepare({ job }) { job.finishEarly({ early: true }) },
    synthesis() { throw new Error('not reached') }`,
    { task: { stages: ['prepare', 'synthesis'] } },
  );
  const reply = await job.run({ name: 'prepare' });
  expect(reply.finishedEarly).toBe(true);
  job.state = { ...NO_STATE, earlyResult: reply.result! };
  await job.run({ name: 'synthesis' }, { sealOnly: true });
  const result = job.result();
  expect(result).toEqual({ early: true });
});

test('finishEarly in synthesis saves its result, also when the method catches everything', async () => {
  const job = runningJob(`synthesis({ job }) {
    try { job.finishEarly('baz') } catch { /* swallowed by the author */ }
    return 'late';
  }`);
  expect((await job.synthesis()).finishedEarly).toBe(true);
  const result = job.result();
  expect(result).toBe('baz');
});

test('finishEarly in analysis takes no result', async () => {
  const without = runningJob(`analysis({ job }) { job.finishEarly() }`);
  const reply = await without.run({ name: 'analysis', sliceno: 0 });
  expect([reply.finishedEarly, 'result' in reply]).toEqual([true, false]);
  const withResult = runningJob(`analysis({ job }) { job.finishEarly(3) }`);
  await expect(withResult.run({ name: 'analysis', sliceno: 0 })).rejects.toThrow(
    'finishEarly in analysis takes no result',
  );
});

test('an input job shows what is in the key, and what it was made of only where that was declared', async () => {
  workdir.finish(901);
  workdir.finish(902, {
    inputs: { jobs: { previous: jobId('dev', 901), other: jobId('dev', 901) } },
  });
  const job = runningJob(
    `jobs: { plain: job(), open: job({ lineage: true }) },
    prepare({ jobs, params }) {
      const attempt = (read) => { try { return String(read()) } catch (error) { return error.message } };
      return [
        attempt(() => jobs.plain.params.jobs), attempt(() => jobs.plain.params.datasets),
        attempt(() => jobs.plain.params.seed), attempt(() => jobs.plain.chain().map(String)),
        attempt(() => jobs.open.params.jobs.other), attempt(() => params.jobs.plain),
        attempt(() => jobs.plain.inputJob('other')), attempt(() => jobs.plain.linkResult('x')),
      ];
    }`,
    {
      setup: {
        inputs: {
          options: {},
          datasets: {},
          jobs: { plain: jobId('dev', 902), open: jobId('dev', 902) },
        },
      },
      task: {
        jobs: {
          plain: { array: false, optional: false, lineage: false },
          open: { array: false, optional: false, lineage: true },
        },
      },
    },
  );
  const hidden =
    'of the input job dev-902 cannot be read: what an input job was made of is not in the key';
  const inNoKey = 'of the input job dev-902 cannot be read in a stage: it is not in the key';
  expect(job.value(await job.run({ name: 'prepare' }))).toEqual([
    `\`params.jobs\` ${hidden}`,
    `\`params.datasets\` ${hidden}`,
    `\`params.seed\` ${inNoKey}`,
    'dev-901,dev-902',
    'dev-901',
    'dev-902',
    `\`params.jobs\` ${hidden}`,
    'Job dev-902 (example) has no file "x"',
  ]);
});

test('build sends inputs with live handles and gives a job', async () => {
  const job = runningJob(`async prepare({ build, job }) {
    const built = await build('other', { file: job.withFile('x'), list: [Promise.resolve(job)], when: new Date(3) }, { name: 'sub' });
    return [String(built), built.params.seed, Object.keys(built.params.jobs)];
  }`);
  workdir.finish(903, { setup: { seed: 77 }, inputs: { jobs: { a: jobId('dev', 901) } } });
  const reply = await job.run(
    { name: 'prepare' },
    {
      host: {
        build: (request) => {
          shared.tested = { ...request, inputs: decodeValue(request.inputs, workdir.scriptHost) };
          const record = {
            id: jobId('dev', 903),
            method: 'other',
            code: digest(sha256('')),
            built: true,
          };
          return Promise.resolve({ ok: true, job: record, path: join(workdir.path, 'dev-903') });
        },
      },
    },
  );
  expect(job.value(reply)).toEqual(['dev-903', 77, ['a']]);
  const { method, settings, inputs } = shared.tested as {
    method: string;
    settings: object;
    inputs: { file: JobFile; list: CurrentJob[]; when: Date };
  };
  expect([method, settings]).toEqual(['other', { name: 'sub' }]);
  expect([String(inputs.file), inputs.list.map(String), inputs.when.getTime()]).toEqual([
    `${job.task.setup.id}/x`,
    [job.task.setup.id],
    3,
  ]);
});

test('a subjob that fails is a JobError with the failure as data', async () => {
  const job = runningJob(`prepare: ({ build }) => build('other')`);
  const failure = {
    kind: 'skipped',
    method: 'other',
    input: 'x',
    inputMethod: 'y',
    inputJob: null,
  } as const;
  const reply = {
    ok: false,
    failure,
    shortMessage: 'other skipped',
    message: 'other skipped: y',
  } as const;
  const error = await job
    .run({ name: 'prepare' }, { host: { build: () => Promise.resolve(reply) } })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(JobError);
  expect(error).toMatchObject({
    failure,
    shortMessage: 'other skipped',
    message: 'other skipped: y',
    job: null,
  });
});

test('build in analysis is refused with an explanation', async () => {
  const job = runningJob(`analysis: ({ build }) => build('other')`);
  await expect(job.run({ name: 'analysis', sliceno: 0 })).rejects.toThrow(
    'Method `other` cannot be built in analysis, which runs once per slice',
  );
});

test('statuses nest, and those an error has ended are shown with it', async () => {
  const shown: string[] = [];
  const job = runningJob(`prepare({ status }) {
    const outer = status('outer');
    status('done').end();
    const inner = status('inner 1');
    inner.update('inner 2');
    try { throw new Error('broken') } finally { inner.end(); outer.end() }
  }`);
  const host = { status: (text: string) => void shown.push(text) };
  await expect(job.run({ name: 'prepare' }, { host })).rejects.toThrow('broken');
  expect(shown).toEqual([
    'outer',
    'outer › done',
    'outer',
    'outer › inner 1',
    'outer › inner 2',
    'outer',
    '',
    'outer › inner 2',
  ]);
});

test('a stage sees the abort signal of its job', async () => {
  const abort = new AbortController();
  const job = runningJob(`prepare: ({ signal, status }) => new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'));
    status('listening');
  })`);
  const host = { signal: abort.signal, status: () => abort.abort() };
  expect(job.value(await job.run({ name: 'prepare' }, { host }))).toBe('stopped');
});
