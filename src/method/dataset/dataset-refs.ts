// From what authors call a dataset to where it lies and what its manifest holds, as far as they may see it.

import type { DatasetManifest } from '../../data/manifest/dataset-manifest.ts';
import { readManifest } from '../../data/manifest/dataset-manifest.ts';
import { describeValue } from '../../data/write/value-error.ts';
import { UsageError } from '../../model/errors.ts';
import { parseJobId } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { DatasetHost } from './dataset-host.ts';
import { Dataset } from './dataset.ts';

/** A dataset whose columns another one is to have. */
export interface SourceDataset {
  readonly ref: DatasetRef;
  /** With those columns only that the author may see: the others are not in the key of the job. */
  readonly manifest: DatasetManifest;
  /** Names of the columns that were left out. */
  readonly hidden: readonly string[];
}

/** Reads a spec such as `dev-42/NAME`, or `dev-42` for the dataset named `default`. */
export function parseDatasetSpec(spec: string): DatasetRef {
  const slash = spec.indexOf('/');
  const job = parseJobId(slash < 0 ? spec : spec.slice(0, slash));
  if (job !== undefined) return { job, name: slash < 0 ? 'default' : spec.slice(slash + 1) };
  throw new UsageError({
    code: 'invalid_dataset_spec',
    message: `Expected a dataset, or its spec such as "dev-42/NAME", got ${JSON.stringify(spec)}`,
    token: spec,
  });
}

/** Opens a dataset whose columns are wanted; throws `UsageError` when there is none. */
export function sourceDataset(dataset: Dataset | string, host: DatasetHost): SourceDataset {
  const handle =
    typeof dataset === 'string' ? new Dataset(parseDatasetSpec(dataset), host) : dataset;
  if (!(handle instanceof Dataset)) throw noSource(handle);
  const { ref, declaredColumns } = handle;
  const manifest = readManifest(ref, host.jobPath(ref.job));
  if (declaredColumns === undefined) return { ref, manifest, hidden: [] };
  const isSeen = (name: string): boolean => declaredColumns.includes(name);
  const { hashlabel } = manifest;
  return {
    ref,
    manifest: {
      ...manifest,
      columns: manifest.columns.filter(({ name }) => isSeen(name)),
      hashlabel: hashlabel !== null && isSeen(hashlabel) ? hashlabel : null,
    },
    hidden: manifest.columns.map(({ name }) => name).filter((name) => !isSeen(name)),
  };
}

/** A writer has a dataset only when it is finished. */
function noSource(given: unknown): UsageError {
  const isWriter = typeof given === 'object' && given !== null && 'finish' in given;
  return new UsageError({
    code: 'unfinished_source',
    message: `Expected a dataset to take columns from, got ${isWriter ? 'a writer' : describeValue(given)}`,
    hint: 'The `finish()` of a writer gives its dataset.',
  });
}
