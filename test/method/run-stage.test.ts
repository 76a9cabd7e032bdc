import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { CurrentJob } from '../../src/method/current-job.ts';
import { JobError } from '../../src/method/job-error.ts';
import { runStage } from '../../src/method/run-stage.ts';
import { decodeValue } from '../../src/method/stage-codec.ts';
import { digest, jobId } from '../../src/model/ids.ts';
import type { Setup } from '../../src/model/manifest.ts';
import type {
  JobTask,
  StageHost,
  StageReply,
  StageState,
  StageTask,
} from '../../src/model/stage.ts';
import { sha256 } from '../../src/util/sha256.ts';
import { NO_STATE, testHost, TestWorkdir } from './job-fixture.ts';

const workdir = new TestWorkdir();
afterAll(() => workdir[Symbol.dispose]());

/** What the methods under test can reach of this file. */
const shared = globalThis as { tested?: unknown };

let number = 0;

/** A job whose stages are run one by one. */
class RunningJob {
  readonly task: JobTask;
  state: StageState = NO_STATE;

  constructor(definition: string, facts: { setup?: Partial<Setup>; task?: Partial<JobTask> } = {}) {
    number++;
    const bundle = join(workdir.path, `bundle-${number}.mjs`);
    const engine = join(import.meta.dirname, '../../src/index.ts');
    const imports = `import { dataset, defineMethod, inputFile, job, jobFile, merge, z } from '${engine}';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';`;
    writeFileSync(bundle, `${imports}\nexport default defineMethod({${definition}});`);
    const setup = workdir.begin(number, facts.setup);
    this.task = workdir.task(setup, { bundle, ...facts.task });
  }

  run(
    stage: StageTask['stage'],
    settings: { host?: Partial<StageHost>; sealOnly?: boolean } = {},
  ): Promise<StageReply> {
    const { host = {}, sealOnly = false } = settings;
    return runStage({ job: this.task, stage, sealOnly, state: this.state }, testHost(host));
  }

  synthesis(host: Partial<StageHost> = {}): Promise<StageReply> {
    return this.run({ name: 'synthesis' }, { host });
  }

  /** What a stage returned. */
  value(reply: { readonly result?: Uint8Array }): unknown {
    return reply.result === undefined ? undefined : decodeValue(reply.result, workdir.stageHost);
  }

  path(name: string): string {
    return join(this.task.path, name);
  }

  file(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }
}

test('what prepare and each slice return reaches the later stages', async () => {
  const job = new RunningJob(`
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
  const result = decodeValue(readFileSync(job.path('result.msgpack')), workdir.stageHost);
  expect(result).toEqual([new Date(12_345), new Map([['n', 401]])]);
});

test('a slice that returns nothing leaves undefined in its place', async () => {
  const job = new RunningJob(
    `synthesis: ({ analysisRes }) => analysisRes.map((one) => typeof one)`,
  );
  const one = await new RunningJob(`prepare: () => 1`).run({ name: 'prepare' });
  job.state = { ...NO_STATE, analysisRes: [undefined, one.result] };
  await job.synthesis();
  expect(decodeValue(readFileSync(job.path('result.msgpack')), workdir.stageHost)).toEqual([
    'undefined',
    'number',
  ]);
});

test('the context has what every stage is promised', async () => {
  const job = new RunningJob(`prepare: (context) => Object.keys(context).sort().join(' ')`);
  const prepare = job.value(await job.run({ name: 'prepare' }));
  expect(prepare).toBe('build datasets job jobs options params signal slices status');
  const other = new RunningJob(`
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
  const job = new RunningJob(
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
  const job = new RunningJob(
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
  const job = new RunningJob(`prepare: () => 1`);
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
  const job = new RunningJob(`async prepare() { throw new RangeError('too far') }`);
  await expect(job.run({ name: 'prepare' })).rejects.toThrow(new RangeError('too far'));
});

test('a value that cannot travel fails the stage', async () => {
  const job = new RunningJob(`prepare: () => ({ then2: () => 1 })`);
  await expect(job.run({ name: 'prepare' })).rejects.toThrow(
    'what prepare returned, at then2, is a function, which cannot be kept or passed to another stage',
  );
});

test('a module that exports no method is an error that says so', async () => {
  const job = new RunningJob(``);
  writeFileSync(job.task.bundle, `export default { synthesis() {} }`);
  await expect(job.synthesis()).rejects.toThrow(
    `Expected the default export of ${job.task.bundle} to be a method, got an object with synthesis`,
  );
});

test('files that were written by other means are registered if none was by hand', async () => {
  const job = new RunningJob(`synthesis({ job }) {
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
  const job = new RunningJob(`synthesis({ job }) {
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
  const job = new RunningJob(`synthesis({ job }) { job.registerFile('t.txt') }`);
  writeFileSync(job.path('t.txt'), 'kept');
  job.state = { ...NO_STATE, tempFiles: ['t.txt', 'gone.txt'] };
  const { files } = await job.synthesis();
  expect(files).toEqual({ 't.txt': { sizeBytes: 4, digest: sha256('kept') } });
  expect(job.file('t.txt')).toBe('kept');
});

test('a registered file that has vanished is reported by the value null', async () => {
  const job = new RunningJob(`synthesis({ job }) { job.write('a.txt', 'a') }`);
  job.state = {
    ...NO_STATE,
    files: { 'early.txt': { sizeBytes: 1, digest: digest(sha256('a')) } },
  };
  expect((await job.synthesis()).files).toMatchObject({ 'early.txt': null, 'a.txt': {} });
});

test('a file that has grown since it was registered is hashed again', async () => {
  const job = new RunningJob(`synthesis({ job }) {
    job.write('log.txt', 'one');
    appendFileSync(job.filename('log.txt'), 'two');
  }`);
  const { files } = await job.synthesis();
  expect(files['log.txt']).toEqual({ sizeBytes: 6, digest: sha256('onetwo') });
});

test('what an execution that died has half written is removed', async () => {
  const job = new RunningJob(``);
  writeFileSync(job.path('.acc-1-0-0'), 'half');
  appendFileSync(job.path('whole.txt'), 'whole');
  const { files } = await job.run({ name: 'synthesis' }, { sealOnly: true });
  expect(Object.keys(files)).toEqual(['whole.txt']);
  expect(existsSync(job.path('.acc-1-0-0'))).toBe(false);
});

test('finishEarly in prepare ends the job with a result', async () => {
  const job = new RunningJob(
    `prepare({ job }) { job.finishEarly({ early: true }) },
    synthesis() { throw new Error('not reached') }`,
    { task: { stages: ['prepare', 'synthesis'] } },
  );
  const reply = await job.run({ name: 'prepare' });
  expect(reply.finishedEarly).toBe(true);
  job.state = { ...NO_STATE, earlyResult: reply.result! };
  await job.run({ name: 'synthesis' }, { sealOnly: true });
  const result = decodeValue(readFileSync(job.path('result.msgpack')), workdir.stageHost);
  expect(result).toEqual({ early: true });
});

test('finishEarly in synthesis saves its result, also when the method catches everything', async () => {
  const job = new RunningJob(`synthesis({ job }) {
    try { job.finishEarly('baz') } catch { /* swallowed by the author */ }
    return 'late';
  }`);
  expect((await job.synthesis()).finishedEarly).toBe(true);
  const result = decodeValue(readFileSync(job.path('result.msgpack')), workdir.stageHost);
  expect(result).toBe('baz');
});

test('finishEarly in analysis takes no result', async () => {
  const without = new RunningJob(`analysis({ job }) { job.finishEarly() }`);
  const reply = await without.run({ name: 'analysis', sliceno: 0 });
  expect([reply.finishedEarly, 'result' in reply]).toEqual([true, false]);
  const withResult = new RunningJob(`analysis({ job }) { job.finishEarly(3) }`);
  await expect(withResult.run({ name: 'analysis', sliceno: 0 })).rejects.toThrow(
    'finishEarly in analysis takes no result',
  );
});

test('a stream appears under its name when it has ended, and the stage waits for that', async () => {
  const job = new RunningJob(`synthesis({ job }) {
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
  const job = new RunningJob(`synthesis({ job }) { job.open('rows.txt', 'w').write('one') }`);
  await expect(job.synthesis()).rejects.toThrow(
    'file "rows.txt" was opened for writing and never ended',
  );
  expect(existsSync(job.path('rows.txt'))).toBe(false);
});

test.each([
  ['/etc/passwd', 'it is absolute'],
  ['../other/file', 'it climbs out'],
  ['a/../../b', 'it climbs out'],
  ['./a', 'it is not normalised'],
  ['a//b', 'it is not normalised'],
  ['a/', 'it is not normalised'],
  ['', 'it is empty'],
])('the file name %j is refused: %s', async (name, reason) => {
  const job = new RunningJob(`synthesis({ job }) { job.write(${JSON.stringify(name)}, 'x') }`);
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
  const job = new RunningJob(`synthesis({ job }) { job.save(1, '${name}') }`);
  await expect(job.synthesis()).rejects.toThrow(
    `The file name ${JSON.stringify(name)} is reserved for the engine`,
  );
});

test('saved values and JSON are there for later stages and for the same one', async () => {
  const job = new RunningJob(`async synthesis({ job }) {
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
  const job = new RunningJob(`synthesis({ job }) {
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

test('an input job shows what is in the key, and what it was made of only where that was declared', async () => {
  workdir.finish(901);
  workdir.finish(902, {
    inputs: { jobs: { previous: jobId('dev', 901), other: jobId('dev', 901) } },
  });
  const job = new RunningJob(
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
  expect(job.value(await job.run({ name: 'prepare' }))).toEqual([
    `\`params.jobs\` ${hidden}`,
    `\`params.datasets\` ${hidden}`,
    '12345',
    'dev-901,dev-902',
    'dev-901',
    'dev-902',
    `\`params.jobs\` ${hidden}`,
    'Job dev-902 (example) has no file "x"',
  ]);
});

test('build sends inputs with live handles and gives a job', async () => {
  const job = new RunningJob(`async prepare({ build, job }) {
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
    inputs: { file: object; list: CurrentJob[]; when: Date };
  };
  expect([method, settings]).toEqual(['other', { name: 'sub' }]);
  expect([String(inputs.file), inputs.list.map(String), inputs.when.getTime()]).toEqual([
    `${job.task.setup.id}/x`,
    [job.task.setup.id],
    3,
  ]);
});

test('a subjob that fails is a JobError with the failure as data', async () => {
  const job = new RunningJob(`prepare: ({ build }) => build('other')`);
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
  const job = new RunningJob(`analysis: ({ build }) => build('other')`);
  await expect(job.run({ name: 'analysis', sliceno: 0 })).rejects.toThrow(
    'Method `other` cannot be built in analysis, which runs once per slice',
  );
});

test('statuses nest, and those an error has ended are shown with it', async () => {
  const shown: string[] = [];
  const job = new RunningJob(`prepare({ status }) {
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
  const job = new RunningJob(`prepare: ({ signal, status }) => new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'));
    status('listening');
  })`);
  const host = { signal: abort.signal, status: () => abort.abort() };
  expect(job.value(await job.run({ name: 'prepare' }, { host }))).toBe('stopped');
});
