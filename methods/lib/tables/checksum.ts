// The checksum of a dataset: over the values of its rows, under the names and types of their columns.

import { createHash } from 'node:crypto';

import type { Dataset } from 'acc-engine';

import { tableBatches } from './column-view.ts';
import type { TableColumn } from './column-view.ts';
import { addWords, rowHashes, RowSum, typedViews, wordsText } from './row-digest.ts';
import type { Words } from './row-digest.ts';
import { columnNamed, columnsOf } from './table-sources.ts';

/** What a slice adds to the checksum: a sum where order does not count, else a digest. */
export type SliceChecksum =
  | { readonly kind: 'sum'; readonly rows: number; readonly words: Words }
  | { readonly kind: 'digest'; readonly rows: number; readonly digest: string };

/** Which columns count, by name, and whether the order of rows does not. */
export interface ChecksumOptions {
  readonly columns?: readonly string[] | undefined;
  readonly sort: boolean;
}

/** Goes through a slice. */
export function sliceChecksum(
  dataset: Dataset,
  sliceno: number,
  options: ChecksumOptions,
): SliceChecksum {
  const columns = checkedColumns(dataset, options.columns);
  const types = columns.map(({ type }) => type);
  const sum = new RowSum();
  const hash = createHash('sha256');
  let rows = 0;
  const names = columns.map(({ name }) => name);
  for (const { views, length } of tableBatches(dataset, sliceno, names)) {
    const typed = typedViews(types, views);
    if (options.sort) sum.add(typed, length);
    else hash.update(rowHashes(typed, length));
    rows += length;
  }
  return options.sort
    ? { kind: 'sum', rows, words: sum.words }
    : { kind: 'digest', rows, digest: hash.digest('hex') };
}

/** Puts the slices of a dataset together: 64 hexadecimal digits. */
export function datasetChecksum(
  dataset: Dataset,
  parts: readonly SliceChecksum[],
  options: ChecksumOptions,
): string {
  const columns = checkedColumns(dataset, options.columns).map(({ name, type }) => [name, type]);
  let words: Words = [0, 0, 0, 0];
  let rows = 0;
  const digests: string[] = [];
  for (const part of parts) {
    rows += part.rows;
    if (part.kind === 'sum') words = addWords(words, part.words);
    else if (part.rows > 0) digests.push(part.digest);
  }
  const values = options.sort ? [wordsText(words), rows] : [...digests, rows];
  return createHash('sha256')
    .update(JSON.stringify([columns, values]))
    .digest('hex');
}

/** In the order of their names, because the order of columns does not count. */
function checkedColumns(
  dataset: Dataset,
  names: readonly string[] | undefined,
): readonly TableColumn[] {
  const all = columnsOf(dataset);
  const chosen =
    names === undefined
      ? all
      : [...new Set(names)].map((name) => columnNamed(all, name, 'columns', String(dataset)));
  return chosen.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
