// Reading rows of one or several datasets through their handles: which columns are meant, and which may be read.

import type { Dynamic } from '../../data/column-values.ts';
import type { DatasetManifest, ManifestColumn } from '../../data/manifest/dataset-manifest.ts';
import { manifestColumn } from '../../data/manifest/dataset-manifest.ts';
import { iterateBatches } from '../../data/read/batch-iterator.ts';
import type { RawBatch } from '../../data/read/batch-iterator.ts';
import { isMapped, MappedRows } from '../../data/read/mapped-rows.ts';
import { iterateRows, rowShape } from '../../data/read/row-iterators.ts';
import { RowRuns } from '../../data/read/row-runs.ts';
import { planScan, segmentColumns } from '../../data/read/scan-plan.ts';
import type { ScanPlan } from '../../data/read/scan-plan.ts';
import type { ScanRequest } from '../../data/read/scan.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetHost } from './dataset-host.ts';
import type { SliceChoice } from './iterate-options.ts';
import {
  checkBatchOptions,
  checkOptions,
  iterationCallbacks,
  rangeRequest,
  rowMapping,
} from './iteration.ts';
import type { UntypedOptions } from './iteration.ts';

/** A dataset as its handle knows it. */
export interface ReadableDataset {
  /** As `dev-42/NAME`. */
  readonly spec: string;
  /** Read when it is first asked for. */
  readonly manifest: DatasetManifest;
  /** Rows per slice; known of the datasets of a chain without their manifests. */
  readonly lines: readonly number[];
  readonly host: DatasetHost;
  /** The only columns that may be read; `undefined` when all may. */
  readonly declaredColumns: readonly string[] | undefined;
}

/** What to read: one column, a list, or all (`null`), of one slice, of all (`null`), or of all in turn. */
export interface Selection {
  readonly sliceno: SliceChoice;
  readonly columns: string | readonly string[] | null;
  readonly options: UntypedOptions;
  /** The handles of the datasets, for callbacks. */
  readonly handles: readonly object[];
}

/** Iterates over rows: bare values, tuples or objects. */
export function readRows(
  datasets: readonly ReadableDataset[],
  selection: Selection,
): IterableIterator<Dynamic> {
  const { columns, options } = selection;
  checkOptions(options, 'iterate');
  const names = columnNames(datasets, columns);
  const mapping = rowMapping(options, names);
  const isFiltered = mapping.filters.length > 0 || mapping.acceptsRow !== undefined;
  const request = { ...scanRequest(datasets, selection, names), isFiltered };
  const plan = checkedPlan(request);
  const source = new RowRuns(request, plan, options);
  const mapped = { ...mapping, slice: plan.rest };
  if (!isMapped(mapped)) return iterateRows(source, columns, names);
  return new MappedRows(source, mapped, rowShape(columns, names));
}

/** Iterates over record batches. */
export function readBatches(
  datasets: readonly ReadableDataset[],
  selection: Selection,
): IterableIterator<RawBatch> {
  checkBatchOptions(selection.options);
  const names = columnNames(datasets, selection.columns);
  const request = scanRequest(datasets, selection, names);
  const { takes } = selection.options;
  return iterateBatches({ ...request, takes }, checkedPlan(request));
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
  checkDeclared(dataset, name);
  return manifestColumn(dataset.manifest, name, dataset.spec);
}

function checkDeclared({ declaredColumns, spec }: ReadableDataset, name: string): void {
  if (declaredColumns === undefined || declaredColumns.includes(name)) return;
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

/** Lists the columns meant. `null` means all of the first dataset. */
function columnNames(
  datasets: readonly ReadableDataset[],
  columns: string | readonly string[] | null,
): readonly string[] {
  if (typeof columns === 'string') return [columns];
  const [first] = datasets;
  if (columns !== null && !Array.isArray(columns)) throw noColumns(columns, first?.spec);
  if (columns === null)
    return first === undefined ? [] : visibleColumns(first).map(({ name }) => name);
  return columns;
}

/** From scripts that no compiler has seen: options where columns go. */
function noColumns(got: unknown, spec: string | undefined): UsageError {
  return new UsageError({
    code: 'invalid_iteration',
    message: `Expected a column of ${spec ?? 'a list of datasets'}, a list of them, or null for all, got ${typeof got === 'object' ? 'an object' : typeof got}`,
    hint: 'Options come third: `iterate(sliceno, columns, { range: … })`.',
  });
}

/**
 * Plans, and says at once when the dataset that comes first lacks a column: others are only asked for their columns
 * when they are reached, as a callback may skip them.
 */
function checkedPlan(request: ScanRequest): ScanPlan {
  const plan = planScan(request);
  const isChosen = request.range !== undefined || request.slice !== undefined;
  const first = plan.segments[0] ?? (isChosen ? undefined : request.datasets[0]);
  if (first !== undefined && request.callbacks === undefined)
    segmentColumns(first, request.columns);
  return plan;
}

function scanRequest(
  datasets: readonly ReadableDataset[],
  { sliceno, options, handles }: Selection,
  columns: readonly string[],
): ScanRequest {
  const host = datasets[0]?.host;
  const range = rangeRequest(options);
  const { hashlabel, rehash = false, sloppyRange = false, slice } = options;
  // Whether rows are placed by a column is in the key only where that column is declared.
  const named = [columns, range?.column ?? [], hashlabel ?? []].flat();
  for (const dataset of datasets) {
    for (const name of dataset.declaredColumns === undefined ? [] : named)
      checkDeclared(dataset, name);
  }
  const callbacks = iterationCallbacks(options, handles);
  const reporting = options.statusReporting === false ? {} : { ...reportingTo(host) };
  return {
    datasets,
    sliceno,
    columns,
    range,
    sloppyRange,
    hashlabel,
    rehash,
    slice,
    callbacks,
    keepEmpty: callbacks !== undefined,
    pathOfJob: (job) => {
      if (host === undefined) throw new Error('Internal error: nothing to read from');
      return host.jobPath(job);
    },
    ...reporting,
  };
}

function reportingTo(
  host: DatasetHost | undefined,
): Pick<ScanRequest, 'onRows' | 'onPlan' | 'onLeave'> {
  return { onRows: host?.onRows, onPlan: host?.onPlan, onLeave: host?.onLeave };
}
