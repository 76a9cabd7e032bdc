// Every way in which a job can fail: what is told, what other jobs do, what is left on the disk, and the next run.

import { expect, test } from 'vitest';

import type { Failure } from '../../src/model/failure.ts';
import { Project } from '../rig/project.ts';
import { notes, run, runWith, script } from '../rig/run.ts';
import { finishedJobs, indexRows } from '../rig/workdir.ts';

/** One way to fail. */
interface Way {
  /** The stages of the method, and what else it declares. */
  readonly method: string;
  /** What is expected of the failure's data, beside job and method. */
  readonly failure: Record<string, unknown>;
  /** Lines of the report after `dev-N (bad) `, the first of them and some that must be there. */
  readonly says: readonly (string | RegExp)[];
  /** What the file of the failed stage's output holds. */
  readonly output?: { readonly file: string; readonly text: string };
}

const WAYS: Readonly<Record<string, Way>> = {
  'prepare throws': {
    method: `prepare() { console.log('preparing'); throw new TypeError('no good'); }`,
    failure: { kind: 'threw', stage: { name: 'prepare' }, lastOutput: ['preparing'] },
    says: [
      'failed in prepare: TypeError: no good',
      /^ {6}at prepare \(.*methods\/bad\.ts:3:\d+\)$/mu,
      '    | preparing',
      /All its output: acc job dev-\d --output/u,
    ],
    output: { file: 'prepare', text: 'preparing\n' },
  },
  'one slice throws': {
    method: `analysis({ sliceno }) { console.log('slice', sliceno); if (sliceno === 1) throw new RangeError('too far'); }`,
    failure: { kind: 'threw', stage: { name: 'analysis', sliceno: 1 }, lastOutput: ['slice 1'] },
    says: ['failed in analysis(1): RangeError: too far', '    | slice 1'],
    output: { file: '1', text: 'slice 1\n' },
  },
  'one slice throws while another one loops for ever': {
    method: `analysis({ sliceno }) { if (sliceno === 1) throw new Error('alone'); for (;;); }`,
    failure: { kind: 'threw', stage: { name: 'analysis', sliceno: 1 } },
    says: ['failed in analysis(1): Error: alone'],
  },
  'synthesis throws when all else is done': {
    method: `prepare({ job }) { return job.datasetWriter({ columns: { a: 'int32' } }); },
  analysis({ prepareRes }) { prepareRes.write(1); },
  async synthesis({ job }) { job.write('part.txt', 'half'); await null; throw new Error('at the end'); }`,
    failure: { kind: 'threw', stage: { name: 'synthesis' } },
    says: ['failed in synthesis: Error: at the end'],
  },
  'something is thrown that is no error': {
    method: `synthesis() { throw { code: 7 }; }`,
    failure: { kind: 'threw', error: { name: 'Thrown value', message: '{ code: 7 }', stack: [] } },
    says: ['failed in synthesis: Thrown value: { code: 7 }'],
  },
  'a rejection that nobody waits for': {
    method: `async synthesis() { void Promise.reject(new Error('forgotten')); return 1; }`,
    failure: { kind: 'threw', error: { name: 'Error', message: 'forgotten' } },
    says: ['failed in synthesis: Error: forgotten'],
  },
  'an exception in a timer': {
    method: `synthesis() { setTimeout(() => { throw new Error('late'); }, 1); return new Promise(() => {}); }`,
    failure: { kind: 'threw', error: { name: 'Error', message: 'late' } },
    says: ['failed in synthesis: Error: late'],
  },
  'process.exit': {
    method: `synthesis() { console.log('leaving'); process.exit(7); }`,
    failure: { kind: 'exited', exitCode: 7, signal: null, lastOutput: ['leaving'] },
    says: ['ended its worker in synthesis with exit code 7; a stage ends by returning or throwing'],
    output: { file: 'synthesis', text: 'leaving\n' },
  },
  'process.exit as if all were well': {
    method: `analysis({ sliceno }) { if (sliceno === 0) process.exit(0); }`,
    failure: { kind: 'exited', exitCode: 0, stage: { name: 'analysis', sliceno: 0 } },
    says: ['ended its worker in analysis(0) with exit code 0'],
  },
  'process.exit in a process of its own': {
    method: `memoryLimitMb: 128, synthesis() { console.log('leaving'); process.exit(7); }`,
    failure: { kind: 'exited', exitCode: 7, signal: null },
    says: ['ended its worker in synthesis with exit code 7'],
    output: { file: 'synthesis', text: 'leaving\n' },
  },
  'a process of its own that is killed from outside': {
    method: `memoryLimitMb: 128, synthesis() { process.kill(process.pid, 'SIGKILL'); for (;;); }`,
    failure: { kind: 'exited', exitCode: null, signal: 'SIGKILL' },
    says: [
      'lost its worker in synthesis: it was killed by SIGKILL',
      'The system may have run out of memory',
    ],
  },
  'a growing array': {
    method: `memoryLimitMb: 32, synthesis() { console.log('growing'); const all = []; for (;;) all.push({ n: all.length }); }`,
    failure: { kind: 'out_of_memory', limitMb: 32, lastOutput: ['growing'] },
    says: [
      'ran out of memory in synthesis: it used more than its limit of 32 MB',
      'raise `memoryLimitMb` in the method.',
    ],
    output: { file: 'synthesis', text: 'growing\n' },
  },
  'a growing Map': {
    method: `memoryLimitMb: 32, synthesis() { const all = new Map(); for (let i = 0; ; i++) all.set(i, { i }); }`,
    failure: { kind: 'out_of_memory', limitMb: 32 },
    says: ['ran out of memory in synthesis: it used more than its limit of 32 MB'],
  },
  'growing buffers outside the heap': {
    method: `memoryLimitMb: 32, synthesis() { const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1)); }`,
    failure: { kind: 'out_of_memory', limitMb: 32 },
    says: ['ran out of memory in synthesis: it used more than its limit of 32 MB'],
  },
  'an endless loop with a time-out': {
    method: `timeout: 100, synthesis() { console.log('looping'); for (;;); }`,
    failure: { kind: 'timed_out', timeoutMs: 100, stopped: 'terminated', lastOutput: ['looping'] },
    says: [
      'timed out in synthesis: it was still running after 0.1s',
      'It did not react to its signal and was terminated.',
      'Raise `timeout`',
    ],
    output: { file: 'synthesis', text: 'looping\n' },
  },
  'a promise that never settles, with a time-out': {
    method: `timeout: '100ms', analysis() { return new Promise(() => {}); }`,
    failure: { kind: 'timed_out', timeoutMs: 100, stopped: 'terminated' },
    says: ['timed out in analysis(0): it was still running after 0.1s'],
  },
  'a time-out that the method obeys': {
    method: `timeout: 100, synthesis: ({ signal }) => new Promise((resolve) => { if (signal.aborted) resolve(1); signal.onabort = () => resolve(1); })`,
    failure: { kind: 'timed_out', timeoutMs: 100, stopped: 'by_itself' },
    says: ['timed out in synthesis', 'It stopped when it was asked to.'],
  },
  'a function for a result': {
    method: `synthesis: () => ({ a: [1, () => 1] })`,
    failure: { kind: 'invalid_output', stage: { name: 'synthesis' } },
    says: [
      'cannot be published: what synthesis returned, at a[1], is a function, which cannot be kept',
    ],
  },
  'a function for another stage': {
    method: `prepare: () => () => 1, synthesis: () => 1`,
    failure: { kind: 'invalid_output', stage: { name: 'prepare' } },
    says: ['cannot be published: what prepare returned is a function'],
  },
  'a dataset that nobody writes': {
    method: `prepare({ job }) { job.datasetWriter({ columns: { a: 'int32' } }); }`,
    failure: { kind: 'invalid_output' },
    says: ['cannot be published: Dataset "default" was not written in slices 0, 1.'],
  },
  'a registered file that is gone': {
    method: `synthesis({ job }) { job.write('a.txt', 'a'); unlinkSync(job.path + '/a.txt'); }`,
    failure: { kind: 'invalid_output', stage: { name: 'publish' } },
    says: ['cannot be published: registered files were not there at the end: a.txt'],
  },
  'a megabyte of output before the end': {
    method: `synthesis() { for (let i = 0; i < 10_000; i++) console.log(String(i).padStart(104, '.')); process.exit(1); }`,
    failure: { kind: 'exited', exitCode: 1 },
    says: ['ended its worker in synthesis with exit code 1', `    | ${'9999'.padStart(104, '.')}`],
    output: { file: 'synthesis', text: lines(10_000) },
  },
  'an exception while the module is loaded': {
    method: `synthesis: () => 1 }); if (!isMainThread) throw new Error('not here'); void ({`,
    failure: { kind: 'threw', error: { name: 'Error', message: 'not here' } },
    says: ['failed in synthesis: Error: not here'],
  },
};

const BESIDE = {
  'acc.config.ts': 'export default { slices: 2, concurrency: 2 };\n',
  'methods/good.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({ options: { n: z.number() }, synthesis: ({ options }) => options.n });
`,
  'methods/user.ts': `import { defineMethod, job } from 'acc-engine';
export default defineMethod({ jobs: { source: job() }, synthesis: () => 1 });
`,
  'build.ts': script(
    "const bad = urd.build('bad');",
    "const user = urd.build('user', { source: bad });",
    "urd.build('user', { source: user }, { name: 'its user' });",
    "urd.build('good', { n: 1 });",
    'try { await bad; } catch (error) {',
    '  note(error instanceof JobError ? [error.job, error.method, error.shortMessage] : String(error));',
    '}',
    "await urd.build('good', { n: 2 }, { name: 'good afterwards' });",
  ),
};

test.each(Object.entries(WAYS))('%s', async (_, { method, failure, says, output }) => {
  await using project = await Project.create({ ...BESIDE, 'methods/bad.ts': badMethod(method) });

  // The other jobs go on; those that need its result are skipped, with the reason.
  const first = await run(project);
  expect(first).toMatchObject({
    code: 1,
    built: ['good', 'good afterwards'],
    failed: ['bad'],
    skipped: ['its user', 'user'],
    stderr: expect.stringMatching(/^NOTE .*\n$/u) as string,
  });
  const bad = first.build('bad');
  expect(bad.failure).toMatchObject({ ...failure, method: 'bad', job: bad.job });
  expect(first.build('user').failure).toMatchObject({ input: 'source', inputMethod: 'bad' });
  expect(first.build('its user').failure).toMatchObject({ input: 'source', inputMethod: 'user' });
  expect(notes(first)).toEqual([[bad.job, 'bad', expect.stringContaining(firstLine(says))]]);

  // It is recorded with its output, and nothing of it can be taken for a job.
  const directory = `workdirs/dev/${bad.job}`;
  expect(project.exists(`${directory}/setup.json`)).toBe(true);
  expect(finishedJobs(project)).not.toContain(bad.job);
  if (output !== undefined) {
    expect(await project.read(`${directory}/OUTPUT/${output.file}`)).toBe(output.text);
  }
  expect(indexRows(project, 'SELECT * FROM claims')).toEqual([]);
  expect(indexRows(project, 'SELECT count(*) AS n FROM failures')).toEqual([{ n: 1 }]);

  // The next run executes it again, and tells it to a person.
  const { code, stdout, stderr } = await project.acc('run');
  expect({ code, stderr: stderr.replaceAll(/^NOTE .*\n/gmu, '') }).toEqual({ code: 1, stderr: '' });
  const report = stdout.slice(stdout.indexOf(' (bad) '));
  for (const text of says) expect(report).toMatch(text);
  expect(stdout).toMatch(/^- +user +skipped$/mu);
  expect(stdout).toContain('user was skipped: its input "source" (bad, dev-');
  expect(stdout).toMatch(/^built 0, reused 2, failed 1, skipped 2 in [\d.]+s$/mu);
});

test('acc job shows the failure and the output of a job that failed', async () => {
  const { method } = WAYS['process.exit'] ?? { method: '' };
  await using project = await Project.create({ ...BESIDE, 'methods/bad.ts': badMethod(method) });
  const { job } = (await run(project)).build('bad');
  expect((await project.acc('job', String(job))).stdout).toMatch(/exit code 7/u);
  expect((await project.acc('job', String(job), '--output')).stdout).toContain('leaving');
});

test('a method that fails once more than it is retried fails, one that succeeds in time does not', async () => {
  await using project = await Project.create({
    'methods/flaky.ts': `import { appendFileSync, readFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    const tries = job.inputDirectory + '/tries';
    appendFileSync(tries, '.');
    if (readFileSync(tries, 'utf8').length < 3) process.exit(1);
    return 'at last';
  },
});
`,
    'build.ts': script(
      "note(await (await urd.build('flaky', {}, { retries: Number(urd.flags.retries) })).load());",
    ),
  });
  expect(await run(project, '--flag', 'retries=1')).toMatchObject({ code: 1, failed: ['flaky'] });
  const second = await run(project, '--flag', 'retries=1');
  expect(second).toMatchObject({ code: 0, built: ['flaky'] });
  expect(notes(second)).toEqual(['at last']);
});

test('a stage that forgets a timer ends all the same', async () => {
  await using project = await Project.create({
    'methods/forgetful.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ synthesis() { setInterval(() => {}, 1000); return 1; } });
`,
    'build.ts': script("await urd.build('forgetful');"),
  });
  expect(await run(project)).toMatchObject({ code: 0, built: ['forgetful'] });
});

test('a timer that a job left behind harms no other job', async () => {
  await using project = await Project.create({
    'acc.config.ts': 'export default { slices: 1, concurrency: 1 };\n',
    'methods/careless.ts': `import { existsSync, writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  synthesis({ job }) {
    const timer = setInterval(() => {
      if (!existsSync(job.inputDirectory + '/now')) return;
      clearInterval(timer);
      setTimeout(() => writeFileSync(job.inputDirectory + '/thrown', ''), 1);
      throw new Error('much too late');
    }, 1);
  },
});
`,
    'methods/innocent.ts': `import { watch, writeFileSync } from 'node:fs';
import { defineMethod } from 'acc-engine';
export default defineMethod({
  async synthesis({ job }) {
    await new Promise((resolve) => {
      const watcher = watch(job.inputDirectory, (_, name) => {
        if (name !== 'thrown') return;
        watcher.close();
        resolve(null);
      });
      writeFileSync(job.inputDirectory + '/now', '');
    });
    return 'unharmed';
  },
});
`,
    'build.ts': script(
      "await urd.build('careless');",
      "note(await (await urd.build('innocent')).load());",
    ),
  });
  const ended = await run(project);
  expect(ended).toMatchObject({ code: 0, failed: [] });
  expect(notes(ended)).toEqual(['unharmed']);
  const { job } = ended.build('innocent');
  expect(await project.read(`workdirs/dev/${job}/OUTPUT/synthesis`)).toBe(
    'An earlier job left behind what throws now: Error: much too late\n',
  );
});

test('a long line without an end is shown by its end only', async () => {
  await using project = await Project.create({
    ...BESIDE,
    'methods/bad.ts': badMethod(
      `synthesis() { process.stdout.write('y'.repeat(1 << 20)); process.exit(1); }`,
    ),
  });
  const { code, stdout } = await project.acc('run', '--quiet');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {4}\| … y{1000}$/mu);
  expect(await project.read('workdirs/dev/dev-0/OUTPUT/synthesis')).toHaveLength(1 << 20);
});

test('what a failed job says does not depend on colours or on the width of a terminal', async () => {
  const { method } = WAYS['prepare throws'] ?? { method: '' };
  await using project = await Project.create({ ...BESIDE, 'methods/bad.ts': badMethod(method) });
  const failures = [await run(project), await runWith(project, [], { FORCE_COLOR: '1' })].map(
    (one) => one.build('bad').failure as Extract<Failure, { kind: 'threw' }>,
  );
  expect(failures[0]?.error).toEqual(failures[1]?.error);
});

function badMethod(parts: string): string {
  return [
    "import { unlinkSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads';",
    "import { defineMethod } from 'acc-engine';",
    `export default defineMethod({ ${parts} });`,
    '',
  ].join('\n');
}

function firstLine(says: readonly (string | RegExp)[]): string {
  const [first] = says;
  return typeof first === 'string' ? first : '';
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => `${String(i).padStart(104, '.')}\n`).join('');
}
