import { afterAll, beforeAll, expect, test } from 'vitest';

import { ExecRig, UNTIL_STOPPED, printedText } from './exec-rig.ts';

let rig: ExecRig;

beforeAll(async () => {
  rig = await ExecRig.create({ graceMs: 500 });
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

const limits = { memoryLimitMb: 60 };

test('a job with a memory limit runs in processes of its own, which are used again', async () => {
  const job = rig.start({
    limits: { ...limits, concurrency: 1 },
    code: `
      export function prepare() { return process.pid; }
      export function analysis({ task, decode }) { return decode(task.state.prepareRes) === process.pid; }
      export function synthesis({ task, decode }) {
        console.log('printed');
        return [task.state.analysisRes.map(decode), decode(task.state.prepareRes) === ${process.pid}];
      }
    `,
  });
  const outcome = await job.outcome;
  expect(outcome.ok && Object.keys(outcome.state.files).at(-1)).toBe('[[true,true],false]');
  expect(printedText(job.notices)).toBe('printed\n');
  expect(await job.output('synthesis')).toBe('printed\n');
});

test.each([
  ['a Map', 'const kept = new Map(); for (let i = 0; ; i++) kept.set(i, String(i));'],
  ['an array', 'const kept = []; for (;;) kept.push(Array(1000).fill(kept.length));'],
  ['buffers', 'const kept = []; for (;;) kept.push(Buffer.alloc(1_000_000, 1));'],
  ['typed arrays', 'const kept = []; for (;;) kept.push(new Float64Array(100_000).fill(1));'],
])('a job whose memory grows as %s fails for want of memory', async (_, loop) => {
  const job = rig.start({
    limits,
    code: `export function analysis({ sliceno }) { console.log('slice', sliceno); if (sliceno === 1) { ${loop} } }`,
  });
  expect(await job.outcome).toMatchObject({
    failure: {
      kind: 'out_of_memory',
      limitMb: 60,
      stage: { name: 'analysis', sliceno: 1 },
      lastOutput: ['slice 1'],
    },
  });
});

test('memory within the limit is no failure, also for several stages in one process', async () => {
  const outcome = await rig.run({
    slices: 4,
    limits: { ...limits, concurrency: 1 },
    code: 'export function analysis() { return Buffer.alloc(50_000_000, 1).length; }',
  });
  expect(outcome).toMatchObject({ ok: true });
});

test('a process that ends itself or is killed fails its job', async () => {
  const outcomes = await Promise.all([
    rig.run({ limits, code: 'export function prepare() { process.exit(3); }' }),
    rig.run({
      limits,
      code: `export function prepare() { process.kill(process.pid, 'SIGTERM'); for (;;); }`,
    }),
    rig.run({
      limits,
      code: `export async function prepare() { setImmediate(() => { throw new Error('late'); }); await new Promise((r) => setTimeout(r, 1e8)); }`,
    }),
  ]);
  expect(outcomes.map((outcome) => !outcome.ok && outcome.failure)).toMatchObject([
    { kind: 'exited', exitCode: 3, signal: null },
    { kind: 'exited', exitCode: null, signal: 'SIGTERM' },
    { kind: 'threw', error: { message: 'late' } },
  ]);
});

test('a time-out signals a process', async () => {
  await using patient = await ExecRig.create({ graceMs: 1e8 });
  const outcome = await patient.run({
    limits: { ...limits, timeoutMs: 10 },
    code: `export async function prepare({ host }) { ${UNTIL_STOPPED} }`,
  });
  expect(outcome).toMatchObject({ failure: { kind: 'timed_out', stopped: 'by_itself' } });
});

test('a time-out kills a process that does not react', async () => {
  const outcome = await rig.run({
    limits: { ...limits, timeoutMs: 10 },
    code: 'export function prepare() { for (;;); }',
  });
  expect(outcome).toMatchObject({ failure: { kind: 'timed_out', stopped: 'terminated' } });
});

test('an interrupt from the terminal is left to the parent', async () => {
  const outcome = await rig.run({
    limits,
    code: `
      export async function prepare() {
        process.kill(process.pid, 'SIGINT');
        await new Promise((resolve) => process.once('SIGINT', resolve));
      }
    `,
  });
  expect(outcome).toMatchObject({ ok: true });
});
