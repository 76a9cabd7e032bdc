import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ExecRig, UNTIL_STOPPED, printedText } from './exec-rig.ts';

let rig: ExecRig;

beforeAll(async () => {
  rig = await ExecRig.create({ graceMs: 500 });
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('a time-out', () => {
  test('signals the stage, and tells that it stopped by itself', async () => {
    await using patient = await ExecRig.create({ graceMs: 1e8 });
    const outcome = await patient.run({
      limits: { timeoutMs: 50 },
      code: `
        export async function analysis({ host }) {
          ${UNTIL_STOPPED}
        }
      `,
    });
    expect(outcome).toMatchObject({
      failure: {
        kind: 'timed_out',
        timeoutMs: 50,
        stopped: 'by_itself',
        stage: { name: 'analysis', sliceno: 0 },
      },
    });
  });

  test('ends an endless loop by force, keeps what it printed, and other jobs go on', async () => {
    const job = rig.start({
      limits: { timeoutMs: 50 },
      code: `export function synthesis() { console.log('round and round'); for (;;); }`,
    });
    const others = Promise.all(
      Array.from({ length: 5 }, () => rig.run({ code: 'export function synthesis() {}' })),
    );
    expect(await job.outcome).toMatchObject({
      failure: {
        kind: 'timed_out',
        stopped: 'terminated',
        stage: { name: 'synthesis' },
        lastOutput: ['round and round'],
      },
    });
    expect(await job.output('synthesis')).toBe('round and round\n');
    expect((await others).every((outcome) => outcome.ok)).toBe(true);
  });

  test('may be longer than timers can be', async () => {
    const limits = { timeoutMs: 1e12 };
    const code = 'export async function prepare() { await new Promise(setImmediate); }';
    expect(await rig.run({ limits, code })).toMatchObject({ ok: true });
  });

  test('reaches a stage that never awaits when it reports rows', async () => {
    await using patient = await ExecRig.create({ graceMs: 1e8 });
    const outcome = await patient.run({
      limits: { timeoutMs: 10 },
      code: `
        export function prepare({ host }) {
          while (!host.signal.aborted) host.rows(1);
        }
      `,
    });
    expect(outcome).toMatchObject({ failure: { kind: 'timed_out', stopped: 'by_itself' } });
  });
});

describe('a cancellation', () => {
  test('signals what runs and drops what waits', async () => {
    const cancel = new AbortController();
    const job = rig.start({
      slices: 5,
      cancel: cancel.signal,
      code: `
        export async function analysis({ host, sliceno }) {
          console.log('began ' + sliceno);
          ${UNTIL_STOPPED}
        }
      `,
    });
    await job.printed('began 1');
    cancel.abort();
    expect(await job.outcome).toMatchObject({
      failure: { kind: 'cancelled', stage: { name: 'analysis', sliceno: 0 } },
    });
    expect(printedText(job.notices)).not.toContain('began 2');
  });

  test('that is repeated ends by force at once', async () => {
    await using patient = await ExecRig.create({ graceMs: 1e8 });
    const cancel = new AbortController();
    const terminate = new AbortController();
    const job = patient.start({
      cancel: cancel.signal,
      terminate: terminate.signal,
      code: `export function prepare() { console.log('deaf'); for (;;); }`,
    });
    await job.printed('deaf');
    cancel.abort();
    terminate.abort();
    expect(await job.outcome).toMatchObject({ failure: { kind: 'cancelled' } });
  });

  test('of many jobs at once warns of nothing', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', warn);
    const cancel = new AbortController();
    const code = `export async function prepare({ host }) { ${UNTIL_STOPPED} }`;
    const jobs = Array.from({ length: 20 }, () => rig.run({ cancel: cancel.signal, code }));
    cancel.abort();
    const outcomes = await Promise.all(jobs);
    process.off('warning', warn);
    expect(outcomes.every((outcome) => !outcome.ok && outcome.failure.kind === 'cancelled')).toBe(
      true,
    );
    expect(warnings).toEqual([]);
  });

  test('before the start runs nothing', async () => {
    const job = rig.start({
      cancel: AbortSignal.abort(),
      code: `export function prepare() { console.log('never'); }`,
    });
    expect(await job.outcome).toMatchObject({
      failure: { kind: 'cancelled', stage: { name: 'prepare' } },
      execMs: { total: 0 },
    });
    expect(job.notices).toEqual([]);
  });
});
