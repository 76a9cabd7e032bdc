import { expect, test } from 'vitest';

import { ExecRig } from './exec-rig.ts';

test('a thread that runs out of memory fails its job and is replaced', async () => {
  // Filling the heap that a thread has by default takes 20 s.
  await using rig = await ExecRig.create({ concurrency: 1, threadHeapMb: 32 });
  const outcome = await rig.run({
    code: 'export function prepare() { let kept; for (;;) kept = { kept, more: [1, 2, 3] }; }',
  });
  expect(outcome).toMatchObject({
    failure: { kind: 'out_of_memory', limitMb: null, stage: { name: 'prepare' } },
  });
  expect(await rig.run({ code: 'export function prepare() {}' })).toMatchObject({ ok: true });
});

test('a terminated thread is replaced', async () => {
  await using rig = await ExecRig.create({ concurrency: 1, graceMs: 0 });
  const limits = { timeoutMs: 20 };
  for (let round = 0; round < 3; round++) {
    const outcome = await rig.run({ limits, code: 'export function prepare() { for (;;); }' });
    expect(outcome).toMatchObject({ failure: { kind: 'timed_out', stopped: 'terminated' } });
  }
  expect(await rig.run({ code: 'export function prepare() {}' })).toMatchObject({ ok: true });
});

test('a worker file that cannot be loaded is an internal error', async () => {
  await using rig = await ExecRig.create({ worker: new URL('file:///nowhere/worker.mjs') });
  await expect(rig.run({ code: '' })).rejects.toThrow('a worker thread cannot be started');
});
