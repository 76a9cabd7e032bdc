// Sorts the inputs of a build call into options, datasets and jobs, by the cached shape of the method.
// Does not validate options and never loads zod or the method: a run of hits comes through here.

import type { Problem } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import { parseJobId } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { DatasetInputShape, JobInputShape, MethodShape } from '../../model/method-shape.ts';
import { didYouMean } from '../../util/nearest.ts';
import { Dataset } from '../dataset/dataset.ts';
import { Job } from '../job/job.ts';
import { describeValue } from './describe-value.ts';

/** The inputs of a build call by group, and what is wrong with them. Inputs with a problem are left out. */
export interface SplitInputs {
  /** As given; those that were left out are absent. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly datasets: Readonly<Record<string, DatasetRef | readonly DatasetRef[] | null>>;
  readonly jobs: Readonly<Record<string, JobId | readonly JobId[] | null>>;
  readonly problems: readonly Problem[];
}

/** Splits `raw`, whose promises have been awaited. Unknown, missing and wrong inputs are all reported. */
export function splitInputs(
  method: string,
  shape: MethodShape,
  raw: Readonly<Record<string, unknown>>,
): SplitInputs {
  const problems: Problem[] = [];
  const options: Record<string, unknown> = {};
  const isOption = new Set(shape.options);
  for (const [name, value] of Object.entries(raw)) {
    if (isOption.has(name)) {
      if (value !== undefined) options[name] = value;
    } else if (!Object.hasOwn(shape.datasets, name) && !Object.hasOwn(shape.jobs, name)) {
      problems.push(unknownInput(method, shape, name));
    }
  }
  const datasets = readGroup(shape.datasets, raw, { method, kind: DATASET, problems });
  const jobs = readGroup(shape.jobs, raw, { method, kind: JOB, problems });
  return { options, datasets, jobs, problems };
}

/** How one kind of input is recognised and called. */
interface Kind<Ref> {
  readonly title: string;
  readonly one: string;
  readonly many: string;
  readonly read: (value: unknown) => Ref | undefined;
}

const DATASET: Kind<DatasetRef> = {
  title: 'Dataset',
  one: 'a dataset',
  many: 'a list of datasets',
  read: readDataset,
};

const JOB: Kind<JobId> = { title: 'Job', one: 'a job', many: 'a list of jobs', read: readJob };

interface Reading<Ref> {
  readonly method: string;
  readonly kind: Kind<Ref>;
  readonly problems: Problem[];
}

function readGroup<Ref>(
  group: Readonly<Record<string, DatasetInputShape | JobInputShape>>,
  raw: Readonly<Record<string, unknown>>,
  reading: Reading<Ref>,
): Record<string, Ref | readonly Ref[] | null> {
  const refs: Record<string, Ref | readonly Ref[] | null> = {};
  for (const [name, shape] of Object.entries(group)) {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (value === undefined || value === null) {
      refs[name] = null;
      if (!shape.optional) report(reading, { name, shape, value });
    } else if (shape.array) refs[name] = readList(value, { name, shape, reading });
    else refs[name] = reading.kind.read(value) ?? report(reading, { name, shape, value });
  }
  return refs;
}

function readList<Ref>(
  value: unknown,
  input: { name: string; shape: DatasetInputShape | JobInputShape; reading: Reading<Ref> },
): readonly Ref[] | null {
  const { name, shape, reading } = input;
  if (!Array.isArray(value)) return report(reading, { name, shape, value });
  return value.flatMap((item: unknown, i) => {
    const ref = reading.kind.read(item);
    if (ref !== undefined) return [ref];
    report(reading, { name: `${name}[${i}]`, shape: { ...shape, array: false }, value: item });
    return [];
  });
}

function report<Ref>(
  { method, kind, problems }: Reading<Ref>,
  input: { name: string; shape: DatasetInputShape | JobInputShape; value: unknown },
): null {
  const { name, shape, value } = input;
  const hint = shape.array && kind.read(value) !== undefined ? LIST_HINT : hintFor(kind.one, value);
  problems.push({
    code: value === undefined ? 'missing_input' : 'invalid_input',
    message: `${kind.title} \`${name}\` of method \`${method}\`: expected ${shape.array ? kind.many : kind.one}, got ${describeValue(value)}`,
    ...(value === undefined ? {} : { token: name }),
    ...(hint === undefined ? {} : { hint }),
  });
  return null;
}

const LIST_HINT = 'Put it into a list: `[…]`.';

function hintFor(expected: string, value: unknown): string | undefined {
  if (Array.isArray(value)) return 'Declare the input with `.array()` to take a list.';
  if (value instanceof Dataset) return 'Pass the job that made it: `dataset.job`.';
  if (typeof value === 'string') {
    return expected === 'a job'
      ? 'A job’s id looks like `dev-42`.'
      : 'A dataset’s id looks like `dev-42` or `dev-42/name`.';
  }
  return undefined;
}

/** A job stands for its default dataset. */
function readDataset(value: unknown): DatasetRef | undefined {
  if (value instanceof Dataset) return value.ref;
  if (value instanceof Job) return { job: value.id, name: 'default' };
  if (typeof value !== 'string') return undefined;
  const slash = value.indexOf('/');
  const job = parseJobId(slash === -1 ? value : value.slice(0, slash));
  if (job === undefined || slash === value.length - 1) return undefined;
  return { job, name: slash === -1 ? 'default' : value.slice(slash + 1) };
}

function readJob(value: unknown): JobId | undefined {
  if (value instanceof Job) return value.id;
  return typeof value === 'string' ? parseJobId(value) : undefined;
}

function unknownInput(method: string, shape: MethodShape, name: string): Problem {
  const names = [...shape.options, ...Object.keys(shape.datasets), ...Object.keys(shape.jobs)];
  const all = names.length === 0 ? 'It takes no inputs.' : `It takes ${names.join(', ')}.`;
  return {
    code: 'unknown_input',
    message: `Method \`${method}\` has no input \`${name}\``,
    token: name,
    hint: didYouMean(name, names, all),
  };
}
