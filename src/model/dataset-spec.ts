// What a dataset is called, in messages and on the command line: the same everywhere.

import type { DatasetRef } from './manifest.ts';

/** The spec of a dataset: `dev-42/NAME`, or `dev-42` for the one that is named `default`. */
export function datasetSpec({ job, name }: DatasetRef): string {
  return name === 'default' ? job : `${job}/${name}`;
}
