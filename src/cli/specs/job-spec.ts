// Finds the job that a person means: `dev-42`, `./path`, a method for its latest job, and steps from there.
//
//   ~N +N   N jobs of the same method back, forward      ^N        along the input `previous`
//   <N >N   the job number N lower, higher               .name     the input of that name
//
// Steps are taken one after the other; an error says how far it got.

import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import { jobId, parseJobId, splitJobId } from '../../model/ids.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRef, Setup } from '../../model/manifest.ts';
import { latestJob, listJobs } from '../../store/history.ts';
import type { JobRow } from '../../store/history.ts';
import { readSetup } from '../../store/job-directory.ts';
import type { Workdir } from '../../store/workdir.ts';
import { nearest } from '../../util/nearest.ts';
import { plural } from '../../util/quantity.ts';
import type { Index } from '../project/open-index.ts';

/** A job that was found; it has a `setup.json`, and may be unfinished. */
export interface FoundJob {
  readonly id: JobId;
  /** Absolute path of its directory. */
  readonly path: string;
  readonly setup: Setup;
  /** `undefined` for a job outside the configured workdirs. */
  readonly workdir: Workdir | undefined;
}

/** What a spec leads to: a job, or the very dataset that its last step named. */
export interface Found {
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
const PATH = /^(?:\.{0,2}\/.*?|\.{1,2})(?=$|[~+^<>]|\.[A-Za-z_][\w.]*(?:$|[~+^<>]))/u;
const STEP = /^(?:([~^])(\d*)|([+<>])(\d*)|\.((?:jobs\.|datasets\.)?[A-Za-z_]\w*))/u;

/** Resolves a job spec. Throws `UsageError` that says how far it got. */
export function findJob(spec: string, place: SpecPlace): FoundJob {
  return findSpec(spec, place).job;
}

/** Resolves a job spec whose last step may be a dataset input. */
export function findSpec(spec: string, place: SpecPlace): Found {
  const { base, steps } = parseSpec(spec);
  let found: Found = { job: findBase(base, spec, place), dataset: undefined };
  for (const step of steps) found = takeStep(found.job, step, spec, place);
  return found;
}

function parseSpec(spec: string): { base: string; steps: readonly Step[] } {
  const [base] = JOB_ID.exec(spec) ?? PATH.exec(spec) ?? METHOD.exec(spec) ?? [];
  if (base === undefined) throw notASpec(spec, spec);
  const steps: Step[] = [];
  let rest = spec.slice(base.length);
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null) throw notASpec(spec, rest);
    const [whole, back, backCount, move, moveCount, name = ''] = match;
    const kind = (back ?? move ?? '.') as Step['kind'];
    const digits = backCount ?? moveCount ?? '';
    steps.push({ kind, count: digits === '' ? 1 : Number(digits), name });
    rest = rest.slice(whole.length);
  }
  return { base, steps };
}

function findBase(base: string, spec: string, place: SpecPlace): FoundJob {
  const id = parseJobId(base);
  if (id !== undefined) return jobById(id, place);
  if (PATH.test(base)) return jobAt(resolve(place.cwd, base), place);
  const latest = place.index.workdirs
    .flatMap((workdir) => latestJob(workdir, base) ?? [])
    .toSorted((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1))[0];
  if (latest === undefined) throw noJobOf(base, spec, place);
  return jobById(latest.id, place);
}

function jobById(id: JobId, { index }: SpecPlace): FoundJob {
  const workdir = index.of(id);
  const number = splitJobId(id)?.number ?? -1;
  const path = workdir?.jobPath(number);
  if (path === undefined || !existsSync(path)) throw noJob(id, index);
  const setup = readSetup(path);
  if (setup === undefined) throw unreadable(path);
  return { id, path, setup, workdir };
}

function jobAt(path: string, { index }: SpecPlace): FoundJob {
  if (!existsSync(join(path, 'setup.json'))) {
    const message = `${path} is not the directory of a job: it has no setup.json`;
    throw new UsageError({ code: 'not_a_job', message });
  }
  const setup = readSetup(path);
  if (setup === undefined) throw unreadable(path);
  const workdir = index.workdirs.find((candidate) => candidate.path === dirname(path));
  return { id: setup.id, path, setup, workdir: basename(path) === setup.id ? workdir : undefined };
}

function takeStep(from: FoundJob, step: Step, spec: string, place: SpecPlace): Found {
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

function alongPrevious(from: FoundJob, count: number, place: SpecPlace): Found {
  const passed: JobId[] = [];
  let found: Found = { job: from, dataset: undefined };
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

function toInput(from: FoundJob, path: string, spec: string, place: SpecPlace): Found {
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
    message: `${job.path} lies outside the configured workdirs, so it has no neighbours`,
  });
}

function notASpec(spec: string, rest: string): UsageError {
  const where = rest === spec ? '' : `: "${rest}" is no step from a job`;
  return new UsageError({
    code: 'not_a_spec',
    message: `"${spec}" does not say which job is meant${where}`,
    hint: 'Expected a job (dev-42), a method, or a path (./…), then steps: ~2 +1 ^ <3 >3 .input',
  });
}

function unreadable(path: string): UsageError {
  return new UsageError({
    code: 'unreadable_job',
    message: `${path} cannot be read as a job: its setup.json is missing or damaged`,
    hint: 'Delete the directory: the next run that needs the job makes it again.',
  });
}

function noJob(id: string, index: Index): UsageError {
  const workdir = splitJobId(id)?.workdir ?? '';
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
  const near = nearest(method, methods);
  return new UsageError({
    code: 'unknown_job',
    message: `There is no finished job of a method "${method}"${spec === method ? '' : ` (in "${spec}")`}`,
    hint: near === undefined ? '`acc jobs` lists the jobs there are.' : `Did you mean "${near}"?`,
  });
}

function noInput(from: FoundJob, name: string): UsageError {
  const { jobs, datasets } = from.setup.inputs;
  const known = [...Object.keys(jobs), ...Object.keys(datasets)];
  const near = nearest(name, known);
  const list = known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`;
  return new UsageError({
    code: 'unknown_input',
    message: `${from.id} (${from.setup.method}) has no job or dataset input "${name}"`,
    hint: near === undefined ? list : `Did you mean "${near}"?`,
  });
}

function tooFar(from: FoundJob, way: string, count: number, passed: readonly JobId[]): UsageError {
  const stopped = passed.length === 0 ? '' : ` (stopped on ${passed.at(-1)})`;
  return new UsageError({
    code: 'too_far',
    message: `Tried to go ${count} ${way} from ${from.id}, but only ${plural(passed.length, 'job')} available${stopped}`,
  });
}
