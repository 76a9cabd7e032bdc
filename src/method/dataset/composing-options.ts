// How authors ask for datasets made of columns that exist: types, and the names that are checked.

import type { DatasetLike } from './dataset-writer.ts';

/** How a dataset is linked by `job.linkDataset`. */
export interface LinkOptions {
  /** Unique within the job; `default` if not given. */
  readonly name?: string;
  /**
   * New names of columns by their present ones; `null` leaves a column out. A column that gets the name of another one
   * replaces it.
   */
  readonly rename?: Readonly<Record<string, string | null>>;
  /** The columns to keep, by their new names. Left out: all. */
  readonly columns?: readonly string[] | undefined;
  /** The dataset before it in a chain. Left out: that of the linked dataset; `null`: none. */
  readonly previous?: DatasetLike | null | undefined;
  /** Left out: that of the linked dataset; `null`: none. */
  readonly filename?: string | null | undefined;
  readonly caption?: string | undefined;
}

/** Names of the options of `job.linkDataset`. */
export const LINK_OPTIONS: readonly (keyof LinkOptions)[] = [
  'name',
  'rename',
  'columns',
  'previous',
  'filename',
  'caption',
];

/** How datasets are merged by `job.mergeDatasets`. */
export interface MergeOptions {
  /** Unique within the job; `default` if not given. */
  readonly name?: string;
  readonly previous?: DatasetLike | null | undefined;
  /** The datasets need not come from the same one by `parent`. */
  readonly allowUnrelated?: boolean;
}

/** Names of the options of `job.mergeDatasets`. */
export const MERGE_OPTIONS: readonly (keyof MergeOptions)[] = [
  'name',
  'previous',
  'allowUnrelated',
];
