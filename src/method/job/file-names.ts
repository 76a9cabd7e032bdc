// Names of files inside a job: relative, normalised, inside the job directory and not the engine's own.

import { isAbsolute, posix } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import { DATASET_DIRECTORY } from '../../model/manifest.ts';

/** Name under which what synthesis returns is saved. */
export const RESULT_FILE = 'result.msgpack';

/** How the names of files begin that are not complete yet; what is left of them is deleted when the job ends. */
export const TEMPORARY_PREFIX = '.acc-';

const ENGINE_FILES = new Set([
  'setup.json',
  'post.json',
  'damage.json',
  'failure.json',
  'method.mjs',
  'method.mjs.map',
]);
const ENGINE_DIRECTORIES = ['OUTPUT', DATASET_DIRECTORY];

/** Tells whether a name inside a job directory belongs to the engine: its records, output and datasets. */
export function isEngineName(name: string): boolean {
  const [top = ''] = name.split('/', 1);
  return (
    ENGINE_FILES.has(name) || ENGINE_DIRECTORIES.includes(top) || top.startsWith(TEMPORARY_PREFIX)
  );
}

/** Returns the name of the file for one slice, as `counts.3`; without a slice number the name itself. */
export function slicedName(name: string, sliceno: number | undefined): string {
  return sliceno === undefined ? name : `${name}.${sliceno}`;
}

/** Throws `UsageError` unless `name` is a normalised path that stays inside the directory it is relative to. */
export function checkInsideName(name: string, what: string): void {
  const fault = nameFault(name);
  if (fault === undefined) return;
  throw new UsageError({
    code: 'invalid_file_name',
    message: `Expected ${what} to be a relative path inside its directory, got ${JSON.stringify(name)}: ${fault}`,
  });
}

/** Throws `UsageError` unless a method may make a file of this name in its job. */
export function checkWritableName(name: string): void {
  checkInsideName(name, 'the name of a file in a job');
  if (!isEngineName(name)) return;
  throw new UsageError({
    code: 'reserved_file_name',
    message: `The file name ${JSON.stringify(name)} is reserved for acc`,
    hint: 'The names `OUTPUT/`, `DS/`, `setup.json`, `post.json`, `damage.json`, `failure.json` and `method.mjs` are reserved.',
  });
}

function nameFault(name: string): string | undefined {
  if (typeof name !== 'string') return `it is a ${typeof name}`;
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it holds a NUL character';
  if (isAbsolute(name)) return 'it is absolute';
  if (name.split('/').includes('..')) return 'it leads out of there';
  if (posix.normalize(name) !== name || name === '.' || name.endsWith('/'))
    return `write it as ${JSON.stringify(posix.normalize(name).replace(/\/$/u, ''))}`;
  return undefined;
}
