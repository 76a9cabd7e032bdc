// Which columns of a dataset a stage may read where it comes to it from a dataset of its own job, by `previous` or
// `parent`: those that its inputs declare, because only these are in the key.

import { walkChain } from '../../data/manifest/chain-links.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';

/** An input dataset of the running job. */
export interface InputDataset {
  readonly ref: DatasetRef;
  /** `undefined` where all of it is in the key. */
  readonly columns: readonly string[] | undefined;
}

/** Returns the columns that count of a dataset; `undefined` when all do, or it belongs to no chain of an input. */
export type KeyedColumns = (ref: DatasetRef) => readonly string[] | undefined;

/** Looks datasets up in the chains of some inputs. The chains are walked when the first one is asked for. */
export function keyedColumns(
  inputs: readonly InputDataset[],
  jobPath: (job: JobId) => string,
): KeyedColumns {
  // Where nothing is declared, everything is in the key.
  if (inputs.every(({ columns }) => columns === undefined)) return () => undefined;
  let chains: ReadonlyMap<string, readonly string[] | undefined> | undefined;
  return ({ job, name }) => (chains ??= columnsInChains(inputs, jobPath)).get(`${job}/${name}`);
}

function columnsInChains(
  inputs: readonly InputDataset[],
  jobPath: (job: JobId) => string,
): ReadonlyMap<string, readonly string[] | undefined> {
  const found = new Map<string, readonly string[] | undefined>();
  for (const { ref, columns } of inputs) {
    for (const step of walkChain(ref, jobPath)) {
      const spec = `${step.ref.job}/${step.ref.name}`;
      const before = found.get(spec);
      const all = columns === undefined || (found.has(spec) && before === undefined);
      found.set(spec, all ? undefined : [...new Set([...(before ?? []), ...columns])]);
    }
  }
  return found;
}
