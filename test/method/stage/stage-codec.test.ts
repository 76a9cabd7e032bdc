import { expect, test } from 'vitest';

import { Dataset } from '../../../src/method/dataset/dataset.ts';
import { InputFile } from '../../../src/method/job/input-file.ts';
import { JobFile } from '../../../src/method/job/job-file.ts';
import type { JobHost } from '../../../src/method/job/job-host.ts';
import { datasetHost, Job } from '../../../src/method/job/job.ts';
import { decodeValue, encodeValue } from '../../../src/method/stage/stage-codec.ts';
import { jobId } from '../../../src/model/ids.ts';

const host: JobHost = { workdirs: { dev: '/workdirs/dev' }, place: 'build_script' };

function throughCodec(value: unknown): unknown {
  return decodeValue(encodeValue(value, 'value'), host);
}

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['−0', -0],
  ['NaN', Number.NaN],
  ['infinity', -Infinity],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER],
  ['a small bigint', 5n],
  ['a bigint of 64 bits', -(2n ** 63n)],
  ['a bigint beyond 64 bits', 2n ** 200n + 1n],
  ['a Date with milliseconds', new Date(1_700_000_000_123)],
  ['a Date before 1970', new Date(-62_135_596_800_000)],
  ['text outside the basic plane', 'h\u00e9 😀'],
  [
    'a Map with keys of any kind',
    new Map<unknown, unknown>([
      [1, 'a'],
      ['1', 'b'],
      [{ k: 1 }, new Map()],
    ]),
  ],
  ['a Set', new Set([1, '1', null])],
  ['−0 deep inside', { a: [new Map([['k', new Set([-0, 1])]])] }],
  ['members that are undefined', { a: undefined, b: [undefined] }],
  ['a Float64Array', new Float64Array([1.5, -0, Number.NaN])],
  ['part of an Int32Array', new Int32Array([1, -2, 3]).subarray(1)],
  ['a BigInt64Array', new BigInt64Array([1n, -(2n ** 63n)])],
  ['a Uint8Array', new Uint8Array([0, 255])],
  ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
  ['a regular expression', /a.b/giu],
  ['records of many shapes', Array.from({ length: 500 }, (_, i) => ({ id: i, [`k${i % 90}`]: i }))],
])('%s survives', (_name, value) => {
  expect(throughCodec(value)).toStrictEqual(value);
});

test('a member called __proto__ survives, as a member', () => {
  const text = '{"a":[{"__proto__":{"b":1},"c":2}]}';
  expect(JSON.stringify(throughCodec(JSON.parse(text)))).toBe(text);
});

test('a DataView survives, with its own part of the buffer', () => {
  const view = throughCodec(new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)) as DataView;
  expect([view.byteLength, view.getUint8(0), view.getUint8(1)]).toEqual([2, 2, 3]);
});

test('a dataset handle that may read only some columns stays so between stages', () => {
  const stageHost: JobHost = { ...host, place: 'stage' };
  const handle = new Dataset({ job: jobId('dev', 1), name: 'a' }, datasetHost(stageHost), ['x']);
  const bytes = encodeValue(handle, 'value');

  expect((decodeValue(bytes, stageHost) as Dataset).declaredColumns).toEqual(['x']);
  expect((decodeValue(bytes, host) as Dataset).declaredColumns).toBeUndefined();
});

test('an error keeps its message and its kind', () => {
  const error = throughCodec(new TypeError('wrong')) as TypeError;
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('wrong');
});

test('cycles and shared members stay what they are', () => {
  const shared = { n: -0 };
  const value: Record<string, unknown> = { one: shared, two: [shared] };
  value['self'] = value;
  const copy = throughCodec(value) as { one: object; two: object[]; self: object };
  expect(copy.self).toBe(copy);
  expect(copy.two[0]).toBe(copy.one);
});

test('an instance of a class arrives as a plain object with its own fields', () => {
  class Point {
    readonly x = 1;
    readonly #hidden = 2;

    get sum(): number {
      return this.x + this.#hidden;
    }

    toJSON(): string {
      return 'a point';
    }
  }
  expect(throughCodec(new Point())).toEqual({ x: 1 });
});

test('what is encoded is not changed by it', () => {
  const value = { zero: -0, list: [new Job({ id: jobId('dev', 1), host })] };
  encodeValue(value, 'value');
  expect(Object.is(value.zero, -0)).toBe(true);
  expect(value.list[0]).toBeInstanceOf(Job);
});

test('handles of jobs, datasets and files arrive as live objects', () => {
  const job = new Job({ id: jobId('dev', 7), host });
  const copy = throughCodec({
    job,
    dataset: new Dataset({ job: job.id, name: 'parts' }, datasetHost(host)),
    file: new JobFile(job, 'table.json'),
    slices: new Map([[0, new JobFile(job, 'part', { sliced: true })]]),
    input: new InputFile('/data', 'a/b.csv'),
  }) as {
    job: Job;
    dataset: Dataset;
    file: JobFile;
    slices: Map<number, JobFile>;
    input: InputFile;
  };
  expect(copy.job.path).toBe('/workdirs/dev/dev-7');
  expect(String(copy.dataset)).toBe('dev-7/parts');
  expect(copy.file.filename()).toBe('/workdirs/dev/dev-7/table.json');
  expect(copy.slices.get(0)?.filename(3)).toBe('/workdirs/dev/dev-7/part.3');
  expect([copy.input.name, copy.input.filename()]).toEqual(['a/b.csv', '/data/a/b.csv']);
});

test('what may be seen of a job travels with it', () => {
  const open = new Job({ id: jobId('dev', 7), host, view: 'lineage' });
  expect((throughCodec(open) as Job).view).toBe('lineage');
  expect((throughCodec(new Job({ id: jobId('dev', 7), host })) as Job).view).toBe('content');
  expect((throughCodec(open.withFile('x')) as JobFile).job.view).toBe('lineage');
});

test.each<[unknown, string]>([
  [() => 1, 'what prepare returned is a function'],
  [{ rows: [{ key: () => 1 }] }, 'what prepare returned, at rows[0].key, is a function'],
  [new Map([['k', Symbol('s')]]), 'what prepare returned, at {"k"}, is a symbol'],
  [{ later: Promise.resolve(1) }, 'what prepare returned, at later, is a Promise'],
  [{ url: new URL('http://example.org') }, 'what prepare returned, at url, is a URL'],
  [[new WeakMap()], 'what prepare returned, at [0], is a WeakMap'],
  [(function* rows() {})(), 'what prepare returned is a Generator'],
])('what cannot travel is an error naming the path', (value, message) => {
  expect(() => encodeValue(value, 'what prepare returned')).toThrow(
    `${message}, which cannot be kept or passed to another stage`,
  );
});

test('a cyclic value with a function in it is an error, too', () => {
  const value: Record<string, unknown> = { f: () => 1 };
  value['self'] = value;
  expect(() => encodeValue(value, 'value')).toThrow('value, at f, is a function');
});
