// Tells records from what only looks like JSON of ours: a file cut short, overwritten, or put there by someone else.
// Looks at the members that readers follow, so that a bad record is "unreadable" and never a crash of the reader.

import type { Post, Setup } from '../model/manifest.ts';
import { hasShape, isObject } from '../util/shape.ts';
import type { Shape } from '../util/shape.ts';
import type { DamageMark, FailureRecord } from './job-directory.ts';

const SETUP: { readonly [Member in keyof Setup]?: Shape } = {
  id: 'string',
  method: 'string',
  key: 'string',
  manifest: {
    method: 'string',
    code: 'string',
    packages: 'object',
    options: 'object',
    datasets: 'object',
    jobs: 'object',
    dependsOn: 'object',
    env: 'object',
    slices: 'number',
  },
  inputs: { options: 'object', datasets: 'object', jobs: 'object' },
  inputFiles: [
    'list',
    { path: 'string', sizeBytes: 'number', mtimeMs: 'number', digest: 'string' },
  ],
  inputDirectory: 'string',
  slices: 'number',
  seed: 'number',
  parent: ['nullable', 'string'],
  script: ['nullable', 'string'],
  run: 'number',
  name: 'string',
  caption: 'string',
  labels: 'object',
  unsound: ['list', 'string'],
  startedAt: 'string',
  host: 'string',
  versions: { acc: 'string', node: 'string' },
};

const POST: { readonly [Member in keyof Post]?: Shape } = {
  digest: 'string',
  endedAt: 'string',
  execMs: { total: 'number' },
  files: ['record', { sizeBytes: 'number', digest: 'string' }],
  datasets: [
    'list',
    {
      name: 'string',
      digest: 'string',
      rows: 'number',
      hashlabel: ['nullable', 'string'],
      columns: ['record', { type: 'string', digest: 'string' }],
      files: ['record', 'number'],
    },
  ],
  subjobs: ['list', { id: 'string', method: 'string', code: 'string' }],
};

/** Tells whether parsed JSON is a `setup.json` of this version. */
export function isSetup(record: unknown): record is Setup {
  return hasVersion(record) && hasShape(record, SETUP);
}

/** Tells whether parsed JSON is a `post.json` of this version. */
export function isPost(record: unknown): record is Post {
  return hasVersion(record) && hasShape(record, POST);
}

/** Tells whether parsed JSON is a `damage.json` of this version. */
export function isDamageMark(record: unknown): record is DamageMark {
  return hasVersion(record) && hasShape(record, { at: 'string', file: 'string', reason: 'string' });
}

/** Tells whether parsed JSON is a `failure.json` of this version. */
export function isFailureRecord(record: unknown): record is FailureRecord {
  return (
    hasVersion(record) &&
    hasShape(record, {
      state: 'string',
      endedAt: 'string',
      execMs: { total: 'number' },
      failure: { kind: 'string', stage: { name: 'string' }, lastOutput: ['list', 'string'] },
    }) &&
    /^(?:failed|timed_out|cancelled)$/u.test(String(Object(record).state))
  );
}

function hasVersion(record: unknown): boolean {
  return isObject(record) && record['version'] === 1;
}
