// What makes two datasets equal: the columns with their types and values, their order, how rows lie in slices,
// and the chain behind. Job ids, times, captions and file layout do not count.

import type { ColumnType } from '../../model/column-type.ts';
import { columnTypeText } from '../../model/column-type.ts';
import type { Digest } from '../../model/ids.ts';
import { digest } from '../../model/ids.ts';
import { sha256 } from '../../util/sha256.ts';
import type { DatasetManifest } from './dataset-manifest.ts';

/** A column as it counts in digests. */
export interface DigestColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Digest of the values in each slice. */
  readonly slices: readonly { readonly digest: Digest }[];
}

/**
 * Digests a column with the same column of the chain behind it. Where `previous` lacks it, all of `previous` counts:
 * the column may come up again further back, and a reader of the chain would see it.
 */
export function columnDigest(column: DigestColumn, previous: DatasetManifest | null): Digest {
  const before = previous?.columns.find((candidate) => candidate.name === column.name);
  return hash([
    'column',
    columnTypeText(column),
    column.slices.map((slice) => slice.digest),
    before?.digest ?? null,
    before === undefined && previous !== null ? previous.digest : null,
  ]);
}

/** Digests a dataset with the chain behind it. */
export function datasetDigest(facts: {
  readonly columns: readonly DigestColumn[];
  readonly lines: readonly number[];
  readonly hashlabel: string | null;
  readonly previous: DatasetManifest | null;
}): Digest {
  return hash([
    'dataset',
    facts.columns.map((column) => [
      column.name,
      columnTypeText(column),
      column.slices.map((slice) => slice.digest),
    ]),
    facts.lines,
    facts.hashlabel,
    facts.previous?.digest ?? null,
  ]);
}

function hash(facts: readonly unknown[]): Digest {
  return digest(sha256(JSON.stringify(facts)));
}
