// Walks from a job to its predecessors: the jobs that were given as the job input `previous`.

import { UsageError } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import { checkKnownOptions } from '../inputs/known-options.ts';

/** What of a job the walk needs. */
export interface ChainLink<Self> {
  readonly id: JobId;
  /** Returns the job given as job input `name`; `undefined` where there is none. */
  readonly inputJob: (name: string) => Self | undefined;
}

/** A job at which to stop: the job, its id, or `{ 'dev-7': 'source' }` for the job that dev-7 got as input `source`. */
export type StopJob = { readonly id: string } | string | Readonly<Record<string, string>>;

/** How far a chain reaches and in which order it is returned. */
export interface JobChainOptions {
  /** At most this many jobs, counted from the newest; all if not set. */
  readonly length?: number;
  /** Newest first; otherwise oldest first. */
  readonly reverse?: boolean;
  /**
   * Stops before this job, or one with the same content and history, which is not returned. The chain must hold it, unless
   * it is named as what another job got.
   */
  readonly stopJob?: StopJob | undefined;
}

/** What a walk has to know of jobs by their ids. */
export interface ChainJobs<Self> {
  /** Makes the job of an id, for a `stopJob` that names an input. */
  readonly find: (id: string) => Self;
  /** The same for jobs with the same content and history: ids are in no key. */
  readonly contentOf: (id: string) => string;
}

/** Returns the chain that ends in `newest`. */
export function jobChain<Self extends ChainLink<Self>>(
  newest: Self,
  options: JobChainOptions,
  { find, contentOf }: ChainJobs<Self>,
): readonly Self[] {
  checkKnownOptions(options, { subject: '`chain`', known: ['length', 'reverse', 'stopJob'] });
  const { stopJob } = options;
  const stop = stopId(stopJob, find);
  const end = stop === undefined ? undefined : contentOf(stop);
  const isEnd = ({ id }: Self): boolean => end !== undefined && contentOf(id) === end;
  const length = checkedLength(options.length);
  const chain: Self[] = [];
  const seen = new Set<string>();
  let link: Self | undefined = newest;
  while (link !== undefined && chain.length < length && !isEnd(link) && !seen.has(link.id)) {
    seen.add(link.id);
    chain.push(link);
    link = link.inputJob('previous');
  }
  // What a job was given may be of another chain: then all of this one is new.
  const isInput = typeof stopJob === 'object' && !isLink(stopJob);
  if (link === undefined && stop !== undefined && !isInput)
    throw chainWithout(stop, newest.id, chain.at(-1)?.id ?? newest.id);
  return options.reverse === true ? chain : chain.toReversed();
}

function chainWithout(stop: string, newest: JobId, oldest: JobId): UsageError {
  return new UsageError({
    code: 'not_in_chain',
    message: `Expected \`stopJob\` to be a job of the chain of ${newest}, got ${stop}, which is none of it`,
    hint: `The chain begins with ${oldest}; all of it comes without \`stopJob\`.`,
    token: stop,
  });
}

function checkedLength(length: number | undefined): number {
  if (length === undefined || length === -1) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(length) && length >= 0) return length;
  throw new UsageError({
    code: 'invalid_chain',
    message: `Expected \`length\` of a chain to be a non-negative integer, got ${String(length)}`,
  });
}

function stopId<Self extends ChainLink<Self>>(
  stop: StopJob | undefined,
  find: (id: string) => Self,
): string | undefined {
  if (stop === undefined || typeof stop === 'string') return stop;
  if (isLink(stop)) return stop.id;
  const [[id, input] = [], ...more] = Object.entries(stop);
  if (id !== undefined && input !== undefined && more.length === 0)
    return find(id).inputJob(input)?.id;
  throw new UsageError({
    code: 'invalid_chain',
    message: `Expected \`stopJob\` to be a job, an id or one pair of job id and input name, got ${JSON.stringify(stop)}`,
  });
}

function isLink(stop: Exclude<StopJob, string>): stop is { readonly id: string } {
  return 'inputJob' in stop;
}
