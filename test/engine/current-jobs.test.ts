import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import { CurrentJobs } from '../../src/engine/current-jobs.ts';
import type { UsableMethod } from '../../src/engine/method-lookup.ts';
import { jobKeyOf } from '../../src/key/job-key.ts';
import type { Reason } from '../../src/model/event.ts';
import type { DatasetInputShape } from '../../src/model/method-shape.ts';
import type { FinishedJob } from '../../src/store/lookup.ts';
import { digestOf } from '../store/workdir-rig.ts';
import { datasetRecord, EngineRig } from './engine-rig.ts';
import type { RequestParts } from './engine-rig.ts';

afterEach(() => vi.unstubAllEnvs());

const OLD = digestOf('old code');
const CODE = digestOf('code');

/** What the subjob was made of: an input file, a file in `dependsOn`, a variable, and a job. */
async function subjobParts(rig: EngineRig): Promise<RequestParts> {
  rig.write('data.txt', 'one');
  rig.write('rates.txt', 'one');
  const { id: source } = await rig.job();
  return {
    shape: {
      dependsOn: ['../rates.txt'],
      env: ['ACC_REGION'],
      jobs: { source: { array: false, optional: false, lineage: false } },
    },
    inputs: { options: { file: { $inputFile: { path: 'data.txt' } } }, jobs: { source } },
  };
}

/** A job that built another one, whose key is the one that a build of it has now. */
async function madeJobs(
  rig: EngineRig,
  parts: RequestParts,
  tainted?: string,
): Promise<{ readonly parent: FinishedJob; readonly subjob: FinishedJob }> {
  const inputs = { options: {}, datasets: {}, jobs: {}, ...parts.inputs };
  const manifest = await rig.manifest(parts);
  const subjob = await rig.job(
    {
      method: 'rank',
      files: { 'result.json': '1' },
      setup: { manifest, inputs, key: jobKeyOf(manifest) },
      post: tainted === undefined ? {} : { tainted },
    },
    jobKeyOf(manifest),
  );
  const record = { id: subjob.id, method: 'rank', code: manifest.code, built: true };
  return { subjob, parent: await rig.job({ post: { subjobs: [record] } }) };
}

/** Looks at the parent as a new run does. */
async function whyStale(
  rig: EngineRig,
  parent: FinishedJob,
  method: UsableMethod | undefined,
): Promise<Reason | undefined | 'current'> {
  const current = new CurrentJobs({
    workdirs: rig.workdirs,
    content: rig.content,
    currentMethod: () => Promise.resolve(method),
  });
  return (await current.isCurrent(parent)) ? 'current' : current.whyNotCurrent(parent.id);
}

const STALE: Reason = { kind: 'subjob', subject: 'rank' };

test.each<
  [
    string,
    (rig: EngineRig, subjob: FinishedJob, method: UsableMethod) => UsableMethod | 'gone' | void,
    Reason | 'current',
  ]
>([
  ['nothing', () => {}, 'current'],
  ['the description', (_, __, m) => ({ ...m, shape: { ...m.shape, description: 'x' } }), 'current'],
  ['another file', (rig) => rig.write('other.txt', 'x'), 'current'],
  ['its input file', (rig) => rig.write('data.txt', 'two'), STALE],
  ['its input file, which is gone', (rig) => rmSync(join(rig.directory, 'data.txt')), STALE],
  ['its file in dependsOn', (rig) => rig.write('rates.txt', 'two'), STALE],
  ['its variable', () => void vi.stubEnv('ACC_REGION', 'south'), STALE],
  ['its code', (_, __, m) => ({ ...m, code: { ...m.code, digest: OLD } }), STALE],
  ['its version', (_, __, m) => ({ ...m, shape: { ...m.shape, version: 2 } }), STALE],
  ['its method, which is gone', () => 'gone', STALE],
  [
    'a file that it made',
    (_, subjob) => rmSync(join(subjob.path, 'result.json')),
    { kind: 'damaged', subject: 'dev-1' },
  ],
])('a job is as current as what it built: %s', async (_what, change, expected) => {
  vi.stubEnv('ACC_REGION', 'north');
  const rig = new EngineRig();
  const parts = await subjobParts(rig);
  const { parent, subjob } = await madeJobs(rig, parts);
  const method = rig.method(parts);
  const changed = change(rig, subjob, method);
  const now = changed === 'gone' ? undefined : (changed ?? method);
  expect(await whyStale(rig, parent, now)).toEqual(expected);
});

test('a tainted subjob is never current', async () => {
  const rig = new EngineRig();
  const parts = await subjobParts(rig);
  const { parent } = await madeJobs(rig, parts, 'changed while the job ran: data.txt');
  expect(await whyStale(rig, parent, rig.method(parts))).toEqual(STALE);
});

test.each([
  [true, 'current'],
  [false, STALE],
])('code that is declared equivalent counts as long as that holds: %s', async (holds, expected) => {
  const rig = new EngineRig();
  const parts = await subjobParts(rig);
  const { parent } = await madeJobs(rig, { ...parts, code: { digest: OLD } });
  const equivalence = { present: CODE, declared: [OLD, CODE], holds };
  const method = rig.method({ ...parts, code: { digest: CODE, equivalence } });
  expect(await whyStale(rig, parent, method)).toEqual(expected);
});

test('a subjob of a subjob counts as well', async () => {
  const rig = new EngineRig();
  const parts = await subjobParts(rig);
  const { subjob } = await madeJobs(rig, parts);
  const manifest = await rig.manifest({ code: { digest: CODE } });
  const record = { id: subjob.id, method: 'rank', code: CODE, built: false };
  const key = jobKeyOf(manifest);
  const middle = await rig.job({ setup: { manifest, key }, post: { subjobs: [record] } }, key);
  const outer = { id: middle.id, method: 'count', code: CODE, built: true };
  const parent = await rig.job({ post: { subjobs: [outer] } });
  const look = async (): Promise<boolean> => {
    const current = new CurrentJobs({
      workdirs: rig.workdirs,
      content: rig.content,
      currentMethod: (name) => Promise.resolve(rig.method(name === 'rank' ? parts : {})),
    });
    return current.isCurrent(parent);
  };
  expect(await look()).toBe(true);
  rig.write('data.txt', 'two');
  expect(await look()).toBe(false);
});

test.each<[string, Partial<DatasetInputShape>, Reason | 'current']>([
  ['as before', {}, 'current'],
  ['of which other columns are read now', { columns: { a: 'int32', b: 'int32' } }, STALE],
  ['of which another type is read now', { columns: { a: 'string' } }, STALE],
  ['whose origin counts now', { lineage: true }, STALE],
])(
  'inputs that were deleted and forgotten count as they were recorded: %s',
  async (_, more, expected) => {
    const rig = new EngineRig();
    const { id: source } = await rig.job({
      files: { 'rates.txt': '1' },
      post: { datasets: [datasetRecord('default', { a: 'one', b: 'two' })] },
    });
    const shape: DatasetInputShape = {
      array: true,
      optional: false,
      columns: { a: 'int32' },
    };
    const parts: RequestParts = {
      shape: {
        datasets: { source: shape },
        jobs: { job: { array: false, optional: false, lineage: false } },
      },
      inputs: {
        options: { file: { $jobFile: { job: source, name: 'rates.txt', sliced: false } } },
        datasets: { source: [{ job: source, name: 'default' }] },
        jobs: { job: source },
      },
    };
    const { parent } = await madeJobs(rig, parts);
    vi.spyOn(rig.workdirs, 'job').mockImplementation((id) =>
      id === source ? undefined : rig.workdirs.target.job(id),
    );
    vi.spyOn(rig.workdirs, 'datasetRecord').mockReturnValue(undefined);
    vi.spyOn(rig.workdirs, 'fileDigest').mockReturnValue(undefined);
    const now = rig.method({
      shape: { ...parts.shape, datasets: { source: { ...shape, ...more } } },
    });
    expect(await whyStale(rig, parent, now)).toEqual(expected);
  },
);
