import { afterEach, expect, test, vi } from 'vitest';

import { UsageError } from '../../src/model/errors.ts';
import type { DatasetRef } from '../../src/model/manifest.ts';
import type { DatasetInputShape } from '../../src/model/method-shape.ts';
import { digestOf } from '../store/workdir-rig.ts';
import { datasetRecord, EngineRig } from './engine-rig.ts';
import type { RequestParts } from './engine-rig.ts';

afterEach(() => vi.unstubAllEnvs());

const ANY: DatasetInputShape = { array: false, optional: false };
const COLUMN_A: DatasetInputShape = { ...ANY, columns: { a: 'int32' } };
const COLUMN_B: DatasetInputShape = { ...ANY, columns: { b: 'int32' } };
const JOB = { array: false, optional: false, lineage: false };

/** A build with dataset `source` made by `make`. */
async function keyWith(
  rig: EngineRig,
  shape: DatasetInputShape,
  record: ReturnType<typeof datasetRecord>,
): Promise<string> {
  const { id } = await rig.job({ post: { datasets: [record] } });
  const source: DatasetRef = { job: id, name: record.name };
  return rig.key({ shape: { datasets: { source: shape } }, inputs: { datasets: { source } } });
}

const BASE = datasetRecord('default', { a: '1', b: '2' });

test.each<[string, DatasetInputShape, ReturnType<typeof datasetRecord>, boolean]>([
  ['the same content in another job', ANY, BASE, true],
  ['another column', ANY, datasetRecord('default', { a: '1', b: '3' }), false],
  ['another name', ANY, { ...BASE, name: 'other' }, false],
  ['another name, columns declared', COLUMN_A, { ...BASE, name: 'other' }, false],
  ['a column not declared', COLUMN_A, datasetRecord('default', { a: '1', b: '3' }), true],
  ['a new column', COLUMN_A, datasetRecord('default', { a: '1', b: '2', c: '3' }), true],
  ['the declared column', COLUMN_A, datasetRecord('default', { a: '9', b: '2' }), false],
  ['a hashlabel that is declared', COLUMN_A, { ...BASE, hashlabel: 'a' }, false],
  ['a hashlabel that is not declared', COLUMN_A, { ...BASE, hashlabel: 'b' }, true],
  ['what does not count: files and rows', ANY, { ...BASE, rows: 7, files: { x: 1 } }, true],
])('of a dataset, %s: the key stays is %4$s', async (_what, shape, record, stays) => {
  const rig = new EngineRig();
  const before = await keyWith(rig, shape, BASE);
  expect((await keyWith(rig, shape, record)) === before).toBe(stays);
});

test('with lineage the job that made a dataset is in the key, and without it is not', async () => {
  const rig = new EngineRig();
  const keys = await Promise.all([
    keyWith(rig, { ...ANY, lineage: true }, BASE),
    keyWith(rig, { ...ANY, lineage: true }, BASE),
    keyWith(rig, ANY, BASE),
    keyWith(rig, ANY, BASE),
  ]);
  expect(new Set(keys).size).toBe(3);
});

test('which columns are declared is in the key', async () => {
  const rig = new EngineRig();
  expect(await keyWith(rig, COLUMN_A, BASE)).not.toBe(await keyWith(rig, COLUMN_B, BASE));
});

test.each([
  ['the same content', false, digestOf('x'), true],
  ['other content', false, digestOf('y'), false],
  ['the same content with lineage', true, digestOf('x'), false],
])('of a job, %s: the key stays is %4$s', async (_what, lineage, digest, stays) => {
  const rig = new EngineRig();
  const keyOfJob = async (shown: typeof digest): Promise<string> => {
    const { id: source } = await rig.job({ post: { digest: shown } });
    const shape = { jobs: { source: { ...JOB, lineage } } };
    return rig.key({ shape, inputs: { jobs: { source } } });
  };
  const before = await keyOfJob(digestOf('x'));
  expect((await keyOfJob(digest)) === before).toBe(stays);
});

test('the order of a list of inputs is in the key', async () => {
  const rig = new EngineRig();
  const one = (await rig.job({ post: { digest: digestOf('1') } })).id;
  const two = (await rig.job({ post: { digest: digestOf('2') } })).id;
  const shape = { jobs: { parts: { ...JOB, array: true } } };
  const keys = [[one, two], [two, one], [one], []].map((parts) =>
    rig.key({ shape, inputs: { jobs: { parts } } }),
  );
  expect(new Set(await Promise.all(keys)).size).toBe(4);
});

test.each<[string, RequestParts, boolean]>([
  ['the place of the bundle', { code: { bundle: '/elsewhere' } }, true],
  ['what is unsound', { code: { unsound: ['uses eval'] } }, true],
  ['the description', { shape: { description: 'Ranks.' } }, true],
  ['limits', { shape: { timeoutMs: 5, concurrency: 1, memoryLimitMb: 9 } }, true],
  ['a variable that is not declared', {}, true],
  ['the code', { code: { digest: digestOf('other') } }, false],
  ['the name', { code: { name: 'order' } }, false],
  ['a package', { code: { packages: { d3: '7.9.0' } } }, false],
  ['an option', { inputs: { options: { n: 1 } } }, false],
  ['a declared variable', { shape: { env: ['ACC_REGION'] } }, false],
  ['the version', { shape: { version: 1 } }, false],
  ['a file in dependsOn', { shape: { dependsOn: ['../data.txt'] } }, false],
  ['an input that is left out', { inputs: { datasets: { source: null } } }, false],
])('of a method, %s: the key stays is %3$s', async (_what, parts, stays) => {
  const rig = new EngineRig();
  rig.write('data.txt', 'one');
  const before = await rig.key({});
  vi.stubEnv('ACC_REGION', 'north');
  expect((await rig.key(parts)) === before).toBe(stays);
});

test('options count by name and value, in any order', async () => {
  const rig = new EngineRig();
  const keyOfOptions = (options: NonNullable<RequestParts['inputs']>['options']): Promise<string> =>
    rig.key({ inputs: options === undefined ? {} : { options } });
  expect(await keyOfOptions({ a: 1, b: { c: 2, d: 3 } })).toBe(
    await keyOfOptions({ b: { d: 3, c: 2 }, a: 1 }),
  );
  expect(await keyOfOptions({ a: [1, 2] })).not.toBe(await keyOfOptions({ a: [2, 1] }));
  expect(await keyOfOptions({ a: 1 })).not.toBe(await keyOfOptions({ a: '1' }));
});

test('a declared variable counts by its value, and as unset', async () => {
  const rig = new EngineRig();
  const keys = new Set<string>();
  for (const value of [undefined, '', 'north', 'south']) {
    vi.stubEnv('ACC_REGION', value);
    keys.add(await rig.key({ shape: { env: ['ACC_REGION'] } }));
  }
  expect(keys.size).toBe(4);
});

test.each([
  ['an input file', { inputs: { options: { file: { $inputFile: { path: 'data.txt' } } } } }],
  ['a file in dependsOn', { shape: { dependsOn: ['../data.txt'] } }],
])('%s counts by content, and known() agrees with of()', async (_what, parts: RequestParts) => {
  const rig = new EngineRig();
  rig.write('data.txt', 'one');
  const inputs = { options: {}, datasets: {}, jobs: {}, ...parts.inputs };
  const request = { ...rig.method(parts), inputs };
  expect(rig.content.known(request, 2)).toBeUndefined();
  const first = await rig.content.of(request, 2);
  const known = rig.content.known(request, 2);
  // A file written a moment ago is not trusted yet.
  if (known !== undefined) expect(known).toEqual(first);
  rig.write('data.txt', 'two');
  const second = await rig.content.of(request, 2);
  expect(second.manifest).not.toEqual(first.manifest);
  rig.write('data.txt', 'one');
  expect((await rig.content.of(request, 2)).manifest).toEqual(first.manifest);
});

test('two input files of one content are two', async () => {
  const rig = new EngineRig();
  rig.write('a.txt', 'same');
  rig.write('b.txt', 'same');
  const keys = ['a.txt', 'b.txt'].map((path) =>
    rig.key({ inputs: { options: { file: { $inputFile: { path } } } } }),
  );
  expect(new Set(await Promise.all(keys)).size).toBe(2);
});

test('a file of a job counts by name and content, a sliced one by all its slices', async () => {
  const rig = new EngineRig();
  const keyOfFile = async (
    files: Readonly<Record<string, string>>,
    name: string,
    sliced = false,
  ): Promise<string> => {
    const { id: job } = await rig.job({ files });
    const file = { $jobFile: { job, name, sliced } };
    return rig.key({ inputs: { options: { file } } });
  };
  const first = await keyOfFile({ x: '1', y: '1' }, 'x');
  expect(await keyOfFile({ x: '1', other: '5' }, 'x')).toBe(first);
  expect(await keyOfFile({ x: '2' }, 'x')).not.toBe(first);
  expect(await keyOfFile({ x: '1', y: '1' }, 'y')).not.toBe(first);
  const sliced = await keyOfFile({ 'x.0': '1', 'x.1': '2' }, 'x', true);
  expect(await keyOfFile({ 'x.0': '1', 'x.1': '2' }, 'x', true)).toBe(sliced);
  expect(await keyOfFile({ 'x.0': '1', 'x.1': '3' }, 'x', true)).not.toBe(sliced);
});

test('everything that is missing is told at once', async () => {
  const rig = new EngineRig();
  const { id } = await rig.job({ post: { datasets: [BASE] } });
  const request = rig.manifest({
    shape: {
      datasets: { source: { ...ANY, columns: { a: 'float64', z: 'int32' } }, gone: ANY },
      dependsOn: ['none.txt'],
    },
    inputs: {
      options: {
        file: { $inputFile: { path: 'none.txt' } },
        part: { $jobFile: { job: id, name: 'none', sliced: false } },
      },
      datasets: { source: { job: id, name: 'default' }, gone: { job: id, name: 'none' } },
    },
  });
  const error: unknown = await request.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).problems.map(({ code }) => code).toSorted()).toHaveLength(6);
});
