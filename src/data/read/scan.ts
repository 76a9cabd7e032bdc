// Goes through record batches of datasets, one after another: which slices are read is planned first, then each
// batch is read when it is asked for. Values stay in their Arrow form here.

import { join } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import { ColumnMemory, SliceReader } from '../format/slice-reader.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { sliceFileName } from '../manifest/dataset-files.ts';
import type { DatasetManifest, ManifestColumn } from '../manifest/dataset-manifest.ts';
import { manifestColumn } from '../manifest/dataset-manifest.ts';

/** A dataset to read. */
export interface ScanDataset {
  /** As `dev-42/NAME`. */
  readonly spec: string;
  readonly manifest: DatasetManifest;
}

/** Where an iteration is, for the message of an error that leaves it. */
export interface ReadPosition {
  /** As `dev-42/NAME`. */
  readonly dataset: string;
  readonly sliceno: number;
  /** Row within the slice, from 0: the last one that was handed out. */
  readonly row: number;
}

/** What is read, and who is told. */
export interface ScanRequest {
  readonly datasets: readonly ScanDataset[];
  /** `null` for all slices in order. */
  readonly sliceno: number | null;
  readonly columns: readonly string[];
  /** Absolute path of the directory of a job. */
  readonly pathOfJob: (job: JobId) => string;
  /** Called with the number of rows of each batch that is read. */
  readonly onRows?: ((count: number) => void) | undefined;
  /** Called when a loop over rows is left before its end. */
  readonly onLeave?: ((position: ReadPosition) => void) | undefined;
}

/** One slice of one dataset that has rows. */
export interface ScanSegment extends ScanDataset {
  readonly sliceno: number;
}

/** Lists the slices that will be read, in order. Throws `UsageError` for a slice that does not exist. */
export function planScan(
  datasets: readonly ScanDataset[],
  sliceno: number | null,
): readonly ScanSegment[] {
  return datasets.flatMap(({ spec, manifest }) => {
    const { lines } = manifest;
    if (sliceno !== null) checkSlice(sliceno, lines.length, spec);
    const slices = sliceno === null ? [...lines.keys()] : [sliceno];
    return slices
      .filter((slice) => (lines[slice] ?? 0) > 0)
      .map((slice) => ({ spec, manifest, sliceno: slice }));
  });
}

/** Reads the batches of a plan. */
export class BatchSource {
  /** The columns of the present dataset, in the order asked for. */
  columns: readonly ManifestColumn[] = [];
  /** The present batch. */
  chunks: readonly ColumnChunk[] = [];
  rows = 0;
  /** Rows of the present slice that are in earlier batches. */
  rowsBefore = 0;
  readonly #request: ScanRequest;
  readonly #segments: readonly ScanSegment[];
  readonly #memories: readonly ColumnMemory[];
  #nextSegment = 0;
  #nextBatch = 0;
  #batches: readonly number[] = [];
  #reader: SliceReader | undefined;

  constructor(request: ScanRequest, segments: readonly ScanSegment[]) {
    this.#request = request;
    this.#segments = segments;
    this.#memories = request.columns.map(() => new ColumnMemory());
  }

  /** The slice that the present batch belongs to. */
  get segment(): ScanSegment | undefined {
    return this.#segments[this.#nextSegment - 1];
  }

  /** Reads the next batch over the present one; false at the end. */
  next(): boolean {
    this.rowsBefore += this.rows;
    this.rows = 0;
    if (this.#nextBatch === this.#batches.length && !this.#openSegment()) return false;
    const index = this.#nextBatch++;
    this.chunks = this.#reader?.readBatch(index, this.#memories) ?? [];
    this.rows = this.#batches[index] ?? 0;
    this.#request.onRows?.(this.rows);
    return true;
  }

  #openSegment(): boolean {
    const segment = this.#segments[this.#nextSegment];
    if (segment === undefined) return false;
    const { manifest, sliceno, spec } = segment;
    const columns = this.#request.columns.map((name) => manifestColumn(manifest, name, spec));
    const files = manifest.files[columns[0]?.file ?? 0];
    const slice = files?.slices[sliceno];
    if (files === undefined || slice === undefined) {
      throw new Error(`Internal error: the manifest of ${spec} names no file for slice ${sliceno}`);
    }
    const path = join(this.#request.pathOfJob(files.job), sliceFileName(files.stem, sliceno));
    this.#reader = new SliceReader(
      { path, ...slice },
      columns.map((column) => column.fileColumn),
    );
    this.columns = columns;
    this.#batches = slice.batches;
    this.#nextBatch = 0;
    this.#nextSegment++;
    this.rowsBefore = 0;
    return true;
  }
}

function checkSlice(sliceno: number, slices: number, spec: string): void {
  if (Number.isInteger(sliceno) && sliceno >= 0 && sliceno < slices) return;
  throw new UsageError({
    code: 'unknown_slice',
    message: `Expected a slice of ${spec} from 0 to ${slices - 1}, or null for all, got ${sliceno}`,
  });
}
