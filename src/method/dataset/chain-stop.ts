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

/** Makes the test for the dataset before which a chain ends; `idOf` tells what a dataset contains, in columns that `end` shows. */
export function chainEnd(
  stop: ChainStop,
  idOf: (dataset: Dataset, end: Dataset) => string,
): (dataset: Pick<Dataset, 'toString'>) => boolean {
  if (typeof stop === 'string') return (dataset) => dataset.toString() === stop;
  const end = stop !== null && stop !== undefined && 'of' in stop ? inputDataset(stop) : stop;
  if (end === null || end === undefined) return () => false;
  const id = idOf(end, end);
  return (dataset) => id !== '' && idOf(dataset as Dataset, end) === id;
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
