// Tells records from what only looks like JSON of ours: a file cut short, overwritten, or put there by someone else.
// Looks at the members that readers follow, so that a bad record is "unreadable" and never a crash of the reader.

import type { Post, Setup } from '../model/manifest.ts';

type Kind = 'string' | 'number' | 'object' | 'text or null';
/** What a value must be: of a kind, a list or a record of equal shapes, or an object with these members at least. */
type Shape = Kind | readonly ['list' | 'record', Shape] | Members;
interface Members {
  readonly [name: string]: Shape;
}

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
  parent: 'text or null',
  script: 'text or null',
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
      hashlabel: 'text or null',
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

function hasVersion(record: unknown): boolean {
  return isObject(record) && record['version'] === 1;
}

function hasShape(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'string') return isKind(value, shape);
  if (!isMembers(shape)) {
    const [kind, each] = shape;
    const isRight = kind === 'list' ? Array.isArray(value) : isObject(value);
    return isRight && Object.values(value as object).every((part) => hasShape(part, each));
  }
  return (
    isObject(value) &&
    Object.entries(shape).every(([name, member]) => hasShape(value[name], member))
  );
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'string':
    case 'number':
      return typeof value === kind;
    case 'object':
      return isObject(value);
    case 'text or null':
      return value === null || typeof value === 'string';
  }
}

function isMembers(shape: Exclude<Shape, Kind>): shape is Members {
  return !Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
