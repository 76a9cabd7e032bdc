// Goes through the pieces of a plan, one after another: each is read when it is asked for.
// Values stay in their Arrow form here.

import { join } from 'node:path';

import type { JobId } from '../../model/ids.ts';
import { ColumnMemory } from '../format/slice-reader.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { sliceFileName } from '../manifest/dataset-files.ts';
import type { ManifestColumn } from '../manifest/dataset-manifest.ts';
import { FileCursor } from './file-cursor.ts';
import { segmentColumns } from './scan-plan.ts';
import type { PlanRequest, ScanPiece, ScanSegment } from './scan-plan.ts';

/** Where an iteration is, for the message of an error that leaves it. */
export interface ReadPosition {
  /** As `dev-42/NAME`. */
  readonly dataset: string;
  readonly sliceno: number;
  /** Row within the slice, from 0: the last one that was handed out. */
  readonly row: number;
}

/** What is read, and who is told. */
export interface ScanRequest extends PlanRequest {
  /** Absolute path of the directory of a job. */
  readonly pathOfJob: (job: JobId) => string;
  /** Called with the number of rows of each batch that is read. */
  readonly onRows?: ((count: number) => void) | undefined;
  /** Called when a loop over rows is left before its end. */
  readonly onLeave?: ((position: ReadPosition) => void) | undefined;
}

/** Reads the pieces of a plan. */
export class BatchSource {
  /** The columns of the present dataset, in the order asked for. */
  columns: readonly ManifestColumn[] = [];
  /** What holds the present piece, one per column. */
  chunks: readonly ColumnChunk[] = [];
  /** Where the present piece begins in each chunk. */
  offsets: readonly number[] = [];
  /** Rows of the present piece. */
  rows = 0;
  /** Rows of the present slice before it. */
  rowsBefore = 0;
  readonly #request: ScanRequest;
  readonly #segments: readonly ScanSegment[];
  readonly #memories: readonly ColumnMemory[];
  #nextSegment = 0;
  #nextPiece = 0;
  #pieces: readonly ScanPiece[] = [];
  #cursors: readonly FileCursor[] = [];
  /** Which cursor, and which of its chunks, each column is. */
  #places: readonly (readonly [cursor: number, chunk: number])[] = [];

  constructor(request: ScanRequest, segments: readonly ScanSegment[]) {
    this.#request = request;
    this.#segments = segments;
    this.#memories = request.columns.map(() => new ColumnMemory());
  }

  /** The slice that the present piece belongs to. */
  get segment(): ScanSegment | undefined {
    return this.#segments[this.#nextSegment - 1];
  }

  /** Reads the next piece over the present one; false at the end. */
  next(): boolean {
    this.rows = 0;
    if (this.#nextPiece === this.#pieces.length && !this.#openSegment()) return false;
    const piece = this.#pieces[this.#nextPiece++];
    if (piece === undefined) throw new Error('Internal error: a slice with rows has no pieces');
    for (const cursor of this.#cursors) cursor.moveTo(piece.start);
    this.chunks = this.#places.map(([cursor, chunk]) => this.#chunk(cursor, chunk));
    this.offsets = this.#places.map(([cursor]) => this.#cursors[cursor]?.offset ?? 0);
    this.rowsBefore = piece.start;
    this.rows = piece.rows;
    this.#request.onRows?.(this.rows);
    return true;
  }

  #chunk(cursor: number, index: number): ColumnChunk {
    const chunk = this.#cursors[cursor]?.chunks[index];
    if (chunk === undefined) throw new Error('Internal error: a column was not read');
    return chunk;
  }

  #openSegment(): boolean {
    const segment = this.#segments[this.#nextSegment];
    if (segment === undefined) return false;
    this.columns = segmentColumns(segment, this.#request.columns);
    const numbers = [...new Set(this.columns.map(({ file }) => file))];
    this.#cursors = numbers.map((number) => this.#openFile(segment, number));
    const counts = numbers.map(() => 0);
    this.#places = this.columns.map(({ file }) => {
      const cursor = numbers.indexOf(file);
      const chunk = counts[cursor] ?? 0;
      counts[cursor] = chunk + 1;
      return [cursor, chunk];
    });
    this.#pieces = segment.pieces;
    this.#nextPiece = 0;
    this.#nextSegment++;
    return true;
  }

  #openFile({ manifest, sliceno, spec }: ScanSegment, number: number): FileCursor {
    const file = manifest.files[number];
    const slice = file?.slices[sliceno];
    if (file === undefined || slice === undefined) {
      throw new Error(`Internal error: the manifest of ${spec} names no file for slice ${sliceno}`);
    }
    const path = join(this.#request.pathOfJob(file.job), sliceFileName(file.stem, sliceno));
    const memories = this.#memories.filter((_, i) => this.columns[i]?.file === number);
    const columns = this.columns.filter((column) => column.file === number);
    return new FileCursor({
      slice: { path, ...slice },
      columns: columns.map(({ fileColumn, slices }) => ({
        name: fileColumn,
        checksums: slices[sliceno]?.checksums ?? [],
        dictionary: slices[sliceno]?.dictionary ?? null,
      })),
      memories,
    });
  }
}
