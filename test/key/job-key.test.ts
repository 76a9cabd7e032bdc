import { expect, test } from 'vitest';

import { canonicalJson, jobDigest, jobKeyOf } from '../../src/key/job-key.ts';
import type { ShownJob } from '../../src/key/job-key.ts';
import { digest } from '../../src/model/ids.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { sha256 } from '../../src/util/sha256.ts';

const MANIFEST: Manifest = {
  engine: 1,
  method: 'delays',
  code: digest(sha256('code')),
  packages: {},
  options: { min: 10, max: 20 },
  datasets: { source: { digest: digest(sha256('source')) }, previous: null },
  jobs: {},
  dependsOn: {},
  env: {},
  version: null,
  slices: 2,
};

const SHOWN: ShownJob = {
  method: 'delays',
  options: { min: 10 },
  files: { 'result.msgpack': { sizeBytes: 3, digest: digest(sha256('result')) } },
  datasets: [],
  previous: null,
};

test('the order of members is irrelevant to the key', () => {
  const reversed = Object.fromEntries(Object.entries(MANIFEST).toReversed()) as unknown as Manifest;
  const options = { max: 20, min: 10 };
  expect(jobKeyOf({ ...reversed, options })).toBe(jobKeyOf(MANIFEST));
});

test.each<[string, Partial<Manifest>]>([
  ['the engine', { engine: 2 }],
  ['the method', { method: 'other' }],
  ['the code', { code: digest(sha256('other')) }],
  ['an option', { options: { min: 10, max: 21 } }],
  ['a dataset', { datasets: { source: { digest: digest(sha256('other')) }, previous: null } }],
  ['an input that was not given', { datasets: { source: null, previous: null } }],
  ['an environment variable', { env: { TZ: 'UTC' } }],
  ['the version', { version: 1 }],
  ['the number of slices', { slices: 3 }],
])('%s is part of the key', (_part, change) => {
  expect(jobKeyOf({ ...MANIFEST, ...change })).not.toBe(jobKeyOf(MANIFEST));
});

test('canonical JSON has one form', () => {
  expect(canonicalJson({ b: [1, { d: undefined, c: null }], a: 'ü' })).toBe(
    '{"a":"ü","b":[1,{"c":null}]}',
  );
});

test('a job is known by what it shows: method, options, files, datasets and previous', () => {
  const other = digest(sha256('other'));
  const file = { 'result.msgpack': { sizeBytes: 3, digest: other } };
  const dataset = { name: 'default', digest: other, rows: 1, previous: null, hashlabel: null };
  const changes: Partial<ShownJob>[] = [
    { method: 'other' },
    { options: {} },
    { files: file },
    { datasets: [{ ...dataset, columns: {}, files: {} }] },
    { previous: other },
  ];
  const digests = new Set(changes.map((change) => jobDigest({ ...SHOWN, ...change })));
  expect(digests.add(jobDigest(SHOWN)).size).toBe(changes.length + 1);
});
