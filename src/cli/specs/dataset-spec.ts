// Finds the dataset that a person means: a job spec, a path too, then `/NAME`, then `~N` along `previous` and `^N` along `parent`.
// Without a name it is the dataset called `default`, or the one that the job spec's last step or a path leads to.

import { datasetSpec } from '../../model/dataset-spec.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import { readRecords } from '../../store/job-directory.ts';
import { nearest } from '../../util/nearest.ts';
import { plural } from '../../util/quantity.ts';
import { isPath, leadsIntoJob } from './job-path.ts';
import { beginsWithName, findSpec } from './job-spec.ts';
import type { FoundJob, SpecPlace } from './job-spec.ts';

/** A dataset that was found. */
export interface FoundDataset {
  readonly job: FoundJob;
  readonly name: string;
}

const NAMED = /^(.+?)\/([^/~^]+(?:\/[^/~^]+)*)((?:[~^]\d*)*)$/u;
const BELOW = /^([^/~^]+(?:\/[^/~^]+)*)((?:[~^]\d*)*)$/u;
const STEP = /([~^])(\d*)/gu;

/** Gives the dataset before this one (`~`) or the one whose columns it extends (`^`). */
export type Neighbour = (dataset: FoundDataset, step: '~' | '^') => DatasetRef | null;

/** Resolves a dataset spec. Throws `UsageError` that says how far it got. */
export function findDataset(spec: string, place: SpecPlace, neighbour: Neighbour): FoundDataset {
  const [, jobSpec = spec, name, steps = ''] = namedDataset(spec, place) ?? [];
  const found = findSpec(jobSpec, place);
  const wanted = name ?? found.dataset?.name ?? 'default';
  let dataset = existing(found.job, wanted);
  for (const [, step, digits] of steps.matchAll(STEP)) {
    const count = digits === '' ? 1 : Number(digits);
    dataset = walk(dataset, { step: step as '~' | '^', count }, place, neighbour);
  }
  return dataset;
}

/** The parts of `JOB/NAME`; `undefined` for a path, which a spec with a slash is where no such dataset exists. */
function namedDataset(spec: string, place: SpecPlace): readonly string[] | undefined {
  const parts = isPath(spec) ? null : NAMED.exec(spec);
  const [, jobSpec = ''] = parts ?? [];
  const named = beginsWithName(jobSpec, place) ? parts : belowPath(spec, place);
  if (!leadsIntoJob(spec, place.cwd)) return named ?? parts ?? undefined;
  return named !== null && isThere(named, place) ? named : undefined;
}

/** The parts of `PATH/NAME`, where the path leads to a job and steps may follow it; `null` where none does. */
function belowPath(spec: string, place: SpecPlace): readonly string[] | null {
  for (const { index } of spec.matchAll(/\//gu)) {
    const [jobSpec, below] = [spec.slice(0, index), spec.slice(index + 1)];
    const [, name, steps = ''] = BELOW.exec(below) ?? [];
    if (jobSpec === '' || name === undefined || !leadsIntoJob(jobSpec, place.cwd)) continue;
    return [spec, jobSpec, name, steps];
  }
  return null;
}

function isThere([, jobSpec = '', name = '']: readonly string[], place: SpecPlace): boolean {
  return namesOf(findSpec(jobSpec, place).job).includes(name);
}

function namesOf(job: FoundJob): readonly string[] {
  return readRecords(job.path)?.finished?.post.datasets.map((record) => record.name) ?? [];
}

function existing(job: FoundJob, name: string): FoundDataset {
  const names = namesOf(job);
  if (names.includes(name)) return { job, name };
  const near = nearest(name, names);
  const title = `${job.id} (${job.setup.method})`;
  if (names.length === 0) {
    throw new UsageError({ code: 'unknown_dataset', message: `${title} has no datasets` });
  }
  throw new UsageError({
    code: 'unknown_dataset',
    message: `${title} has no dataset "${name}"`,
    hint:
      near === undefined
        ? `It has: ${names.join(', ')}.`
        : `Did you mean "${specOf({ job, name: near })}"?`,
  });
}

function walk(
  from: FoundDataset,
  { step, count }: { step: '~' | '^'; count: number },
  place: SpecPlace,
  neighbour: Neighbour,
): FoundDataset {
  let at = from;
  for (let done = 0; done < count; done++) {
    const next = neighbour(at, step);
    if (next === null) {
      const stopped = done === 0 ? '' : ` (stopped on ${specOf(at)})`;
      const way = step === '~' ? 'back along "previous"' : 'up along "parent"';
      throw new UsageError({
        code: 'too_far',
        message: `Tried to go ${count} ${way} from ${specOf(from)}, but only ${plural(done, 'dataset')} available${stopped}`,
      });
    }
    at = { job: findSpec(next.job, place).job, name: next.name };
  }
  return at;
}

function specOf({ job, name }: FoundDataset): string {
  return datasetSpec({ job: job.id, name });
}
