// Rows that go to the slices they belong to. They are placed a stage's worth of memory at a time; few rows go straight
// into the slice files, many through a spill file, so that slices come out the same however the rows were written.

import type { DatasetDeclaration, SlicePart, SpillPart } from '../manifest/dataset-part.ts';
import type { ColumnRows } from './column-rows.ts';
import { orderBySlice, rowPlacer } from './place-rows.ts';
import type { PlaceRows, RowsBySlice } from './place-rows.ts';
import type { RowSink } from './row-sink.ts';
import { RowStaging } from './row-staging.ts';
import { SliceWriter } from './slice-writer.ts';
import { gatherSlice, removeSpill, SpillWriter } from './spill-file.ts';

/** Where rows are split. */
export interface SplitPlace {
  readonly jobPath: string;
  readonly slices: number;
  /** The slice that writes; tells apart what several slices write. */
  readonly origin: number;
}

/** Splits rows. */
export class SplitRows {
  readonly #declaration: DatasetDeclaration;
  readonly #where: SplitPlace;
  readonly #staging: RowStaging;
  readonly #place: PlaceRows;
  #spill: SpillWriter | undefined;

  constructor(declaration: DatasetDeclaration, where: SplitPlace) {
    this.#declaration = declaration;
    this.#where = where;
    this.#place = rowPlacer(declaration, where.slices, where.origin);
    this.#staging = new RowStaging(declaration, where.origin, (rows, count) =>
      this.#spillRows(rows, this.#bySlice(rows, count)),
    );
  }

  /** What the rows are written to. */
  get sink(): RowSink {
    return this.#staging;
  }

  /** Ends writing and leaves the rows for `gatherSlice`, which may be called in other threads. */
  endAsSpill(): SpillPart {
    this.#staging.flush();
    this.#spill ??= this.#newSpill();
    const part = this.#spill.end();
    this.#spill = undefined;
    return part;
  }

  /** Ends writing and makes every slice. */
  endAsSlices(): readonly SlicePart[] {
    if (this.#spill === undefined) return this.#endInMemory();
    const spill = this.endAsSpill();
    const { jobPath, slices } = this.#where;
    const parts = Array.from({ length: slices }, (_, sliceno) =>
      gatherSlice(this.#declaration, jobPath, { sliceno, spills: [spill] }),
    );
    removeSpill(jobPath, this.#declaration.stem, spill.sliceno);
    return parts;
  }

  /** Gives up what was written. */
  abort(): void {
    this.#spill?.abort();
    this.#spill = undefined;
  }

  #endInMemory(): readonly SlicePart[] {
    const { jobPath, slices } = this.#where;
    const { rows, count } = this.#staging.held();
    const { order, starts } = this.#bySlice(rows, count);
    const writer = new SliceWriter(this.#declaration, jobPath);
    return Array.from({ length: slices }, (_, sliceno) =>
      writer.writeSlice(sliceno, () => {
        const [start = 0, end = 0] = [starts[sliceno], starts[sliceno + 1]];
        writer.appendRows(rows, { order, start, end });
      }),
    );
  }

  #spillRows(rows: readonly ColumnRows[], bySlice: RowsBySlice): void {
    this.#spill ??= this.#newSpill();
    this.#spill.write(rows, bySlice);
  }

  #newSpill(): SpillWriter {
    return new SpillWriter(this.#declaration, this.#where.jobPath, this.#where.origin);
  }

  #bySlice(rows: readonly ColumnRows[], count: number): RowsBySlice {
    return orderBySlice(this.#place(rows, count), this.#where.slices);
  }
}
