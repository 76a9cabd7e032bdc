// Plans what an iteration reads before it reads anything: which slices of which datasets, cut into pieces.
// A pure value of manifests. A piece is a run of rows that lies within one record batch of every file involved:
// columns may lie in files of several jobs, whose batches end at different rows.

import { UsageError } from '../../model/errors.ts';
import type {
  DatasetManifest,
  ManifestColumn,
  ManifestFile,
} from '../manifest/dataset-manifest.ts';
import { manifestColumn } from '../manifest/dataset-manifest.ts';

/** A dataset to read. */
export interface ScanDataset {
  /** As `dev-42/NAME`. */
  readonly spec: string;
  readonly manifest: DatasetManifest;
}

/** Some consecutive rows of a slice. */
export interface ScanPiece {
  /** First row, counted within the slice. */
  readonly start: number;
  readonly rows: number;
}

/** One slice of one dataset that has rows. */
export interface ScanSegment extends ScanDataset {
  readonly sliceno: number;
  /** In row order. */
  readonly pieces: readonly ScanPiece[];
}

/** What a plan is made from. */
export interface PlanRequest {
  readonly datasets: readonly ScanDataset[];
  /** `null` for all slices in order. */
  readonly sliceno: number | null;
  readonly columns: readonly string[];
}

/** Lists the slices that will be read, in order. Throws `UsageError` for a slice that does not exist. */
export function planScan({ datasets, sliceno, columns }: PlanRequest): readonly ScanSegment[] {
  return datasets.flatMap(({ spec, manifest }) => {
    const { lines } = manifest;
    if (sliceno !== null) checkSlice(sliceno, lines.length, spec);
    const slices = sliceno === null ? [...lines.keys()] : [sliceno];
    return slices
      .filter((slice) => (lines[slice] ?? 0) > 0)
      .map((slice) => ({
        spec,
        manifest,
        sliceno: slice,
        pieces: cutPieces(manifest, slice, columns),
      }));
  });
}

/** Finds the columns of a segment; throws `UsageError` when one is missing, which is not said before it is reached. */
export function segmentColumns(
  { manifest, spec }: ScanDataset,
  names: readonly string[],
): readonly ManifestColumn[] {
  return names.map((name) => manifestColumn(manifest, name, spec));
}

/** The files that hold some columns, each once. */
export function filesOf(
  manifest: DatasetManifest,
  columns: readonly ManifestColumn[],
): readonly ManifestFile[] {
  const numbers = new Set(columns.map(({ file }) => file));
  return [...numbers].flatMap((number) => manifest.files[number] ?? []);
}

/** Cuts a slice wherever a record batch of any of the files ends. */
function cutPieces(
  manifest: DatasetManifest,
  sliceno: number,
  names: readonly string[],
): readonly ScanPiece[] {
  const columns = manifest.columns.filter(({ name }) => names.includes(name));
  const ends = filesOf(manifest, columns).map((file) =>
    batchEnds(file.slices[sliceno]?.batches ?? []),
  );
  const [first = [manifest.lines[sliceno] ?? 0], ...others] = ends;
  const cuts = others.length === 0 ? first : [...new Set(ends.flat())].toSorted((a, b) => a - b);
  return cuts.map((end, i) => ({ start: cuts[i - 1] ?? 0, rows: end - (cuts[i - 1] ?? 0) }));
}

/** Rows up to the end of each batch. */
export function batchEnds(batches: readonly number[]): readonly number[] {
  let end = 0;
  return batches.map((rows) => (end += rows));
}

function checkSlice(sliceno: number, slices: number, spec: string): void {
  if (Number.isInteger(sliceno) && sliceno >= 0 && sliceno < slices) return;
  throw new UsageError({
    code: 'unknown_slice',
    message: `Expected a slice of ${spec} from 0 to ${slices - 1}, or null for all, got ${sliceno}`,
  });
}
