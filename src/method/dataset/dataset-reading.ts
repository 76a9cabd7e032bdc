// Reading rows of one or several datasets through their handles: which columns are meant, and which may be read.

import type { Dynamic, ReadOptions } from '../../data/column-values.ts';
import type { DatasetManifest, ManifestColumn } from '../../data/manifest/dataset-manifest.ts';
import { manifestColumn } from '../../data/manifest/dataset-manifest.ts';
import { BatchIterator } from '../../data/read/batch-iterator.ts';
import type { RawBatch } from '../../data/read/batch-iterator.ts';
import { iterateRows } from '../../data/read/row-iterators.ts';
import { RowSource } from '../../data/read/row-source.ts';
import type { ScanRequest } from '../../data/read/scan.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetHost } from './dataset-host.ts';

/** A dataset as its handle knows it. */
export interface ReadableDataset {
  /** As `dev-42/NAME`. */
  readonly spec: string;
  readonly manifest: DatasetManifest;
  readonly host: DatasetHost;
  /** The only columns that may be read; `undefined` when all may. */
  readonly declaredColumns: readonly string[] | undefined;
}

/** What to read: one column, a list, or all (`null`), of one slice or all (`null`). */
export interface Selection {
  readonly sliceno: number | null;
  readonly columns: string | readonly string[] | null;
}

/** Iterates over rows: bare values, tuples or objects. */
export function readRows(
  datasets: readonly ReadableDataset[],
  selection: Selection,
  options: ReadOptions,
): IterableIterator<Dynamic> {
  const { columns } = selection;
  const names = columnNames(datasets, columns);
  const source = new RowSource(scanRequest(datasets, selection, names), options);
  return iterateRows(source, columns, names);
}

/** Iterates over record batches. */
export function readBatches(
  datasets: readonly ReadableDataset[],
  selection: Selection,
): IterableIterator<RawBatch> {
  const names = columnNames(datasets, selection.columns);
  return new BatchIterator(scanRequest(datasets, selection, names));
}

/**
 * Columns of a dataset that may be read, in the order of their declaration: that of the input where it declares any,
 * because the key holds no order of columns then.
 */
export function visibleColumns({
  manifest,
  declaredColumns,
}: ReadableDataset): readonly ManifestColumn[] {
  if (declaredColumns === undefined) return manifest.columns;
  return declaredColumns.flatMap(
    (declared) => manifest.columns.find(({ name }) => name === declared) ?? [],
  );
}

/** Finds a column that may be read; throws `UsageError` when there is none of that name, or it was not declared. */
export function visibleColumn(dataset: ReadableDataset, name: string): ManifestColumn {
  const { declaredColumns, manifest, spec } = dataset;
  if (declaredColumns === undefined || declaredColumns.includes(name)) {
    return manifestColumn(manifest, name, spec);
  }
  throw new UsageError({
    code: 'undeclared_column',
    message: `Column ${JSON.stringify(name)} of ${spec} is not among the columns that the method declares for this input`,
    hint: `Add it to \`dataset({ columns: { … } })\`; declared are ${declaredColumns.map((column) => JSON.stringify(column)).join(', ')}.`,
    token: name,
  });
}

/** Equal for datasets that look the same through such a handle, history included: a job built again does not matter. */
export function contentId(
  manifest: DatasetManifest,
  declaredColumns: readonly string[] | undefined,
): string {
  const digestOf = (name: string): string =>
    manifest.columns.find((column) => column.name === name)?.digest ?? manifest.digest;
  return (declaredColumns?.map(digestOf) ?? [manifest.digest]).join(' ');
}

/** Lists the columns meant; they must be in the first dataset. `null` means all of the first dataset. */
function columnNames(
  datasets: readonly ReadableDataset[],
  columns: string | readonly string[] | null,
): readonly string[] {
  const [first] = datasets;
  if (first === undefined) return typeof columns === 'string' ? [columns] : (columns ?? []);
  if (columns === null) return visibleColumns(first).map(({ name }) => name);
  const names = typeof columns === 'string' ? [columns] : columns;
  for (const name of names) visibleColumn(first, name);
  return names;
}

function scanRequest(
  datasets: readonly ReadableDataset[],
  { sliceno }: Selection,
  columns: readonly string[],
): ScanRequest {
  const host = datasets[0]?.host;
  return {
    datasets,
    sliceno,
    columns,
    pathOfJob: (job) => {
      if (host === undefined) throw new Error('Internal error: nothing to read from');
      return host.jobPath(job);
    },
    onRows: host?.onRows,
    onLeave: host?.onLeave,
  };
}
