// Plans what an iteration reads before it reads anything: which slices of which datasets, cut into pieces, and which
// of these have to be looked at row by row. A pure value of manifests.
// A piece is a run of rows that lies within one record batch of every file involved: columns may lie in files of
// several jobs, whose batches end at different rows.

import { UsageError } from '../../model/errors.ts';
import type { DatasetManifest, ManifestColumn } from '../manifest/dataset-manifest.ts';
import { manifestColumn } from '../manifest/dataset-manifest.ts';
import { quote } from '../write/value-error.ts';
import type { RangeLimits, RangeRequest } from './range-check.ts';
import { overlap, rangeLimits } from './range-check.ts';
import type { RowSlice, SliceRequest, SteppedRows } from './row-slice.ts';
import { cutRows, resolveSlice, takenInTurn } from './row-slice.ts';

/** A dataset to read. */
export interface ScanDataset {
  /** As `dev-42/NAME`. */
  readonly spec: string;
  readonly manifest: DatasetManifest;
}

/** Some consecutive rows of a slice. */
export interface ScanPiece extends SteppedRows {
  /** Whether rows may be outside the range, so that each has to be looked at. */
  readonly check: boolean;
}

/** One slice of one dataset. */
export interface ScanSegment extends ScanDataset {
  /** Number of the dataset in the request. */
  readonly dataset: number;
  readonly sliceno: number;
  /** Only rows whose hash belongs to this slice are wanted; `null` for all. */
  readonly rehash: { readonly column: string; readonly sliceno: number } | null;
  /** Limits of the range in this dataset; `null` when no row has to be looked at. */
  readonly limits: RangeLimits | null;
  /** In row order. */
  readonly pieces: readonly ScanPiece[];
}

/** What a plan is made from. */
export interface PlanRequest {
  readonly datasets: readonly ScanDataset[];
  /** `null` for all slices in order, `roundrobin` for a row of each in turn. */
  readonly sliceno: number | null | 'roundrobin';
  readonly columns: readonly string[];
  readonly range?: RangeRequest | undefined;
  /** Leaves out datasets outside the range, and nothing else. */
  readonly sloppyRange?: boolean;
  /** Datasets must be hashed on this column. */
  readonly hashlabel?: string | undefined;
  /** Datasets that are not are read in all slices for the rows that belong to this one. */
  readonly rehash?: boolean;
  readonly slice?: SliceRequest | undefined;
  /** Somebody drops rows later, so that rows cannot be found by their position. */
  readonly isFiltered?: boolean;
  /** Keeps slices without rows, for callbacks. */
  readonly keepEmpty?: boolean;
}

/** What is read. */
export interface ScanPlan {
  /** In the order of reading; with `roundrobin` all of a dataset are read side by side. */
  readonly segments: readonly ScanSegment[];
  /** Positions wanted among the rows that come out; `null` for all. */
  readonly rest: RowSlice | null;
}

/** Makes the plan. Throws `UsageError` for what cannot be read that way. */
export function planScan(request: PlanRequest): ScanPlan {
  const segments: ScanSegment[] = [];
  for (const [number, dataset] of request.datasets.entries()) {
    segments.push(...segmentsOf(request, dataset, number));
  }
  if (request.slice === undefined) return { segments, rest: null };
  if (request.rehash === true) {
    throw invalid('`slice` cannot be combined with `rehash`: the order of rows is not fixed then');
  }
  const isOpen =
    request.isFiltered === true || (request.range !== undefined && request.sloppyRange !== true);
  const total = isOpen ? rowsOfDatasets(request) : rowsOf(segments);
  const slice = resolveSlice(request.slice, { total, isOpen });
  if (isOpen) return { segments, rest: slice };
  if (request.sliceno === 'roundrobin') {
    const rest = slice.step === 1 ? null : { start: 0, stop: Infinity, step: slice.step };
    return { segments: sliceInTurn(segments, slice), rest };
  }
  return { segments: sliceInOrder(segments, slice), rest: null };
}

/** Rows that are looked at. */
export function rowsOf(segments: readonly ScanSegment[]): number {
  let sum = 0;
  for (const { pieces } of segments) {
    for (const { rows, step } of pieces) sum += Math.ceil(rows / step);
  }
  return sum;
}

/** Finds the columns of a segment; throws `UsageError` when one is missing, which is not said before it is reached. */
export function segmentColumns(
  { manifest, spec }: ScanDataset,
  names: readonly string[],
): readonly ManifestColumn[] {
  const byName = new Map(manifest.columns.map((column) => [column.name, column]));
  return names.map((name) => byName.get(name) ?? manifestColumn(manifest, name, spec));
}

/** Rows up to the end of each batch. */
export function batchEnds(batches: readonly number[]): readonly number[] {
  let end = 0;
  return batches.map((rows) => (end += rows));
}

function segmentsOf(
  request: PlanRequest,
  { spec, manifest }: ScanDataset,
  dataset: number,
): readonly ScanSegment[] {
  const { sliceno, keepEmpty = false } = request;
  const { lines } = manifest;
  if (sliceno !== null && sliceno !== 'roundrobin') checkSlice(sliceno, lines.length, spec);
  const isHashed = request.hashlabel === undefined || manifest.hashlabel === request.hashlabel;
  const isWhole = typeof sliceno !== 'number' || (!isHashed && request.rehash === true);
  const slices = isWhole ? [...lines.keys()] : [sliceno];
  if (slices.every((slice) => (lines[slice] ?? 0) === 0)) return [];
  const range = rangeOf(request, { spec, manifest });
  if (range === 'outside') return [];
  const rehash = isHashed ? null : rehashOf(request, { spec, manifest });
  const limits = request.sloppyRange === true ? null : range;
  return slices
    .map((slice) => {
      const pieces = cutPieces(request, { manifest, limits, sliceno: slice });
      return { spec, manifest, dataset, sliceno: slice, rehash, limits, pieces };
    })
    .filter(({ pieces }) => keepEmpty || pieces.length > 0);
}

/** The limits of the range in a dataset; `null` when there are none. */
function rangeOf(
  { range }: PlanRequest,
  { spec, manifest }: ScanDataset,
): RangeLimits | 'outside' | null {
  if (range === undefined) return null;
  const column = manifestColumn(manifest, range.column, spec);
  const limits = rangeLimits(column.type, range);
  if (range.start === null && range.stop === null) return null;
  return overlap(column.type, column, limits) === 'none' ? 'outside' : limits;
}

function rehashOf(
  { hashlabel = '', rehash, sliceno }: PlanRequest,
  { spec, manifest }: ScanDataset,
): ScanSegment['rehash'] {
  if (rehash !== true) {
    const label =
      manifest.hashlabel === null ? 'not hashed' : `hashed on ${quote(manifest.hashlabel)}`;
    throw new UsageError({
      code: 'wrong_hashlabel',
      message: `Expected ${spec} to be hashed on ${quote(hashlabel)}, it is ${label}`,
      hint: 'Make a dataset of it that is, or read it with `rehash: true`.',
      token: hashlabel,
    });
  }
  manifestColumn(manifest, hashlabel, spec);
  return typeof sliceno === 'number' ? { column: hashlabel, sliceno } : null;
}

/** Cuts a slice wherever a record batch of any file ends, and drops the pieces outside the range. */
function cutPieces(
  { columns, range }: PlanRequest,
  what: {
    readonly manifest: DatasetManifest;
    readonly limits: RangeLimits | null;
    readonly sliceno: number;
  },
): readonly ScanPiece[] {
  const { manifest, limits, sliceno } = what;
  const lines = manifest.lines[sliceno] ?? 0;
  if (lines === 0) return [];
  const ranged = manifest.columns.find(({ name }) => limits !== null && name === range?.column);
  const names = new Set(columns);
  const read = manifest.columns.filter((column) => names.has(column.name));
  const ends = endsOf(manifest, sliceno, ranged === undefined ? read : [...read, ranged]);
  const [first = [lines], ...others] = ends;
  const cuts = others.length === 0 ? first : [...new Set(ends.flat())].toSorted((a, b) => a - b);
  const pieces = cuts.map((end, i) => {
    const start = cuts[i - 1] ?? 0;
    return { start, rows: end - start, step: 1, check: false };
  });
  if (ranged === undefined || limits === null) return pieces;
  return checkedPieces(pieces, { manifest, sliceno, limits, column: ranged });
}

/** Where the batches of each file of some columns end. */
function endsOf(
  manifest: DatasetManifest,
  sliceno: number,
  columns: readonly ManifestColumn[],
): readonly (readonly number[])[] {
  const files = [...new Set(columns.map(({ file }) => file))];
  return files.map((file) => batchEnds(manifest.files[file]?.slices[sliceno]?.batches ?? []));
}

function checkedPieces(
  pieces: readonly ScanPiece[],
  what: {
    readonly manifest: DatasetManifest;
    readonly sliceno: number;
    readonly limits: RangeLimits;
    readonly column: ManifestColumn;
  },
): readonly ScanPiece[] {
  const { manifest, sliceno, limits, column } = what;
  const part = column.slices[sliceno];
  const [ends = []] = endsOf(manifest, sliceno, [column]);
  let batch = 0;
  return pieces.flatMap((piece) => {
    while (piece.start >= (ends[batch] ?? Infinity)) batch++;
    const bounds = part?.batches[batch];
    const within = bounds === undefined ? 'some' : overlap(column.type, bounds, limits);
    if (within === 'none') return [];
    return [{ ...piece, check: within === 'some' || part?.nulls !== 0 }];
  });
}

function sliceInOrder(segments: readonly ScanSegment[], slice: RowSlice): readonly ScanSegment[] {
  let before = 0;
  return segments.flatMap((segment) => {
    const rows = rowsOf([segment]);
    const from = Math.max(0, slice.start - before);
    const to = Math.min(rows, slice.stop - before);
    const skipped = Math.ceil(Math.max(0, before - slice.start) / slice.step);
    const first = slice.start + skipped * slice.step - before;
    before += rows;
    if (from > to || (from === to && rows > 0)) return [];
    const pieces = cutRows(segment.pieces, { from, to, first, step: slice.step });
    return pieces.length > 0 || rows === 0 ? [{ ...segment, pieces }] : [];
  });
}

/** Steps are left to the reader: rows of all slices count in turn. */
function sliceInTurn(segments: readonly ScanSegment[], slice: RowSlice): readonly ScanSegment[] {
  let before = 0;
  return byDataset(segments).flatMap((parts) => {
    const lengths = parts.map((part) => rowsOf([part]));
    const total = lengths.reduce((sum, rows) => sum + rows, 0);
    const starts = takenInTurn(lengths, Math.min(total, Math.max(0, slice.start - before)));
    const stops = takenInTurn(lengths, Math.min(total, Math.max(0, slice.stop - before)));
    before += total;
    const cut = parts.map((part, i) => {
      const from = starts[i] ?? 0;
      const to = stops[i] ?? 0;
      return { ...part, pieces: cutRows(part.pieces, { from, to, first: from, step: 1 }) };
    });
    return cut.some(({ pieces }) => pieces.length > 0) ? cut : [];
  });
}

/** Groups segments, which lie together already. */
export function byDataset(segments: readonly ScanSegment[]): readonly (readonly ScanSegment[])[] {
  const groups = new Map<number, ScanSegment[]>();
  for (const segment of segments) {
    const group = groups.get(segment.dataset);
    if (group === undefined) groups.set(segment.dataset, [segment]);
    else group.push(segment);
  }
  return [...groups.values()];
}

function rowsOfDatasets({ datasets, sliceno }: PlanRequest): number {
  let sum = 0;
  for (const { manifest } of datasets) {
    const { lines } = manifest;
    sum += typeof sliceno === 'number' ? (lines[sliceno] ?? 0) : lines.reduce((a, b) => a + b, 0);
  }
  return sum;
}

function checkSlice(sliceno: number, slices: number, spec: string): void {
  if (Number.isInteger(sliceno) && sliceno >= 0 && sliceno < slices) return;
  throw new UsageError({
    code: 'unknown_slice',
    message: `Expected a slice of ${spec} from 0 to ${slices - 1}, or null for all, got ${sliceno}`,
  });
}

function invalid(message: string): UsageError {
  return new UsageError({ code: 'invalid_row_slice', message });
}
