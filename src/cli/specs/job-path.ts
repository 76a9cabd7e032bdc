// Paths in specs: a job's directory, a file inside it, or a link to either, such as a result.
// Unaware of workdirs and indexes: a job is a directory with a `setup.json`.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { readRecords } from '../../store/job-directory.ts';

/** A place in a job directory. */
export interface PlaceInJob {
  /** Absolute path of the job directory. */
  readonly directory: string;
  /** Relative to it; empty for the directory itself. */
  readonly file: string;
}

/** What may follow a path: a step, where a dot counts only before a name. */
const STEP_BEGIN = /[~+^<>]|\.(?=[A-Za-z_])|$/gu;

/** Tells whether a spec can be nothing but a path. */
export function isPath(spec: string): boolean {
  return /^\.{0,2}\//u.test(spec) || /^\.{1,2}(?=$|[~+^<>]|\.[A-Za-z_])/u.test(spec);
}

/** Finds the longest beginning of a spec that exists as a path; `undefined` when none does. */
export function leadingPath(spec: string, cwd: string): string | undefined {
  return [...spec.matchAll(STEP_BEGIN)]
    .map(({ index }) => spec.slice(0, index))
    .findLast((path) => path !== '' && existsSync(resolve(cwd, path)));
}

/** Finds the job that an absolute path lies in, as it is written or where its links lead; `undefined` for none. */
export function placeInJob(path: string): PlaceInJob | undefined {
  return climb(path) ?? climb(realpathSync(path));
}

/** Tells whether a spec begins with a path into a job. */
export function leadsIntoJob(spec: string, cwd: string): boolean {
  const path = leadingPath(spec, cwd);
  return path !== undefined && placeInJob(resolve(cwd, path)) !== undefined;
}

/** The name of the dataset that a file in a job is part of; `undefined` for every other file. */
export function datasetOfFile({ directory, file }: PlaceInJob): string | undefined {
  const datasets = readRecords(directory)?.finished?.post.datasets ?? [];
  return datasets.find(({ files }) => Object.hasOwn(files, file))?.name;
}

function climb(path: string): PlaceInJob | undefined {
  for (let directory = path; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'setup.json'))) {
      return { directory, file: relative(directory, path) };
    }
    if (directory === dirname(directory)) return undefined;
  }
}
