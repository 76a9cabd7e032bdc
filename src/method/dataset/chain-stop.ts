// Where a chain ends: at a dataset, at one that has the same content, or at what an earlier job was given.
// A stage may compare by content only, as the key holds what its inputs contain and not what they are called.

import { UsageError } from '../../model/errors.ts';
import type { Job } from '../job/job.ts';
import type { Dataset } from './dataset.ts';

/** The dataset that `of`, or the job that made it, was given as `input`. Without an `of` there is none. */
export interface InputOf {
  readonly of: Dataset | Job | null | undefined;
  readonly input: string;
}

/** The dataset before which a chain ends, as a handle, by its spec, or as the input of a job. */
export type ChainStop = Dataset | InputOf | string | null | undefined;

/** The end of a chain. */
export interface ChainEnd {
  /** Tells whether the chain ends before a dataset. */
  readonly isAt: (dataset: Pick<Dataset, 'toString'>) => boolean;
  /** A dataset that the chain must hold. What a job was given may be of another chain: then all of this one is new. */
  readonly expected: string | undefined;
}

/** Finds out where a chain ends; `idOf` tells what a dataset contains, in columns that `end` shows. */
export function chainEnd(
  stop: ChainStop,
  idOf: (dataset: Dataset, end: Dataset) => string,
): ChainEnd {
  if (typeof stop === 'string') {
    const spec = stop.replace(DEFAULT_NAMED, '$1');
    return { isAt: (one) => one.toString() === spec, expected: stop };
  }
  const isInput = stop !== null && stop !== undefined && 'of' in stop;
  const end = isInput ? inputDataset(stop) : stop;
  const id = end === null || end === undefined ? '' : idOf(end, end);
  if (end === null || end === undefined || id === '') return NEVER;
  const expected = isInput ? undefined : String(end);
  return { isAt: (dataset) => idOf(dataset as Dataset, end) === id, expected };
}

/** A dataset that is called `default` has the spec of its job, but may be written in full. */
const DEFAULT_NAMED = /^([^/]+)\/default$/u;

const NEVER: ChainEnd = { isAt: () => false, expected: undefined };

/** Makes the error for a chain from `newest` that has come to its beginning without the dataset to stop at. */
export function chainWithout(expected: string, newest: string, oldest: string): UsageError {
  return new UsageError({
    code: 'not_in_chain',
    message: `Expected \`stop\` to be a dataset of the chain of ${newest}, got ${expected}, which is none of it`,
    hint: `The chain begins with ${oldest}; all of it is read without \`stop\`.`,
    token: expected,
  });
}

/** Checks how many datasets are wanted: −1 for all. */
export function checkChainLength(length: number): void {
  if (Number.isInteger(length) && length >= -1) return;
  throw new UsageError({
    code: 'invalid_chain',
    message: `Expected \`length\` of a chain to be a non-negative integer, or −1 for all, got ${length}`,
  });
}

/** Finds the dataset that a job was given; `undefined` when it was not, or when there is no such job. */
function inputDataset({ of, input }: InputOf): Dataset | undefined {
  if (of === null || of === undefined) return undefined;
  const job = 'ref' in of ? of.job : of;
  const given = job.params.datasets[input];
  if (given === undefined) return undefined;
  if ('ref' in given) return given;
  throw new UsageError({
    code: 'invalid_chain',
    message: `Expected \`input\` of \`stop\` to name one dataset, ${job.id} was given a list as ${JSON.stringify(input)}`,
  });
}
