// Finds the job that a person means: `dev-42`, a method for its latest job, a path into its directory, and steps from
// there. Ids and methods that exist come before paths.
//
//   ~N +N   N jobs of the same method back, forward      ^N        along the input `previous`
//   <N >N   the job number N lower, higher               .name     the input of that name
//
// Steps are taken one after the other; an error says how far it got.

import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import { datasetSpec } from '../../model/dataset-spec.ts';
import { UsageError } from '../../model/errors.ts';
import { jobId, parseJobId, splitJobId } from '../../model/ids.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRef, Setup } from '../../model/manifest.ts';
import { jobRow, latestJob, listJobs } from '../../store/history.ts';
import type { JobRow } from '../../store/history.ts';
import { readSetup } from '../../store/job-directory.ts';
import type { Workdir } from '../../store/workdir.ts';
import { didYouMean } from '../../util/nearest.ts';
import { plural } from '../../util/quantity.ts';
import type { Index } from '../project/open-index.ts';
import { datasetOfFile, isPath, leadingPath, leadsIntoJob, placeInJob } from './job-path.ts';

/** A job that was found; it has a `setup.json`, and may be unfinished. */
export interface FoundJob {
  readonly id: JobId;
  /** Absolute path of its directory. */
  readonly path: string;
  readonly setup: Setup;
  /** `undefined` for a job outside the configured workdirs. */
  readonly workdir: Workdir | undefined;
}

/** What a spec leads to: a job, or the very dataset that its last step or the path of a file named. */
export interface SpecTarget {
  readonly job: FoundJob;
  readonly dataset: DatasetRef | undefined;
}

/** Where to look. */
export interface SpecPlace {
  readonly index: Index;
  /** Paths are relative to it. */
  readonly cwd: string;
}

interface Step {
  readonly kind: '~' | '+' | '^' | '<' | '>' | '.';
  readonly count: number;
  readonly name: string;
}

const JOB_ID = /^[A-Za-z_][A-Za-z0-9_.]*(?:-[A-Za-z_][A-Za-z0-9_.]*)*-\d+(?=$|[~+^<>.])/u;
const METHOD = /^[A-Za-z_][\w-]*(?=$|[~+^<>.])/u;
const STEP = /^(?:([~^])(\d*)|([+<>])(\d*)|\.((?:jobs\.|datasets\.)?[A-Za-z_]\w*))/u;

/** Resolves a job spec. Throws `UsageError` that says how far it got. */
export function findJob(spec: string, place: SpecPlace): FoundJob {
  return findSpec(spec, place).job;
}

/** Resolves a job spec whose last step may be a dataset input. */
export function findSpec(spec: string, place: SpecPlace): SpecTarget {
  const { start, rest } = findStart(spec, place);
  let found = start;
  for (const step of parseSteps(rest, spec)) found = takeStep(found.job, step, spec, place);
  return found;
}

/** Tells whether a spec begins with the id of a job or with a method that has one. */
export function beginsWithName(spec: string, place: SpecPlace): boolean {
  const name = leadingName(spec);
  return name !== undefined && idNamed(name, place) !== undefined;
}

function findStart(spec: string, place: SpecPlace): { start: SpecTarget; rest: string } {
  const name = leadingName(spec);
  const id = name === undefined ? undefined : idNamed(name, place);
  if (name !== undefined && id !== undefined) {
    return {
      start: { job: jobById(id, place), dataset: undefined },
      rest: spec.slice(name.length),
    };
  }
  const path = leadingPath(spec, place.cwd);
  if (path !== undefined && (name === undefined || leadsIntoJob(spec, place.cwd))) {
    return { start: atPath(resolve(place.cwd, path), place), rest: spec.slice(path.length) };
  }
  if (isPath(spec)) throw notAJob(resolve(place.cwd, spec), 'there is nothing');
  if (name === undefined) throw notASpec(spec, spec);
  const unknown = parseJobId(name);
  throw unknown === undefined ? noJobOf(name, spec, place) : noJob(unknown, place.index);
}

function leadingName(spec: string): string | undefined {
  return isPath(spec) ? undefined : (JOB_ID.exec(spec) ?? METHOD.exec(spec))?.[0];
}

/** The job of this id if there is one, or the latest of the method of this name. */
function idNamed(name: string, { index }: SpecPlace): JobId | undefined {
  const id = parseJobId(name);
  if (id !== undefined) return jobDirectory(id, index) === undefined ? undefined : id;
  return index.workdirs
    .flatMap((workdir) => latestJob(workdir, name) ?? [])
    .toSorted((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1))[0]?.id;
}

function parseSteps(text: string, spec: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null) throw notASpec(spec, rest);
    const [whole, back, backCount, move, moveCount, name = ''] = match;
    const kind = (back ?? move ?? '.') as Step['kind'];
    const digits = backCount ?? moveCount ?? '';
    steps.push({ kind, count: digits === '' ? 1 : Number(digits), name });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function jobById(id: JobId, { index }: SpecPlace): FoundJob {
  const path = jobDirectory(id, index);
  if (path === undefined) throw noJob(id, index);
  const setup = readSetup(path);
  if (setup === undefined) throw unreadable(path);
  return { id, path, setup, workdir: index.of(id) };
}

function jobDirectory(id: JobId, index: Index): string | undefined {
  const path = index.of(id)?.jobPath(splitJobId(id)?.number ?? -1);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function atPath(path: string, { index }: SpecPlace): SpecTarget {
  const found = placeInJob(path);
  if (found === undefined) throw notAJob(path, 'it lies in no directory with a setup.json');
  const { directory } = found;
  const setup = readSetup(directory);
  if (setup === undefined) throw unreadable(directory);
  const parent = realpathSync(dirname(directory));
  const workdir = index.workdirs.find((candidate) => realpathSync(candidate.path) === parent);
  const isInWorkdir = basename(directory) === setup.id;
  const job = { id: setup.id, path: directory, setup, workdir: isInWorkdir ? workdir : undefined };
  const dataset = datasetOfFile(found);
  return { job, dataset: dataset === undefined ? undefined : { job: job.id, name: dataset } };
}

function takeStep(from: FoundJob, step: Step, spec: string, place: SpecPlace): SpecTarget {
  switch (step.kind) {
    case '~':
    case '+':
      return { job: alongMethod(from, step, place), dataset: undefined };
    case '<':
      return { job: byNumber(from, -step.count, place), dataset: undefined };
    case '>':
      return { job: byNumber(from, step.count, place), dataset: undefined };
    case '^':
      return alongPrevious(from, step.count, place);
    case '.':
      return toInput(from, step.name, spec, place);
  }
}

function alongMethod(from: FoundJob, { kind, count }: Step, place: SpecPlace): FoundJob {
  const workdir = workdirOf(from);
  const { number } = splitJobId(from.id) ?? { number: 0 };
  const filter = { method: from.setup.method, state: 'finished' } as const;
  const jobs: JobRow[] =
    kind === '~'
      ? listJobs(workdir, { ...filter, before: number, limit: count })
      : listJobs(workdir, filter)
          .filter((job) => job.number > number)
          .toReversed();
  if (count === 0) return from;
  const target = jobs[count - 1];
  if (target !== undefined) return jobById(target.id, place);
  throw tooFar(
    from,
    kind === '~' ? 'back' : 'forward',
    count,
    jobs.map((job) => job.id),
  );
}

function byNumber(from: FoundJob, offset: number, place: SpecPlace): FoundJob {
  const workdir = workdirOf(from);
  const { number } = splitJobId(from.id) ?? { number: 0 };
  if (number + offset < 0) throw noJob(`${workdir.name}-${number + offset}`, place.index);
  return jobById(jobId(workdir.name, number + offset), place);
}

function alongPrevious(from: FoundJob, count: number, place: SpecPlace): SpecTarget {
  const passed: JobId[] = [];
  let found: SpecTarget = { job: from, dataset: undefined };
  while (passed.length < count) {
    const { jobs, datasets } = found.job.setup.inputs;
    const job = one(jobs['previous']);
    const dataset = job === undefined ? one(datasets['previous']) : undefined;
    const next = job ?? dataset?.job;
    if (next === undefined) throw tooFar(from, 'back along "previous"', count, passed);
    found = { job: jobById(next, place), dataset };
    passed.push(next);
  }
  return found;
}

function toInput(from: FoundJob, path: string, spec: string, place: SpecPlace): SpecTarget {
  const { jobs, datasets } = from.setup.inputs;
  const [, kind, name = path] = /^(jobs|datasets)\.(.+)$/u.exec(path) ?? [];
  const inJobs = kind !== 'datasets' && Object.hasOwn(jobs, name);
  const inDatasets = kind !== 'jobs' && Object.hasOwn(datasets, name);
  if (!inJobs && !inDatasets) throw noInput(from, name);
  const value = inJobs ? jobs[name] : datasets[name];
  const list = value === null || value === undefined ? [] : [value].flat();
  const [input] = list;
  if (input === undefined) {
    throw new UsageError({
      code: 'unset_input',
      message: `In "${spec}": ${from.id} (${from.setup.method}) was built without its input "${name}"`,
    });
  }
  if (list.length > 1) {
    throw new UsageError({
      code: 'ambiguous_input',
      message: `In "${spec}": input "${name}" of ${from.id} is a list of ${list.length}, so it is not clear which is meant`,
      hint: `Name the one that is meant: ${list.map((ref) => (typeof ref === 'string' ? ref : datasetSpec(ref))).join(', ')}.`,
    });
  }
  return typeof input === 'string'
    ? { job: jobById(input, place), dataset: undefined }
    : { job: jobById(input.job, place), dataset: input };
}

/** The one entry of an input; `undefined` when it is unset or a list of several. */
function one<T extends JobId | DatasetRef>(
  value: T | readonly T[] | null | undefined,
): T | undefined {
  const list = (value === null || value === undefined ? [] : [value].flat()) as T[];
  return list.length === 1 ? list[0] : undefined;
}

function workdirOf(job: FoundJob): Workdir {
  if (job.workdir !== undefined) return job.workdir;
  throw new UsageError({
    code: 'outside_workdirs',
    message: `${job.path} lies outside the configured workdirs, so there are no jobs before or after it`,
  });
}

function notASpec(spec: string, rest: string): UsageError {
  const where = rest === spec ? '' : `: "${rest}" is no step from a job`;
  return new UsageError({
    code: 'not_a_spec',
    message: `"${spec}" does not say which job is meant${where}`,
    hint: 'Expected a job (dev-42), a method, or a path to a job or a file in it, then steps: ~2 +1 ^ <3 >3 .input',
  });
}

function notAJob(path: string, why: string): UsageError {
  const message = `${path} is not the directory of a job, nor a file in one: ${why}`;
  return new UsageError({ code: 'not_a_job', message });
}

function unreadable(path: string): UsageError {
  return new UsageError({
    code: 'unreadable_job',
    message: `${path} cannot be read as a job: its setup.json is missing or damaged`,
    hint: 'Delete the directory: the next run that needs the job makes it again.',
  });
}

/** No directory is there: either there was never such a job, or the index knows that there was. */
function noJob(id: string, index: Index): UsageError {
  const { workdir, number } = splitJobId(id) ?? { workdir: '', number: -1 };
  const place = index.workdirs.find(({ name }) => name === workdir);
  const row = place === undefined ? undefined : jobRow(place, number);
  if (row !== undefined) {
    return new UsageError({
      code: 'missing_job',
      message: `The directory of job ${id} (${row.method}) is gone: ${row.path}`,
      hint: 'The next run that needs the job makes it again, under a new number.',
    });
  }
  const known = index.workdirs.map(({ name }) => name);
  const hint = known.includes(workdir)
    ? '`acc jobs` lists the jobs there are.'
    : `There are jobs only in: ${known.join(', ') || 'no workdir yet'}.`;
  return new UsageError({ code: 'unknown_job', message: `There is no job ${id}`, hint });
}

function noJobOf(method: string, spec: string, { index }: SpecPlace): UsageError {
  const methods = index.workdirs.flatMap((workdir) =>
    workdir.index
      .all<{ method: string }>(`SELECT DISTINCT method FROM jobs WHERE state = 'finished'`)
      .map((row) => row.method),
  );
  return new UsageError({
    code: 'unknown_job',
    message: `There is no finished job of a method "${method}"${spec === method ? '' : ` (in "${spec}")`}`,
    hint: didYouMean(method, methods, '`acc jobs` lists the jobs there are.'),
  });
}

function noInput(from: FoundJob, name: string): UsageError {
  const { jobs, datasets } = from.setup.inputs;
  const known = [...Object.keys(jobs), ...Object.keys(datasets)];
  const list = known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`;
  return new UsageError({
    code: 'unknown_input',
    message: `${from.id} (${from.setup.method}) has no job or dataset input "${name}"`,
    hint: didYouMean(name, known, list),
  });
}

function tooFar(from: FoundJob, way: string, count: number, passed: readonly JobId[]): UsageError {
  const stopped = passed.length === 0 ? '' : ` (stopped on ${passed.at(-1)})`;
  return new UsageError({
    code: 'too_far',
    message: `Tried to go ${count} ${way} from ${from.id}, but only ${plural(passed.length, 'job')} available${stopped}`,
  });
}
