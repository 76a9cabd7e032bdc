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
import { SegmentSteps } from './segment-steps.ts';
import type { IterationCallbacks } from './segment-steps.ts';

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
  /** Called with the number of rows of each piece that is read. */
  readonly onRows?: ((count: number) => void) | undefined;
  /** Called when an iteration begins with the rows it will read, and with what is left of them, negative, when it is given up. */
  readonly onPlan?: ((rows: number) => void) | undefined;
  /** Called when a loop over rows is left before its end. */
  readonly onLeave?: ((position: ReadPosition) => void) | undefined;
  readonly callbacks?: IterationCallbacks | undefined;
  /** Asked before a piece is read; one that is refused is not read. */
  readonly takes?: ((place: PiecePlace) => boolean) | undefined;
}

/** Where some consecutive rows lie. */
export interface PiecePlace {
  readonly sliceno: number;
  /** The first row within the slice, from 0. */
  readonly row: number;
  readonly rows: number;
}

/** Some rows of a column: those of a piece, from `offset` on in a chunk. */
export interface ColumnPiece {
  readonly column: ManifestColumn;
  readonly chunk: ColumnChunk;
  readonly offset: number;
}

const NO_PIECE: ScanPiece = { start: 0, rows: 0, step: 1, check: false };

/** Reads the pieces of a plan. */
export class BatchSource {
  /** The columns of the present dataset, in the order asked for. */
  columns: readonly ManifestColumn[] = [];
  /** What holds the present piece, one per column. */
  chunks: readonly ColumnChunk[] = [];
  /** Where the present piece begins in each chunk. */
  offsets: readonly number[] = [];
  piece: ScanPiece = NO_PIECE;
  /** The slice that the present piece belongs to. */
  segment: ScanSegment | undefined;
  readonly #request: ScanRequest;
  readonly #steps: SegmentSteps;
  readonly #memories: readonly ColumnMemory[];
  /** Of columns that are looked at but not asked for. */
  readonly #otherMemories = new Map<string, ColumnMemory>();
  #nextPiece = 0;
  #cursors: readonly FileCursor[] = [];
  #otherCursors = new Map<string, FileCursor>();
  /** Which cursor, and which of its chunks, each column is. */
  #places: readonly (readonly [cursor: number, chunk: number])[] = [];

  constructor(request: ScanRequest, segments: readonly ScanSegment[]) {
    this.#request = request;
    this.#steps = new SegmentSteps(segments, request.callbacks);
    this.#memories = request.columns.map(() => new ColumnMemory());
  }

  /** The column whose range limits the rows. */
  get rangeColumn(): string | undefined {
    return this.#request.range?.column;
  }

  /** Reads the next piece over the present one; false at the end. */
  next(): boolean {
    this.piece = NO_PIECE;
    const piece = this.#choosePiece();
    if (piece === undefined) return false;
    for (const cursor of this.#cursors) cursor.moveTo(piece.start);
    this.chunks = this.#places.map(([cursor, chunk]) => chunkOf(this.#cursors[cursor], chunk));
    this.offsets = this.#places.map(([cursor]) => this.#cursors[cursor]?.offset ?? 0);
    this.piece = piece;
    this.#request.onRows?.(Math.ceil(piece.rows / piece.step));
    return true;
  }

  /** The next piece that is to be read; `undefined` at the end. */
  #choosePiece(): ScanPiece | undefined {
    for (;;) {
      while (this.#nextPiece === (this.segment?.pieces.length ?? 0)) {
        if (!this.#openSegment()) return undefined;
      }
      const piece = this.segment?.pieces[this.#nextPiece++] ?? NO_PIECE;
      const place = { sliceno: this.segment?.sliceno ?? 0, row: piece.start, rows: piece.rows };
      if (this.#request.takes?.(place) !== false) return piece;
    }
  }

  /** The present piece of any column; reads it if it is not among those asked for. */
  column(name: string): ColumnPiece {
    const i = this.#request.columns.indexOf(name);
    const column = this.columns[i];
    const chunk = this.chunks[i];
    if (column !== undefined && chunk !== undefined) {
      return { column, chunk, offset: this.offsets[i] ?? 0 };
    }
    return this.#otherColumn(name);
  }

  #otherColumn(name: string): ColumnPiece {
    const { segment } = this;
    if (segment === undefined) throw new Error('Internal error: nothing is being read');
    const [column] = segmentColumns(segment, [name]);
    if (column === undefined) throw new Error('Internal error: a column was not found');
    const memory = this.#otherMemories.get(name) ?? new ColumnMemory();
    this.#otherMemories.set(name, memory);
    const cursor = this.#otherCursors.get(name) ?? this.#openFile(segment, [column], [memory]);
    this.#otherCursors.set(name, cursor);
    cursor.moveTo(this.piece.start);
    return { column, chunk: chunkOf(cursor, 0), offset: cursor.offset };
  }

  #openSegment(): boolean {
    const segment = this.#steps.next();
    if (segment === undefined) return false;
    const { columns: names } = this.#request;
    this.columns = segment.pieces.length === 0 ? [] : segmentColumns(segment, names);
    const numbers = [...new Set(this.columns.map(({ file }) => file))];
    this.#cursors = numbers.map((number) => {
      const columns = this.columns.filter(({ file }) => file === number);
      const memories = this.#memories.filter((_, i) => this.columns[i]?.file === number);
      return this.#openFile(segment, columns, memories);
    });
    this.#otherCursors = new Map();
    this.#places = placesIn(this.columns, numbers);
    this.segment = segment;
    this.#nextPiece = 0;
    return true;
  }

  /** `columns` all lie in one file. */
  #openFile(
    { manifest, sliceno, spec }: ScanSegment,
    columns: readonly ManifestColumn[],
    memories: readonly ColumnMemory[],
  ): FileCursor {
    const file = manifest.files[columns[0]?.file ?? -1];
    const slice = file?.slices[sliceno];
    if (file === undefined || slice === undefined) {
      throw new Error(`Internal error: the manifest of ${spec} names no file for slice ${sliceno}`);
    }
    const path = join(this.#request.pathOfJob(file.job), sliceFileName(file.stem, sliceno));
    const fileColumns = columns.map(({ fileColumn, slices }) => ({
      name: fileColumn,
      checksums: slices[sliceno]?.checksums ?? [],
      dictionary: slices[sliceno]?.dictionary ?? null,
    }));
    return new FileCursor({ slice: { path, ...slice }, columns: fileColumns, memories });
  }
}

function placesIn(
  columns: readonly ManifestColumn[],
  numbers: readonly number[],
): readonly (readonly [cursor: number, chunk: number])[] {
  const counts = numbers.map(() => 0);
  return columns.map(({ file }) => {
    const cursor = numbers.indexOf(file);
    const chunk = counts[cursor] ?? 0;
    counts[cursor] = chunk + 1;
    return [cursor, chunk];
  });
}

function chunkOf(cursor: FileCursor | undefined, index: number): ColumnChunk {
  const chunk = cursor?.chunks[index];
  if (chunk === undefined) throw new Error('Internal error: a column was not read');
  return chunk;
}
