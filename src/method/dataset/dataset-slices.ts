// The slices of a dataset that one stage writes: which one is open, which are done, and what may be done when.
// The writer that authors see stands on this; so does the stage, which closes and collects what was written.

import type { HashableValue } from '../../data/hash.ts';
import { memberProblems } from '../../data/manifest/column-members.ts';
import type { DatasetDeclaration, SlicePart, SpillPart } from '../../data/manifest/dataset-part.ts';
import { declareColumn } from '../../data/manifest/declare-dataset.ts';
import type { ColumnInput } from '../../data/write/column-input.ts';
import { hashColumn, sliceOfKey } from '../../data/write/place-rows.ts';
import type { RowSink } from '../../data/write/row-sink.ts';
import { DiscardingRows, foreignRows, homeRows } from '../../data/write/slice-guard.ts';
import type { FindHome } from '../../data/write/slice-guard.ts';
import { SliceWriter } from '../../data/write/slice-writer.ts';
import { SplitRows } from '../../data/write/split-rows.ts';
import type { ColumnDeclaration } from '../../model/column-type.ts';
import { columnTypeFacts, columnWritingFacts } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Dataset } from './dataset.ts';
import {
  checkColumns,
  checkMayGoTo,
  checkMaySplit,
  finishInAnalysis,
  foreignSlice,
  isFinished,
  lateColumn,
  lateDiscard,
  noHashlabel,
  noSlice,
  splitMixed,
  wrongSlice,
} from './writing-mistakes.ts';

/** What a dataset that is being written needs of the stage it is in. */
export interface WritingStage {
  readonly jobPath: string;
  readonly slices: number;
  /** The slice that analysis works on; `null` in the other stages, where `setSlice` chooses. */
  readonly sliceno: number | null;
  /** Ends a dataset whose slices have been closed. */
  readonly finish: (slices: DatasetSlices) => Dataset;
  /** Forgets a dataset and removes its files. */
  readonly discard: (slices: DatasetSlices) => void;
}

/** A dataset that is being written in one stage. */
export class DatasetSlices {
  /** Written and closed in this stage. */
  readonly parts: SlicePart[] = [];
  readonly #stage: WritingStage;
  /** Made in this stage: columns may be added. */
  readonly #isNew: boolean;
  #declaration: DatasetDeclaration;
  #names: readonly string[];
  #writer: SliceWriter | undefined;
  /** Stands before `#writer` when rows of other slices are dropped. */
  #discarding: DiscardingRows | undefined;
  #findHome: FindHome | undefined;
  #discards = false;
  /** What rows are written to while a slice is open. */
  #open: RowSink | undefined;
  #split: SplitRows | undefined;
  #spill: SpillPart | undefined;
  #dataset: Dataset | undefined;
  #hashIndex = -1;

  constructor(declaration: DatasetDeclaration, stage: WritingStage, isNew: boolean) {
    this.#declaration = declaration;
    this.#names = declaration.columns.map(({ name }) => name);
    this.#stage = stage;
    this.#isNew = isNew;
  }

  get declaration(): DatasetDeclaration {
    return this.#declaration;
  }

  get name(): string {
    return this.#declaration.name;
  }

  /** Names of the columns that are written, in the order of their declaration. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Whether a slice has been started in this stage. */
  get isStarted(): boolean {
    return this.#open !== undefined || this.#split !== undefined || this.parts.length > 0;
  }

  /** The slice to write to; in analysis started when it is first asked for. */
  get open(): RowSink {
    return this.#open ?? this.#startOwn();
  }

  /** Number of the column whose values must belong to the open slice; −1 when they need not. */
  get hashIndex(): number {
    return this.#hashIndex;
  }

  /** What analysis has left to be gathered; set by `close`. */
  get spill(): SpillPart | undefined {
    return this.#spill;
  }

  /** Goes to a slice; not to one that was left, and in analysis only for a dataset of this single slice. */
  goTo(sliceno: number): void {
    checkMayGoTo(this.#declaration, sliceno, this.#stage);
    this.#checkUnfinished();
    if (this.#split !== undefined) throw splitMixed(this.name);
    if (this.#open !== undefined && this.#writer?.sliceno === sliceno) return;
    if (this.parts.some((part) => part.sliceno === sliceno)) {
      throw new UsageError({
        code: 'slice_written',
        message: `Slice ${sliceno} of dataset ${JSON.stringify(this.name)} has been written and left already`,
        hint: 'Write all rows of a slice before going to another.',
      });
    }
    this.#closeSlice();
    this.#start(sliceno);
  }

  /** Opens all slices at once: rows go where they belong. */
  split(): RowSink {
    this.#checkUnfinished();
    if (this.#ownSlice() === 'none') throw foreignSlice(this.#declaration, this.#stage.sliceno);
    checkColumns(this.#declaration);
    checkMaySplit(this.#declaration);
    if (this.#open !== undefined || this.parts.length > 0) throw splitMixed(this.name);
    const { jobPath, slices, sliceno } = this.#stage;
    this.#split ??= new SplitRows(this.#declaration, { jobPath, slices, origin: sliceno ?? 0 });
    return this.#split.sink;
  }

  /** Closes what is open; in analysis leaves a slice without rows, if nothing was written. */
  close(): void {
    const own = this.#ownSlice();
    if (this.#split !== undefined) {
      if (typeof own === 'number') this.#spill = this.#split.endAsSpill();
      else this.parts.push(...this.#split.endAsSlices());
      this.#split = undefined;
      return;
    }
    if (typeof own === 'number' && !this.isStarted) this.#start(own);
    this.#closeSlice();
  }

  /** Adds a column; only before anything is written, and in the stage that declared the dataset. */
  add(name: string, declaration: ColumnDeclaration): void {
    if (!this.#isNew || this.isStarted) throw lateColumn(name, this.#isNew);
    const column = {
      name,
      ...columnTypeFacts(declaration),
      ...columnWritingFacts(declaration),
    };
    const problems = memberProblems(
      `Column ${JSON.stringify(name)} of dataset ${JSON.stringify(this.name)}`,
      declaration,
    );
    if (problems.length > 0) throw new UsageError(problems);
    this.#declaration = declareColumn(this.#declaration, column);
    this.#names = this.#declaration.columns.map((declared) => declared.name);
  }

  /** Tells whether a row with this value in the hash column belongs to the open slice. */
  isHome(value: HashableValue): boolean {
    return sliceOfKey(this.#declaration, value, this.#stage.slices) === this.#presentSlice();
  }

  /**
   * Where rows of other slices are dropped: the rows of a batch that stay, and what they are written to. `null` where
   * all rows have to be written for that.
   */
  homeRows(
    inputs: readonly ColumnInput[],
    validity: (column: number) => Uint8Array | null,
    length: number,
  ): { readonly rows: Int32Array; readonly sink: RowSink } | null {
    const column = hashColumn(this.#declaration);
    const [values, sink] = [inputs[column], this.#writer];
    if (this.#discarding === undefined || sink === undefined || values === undefined) return null;
    const part = { values, validity: validity(column), rows: null };
    const rows = this.#findHome?.(part, length, this.#presentSlice()) ?? null;
    if (rows === null) return null;
    this.#discarding.flush();
    return { rows, sink };
  }

  /** Throws when a row with this value in the hash column does not belong to the open slice. */
  checkHome(value: HashableValue): void {
    if (this.isHome(value)) return;
    const belongs = sliceOfKey(this.#declaration, value, this.#stage.slices);
    throw wrongSlice(this.#declaration, { value, belongs, sliceno: this.#presentSlice() });
  }

  /** From now on drops rows that do not belong to the open slice. */
  discardForeign(): void {
    if (this.isStarted) throw lateDiscard(this.name);
    if (hashColumn(this.#declaration) < 0) throw noHashlabel(this.name);
    this.#discards = true;
  }

  /** Ends the dataset; not in analysis. Safe to call again. */
  finish(): Dataset {
    if (this.#stage.sliceno !== null) throw finishInAnalysis('finish');
    if (this.#dataset === undefined) {
      this.close();
      this.#dataset = this.#stage.finish(this);
    }
    return this.#dataset;
  }

  /** Removes the dataset as if it had never been declared; not in analysis. */
  discard(): void {
    if (this.#stage.sliceno !== null) throw finishInAnalysis('discard');
    this.#checkUnfinished();
    this.#stage.discard(this);
  }

  /** Removes the file of what is open. */
  abort(): void {
    this.#writer?.abort();
    this.#split?.abort();
    this.#open = undefined;
    this.#split = undefined;
  }

  /** The slice that is written without choosing; `any` where it is chosen, `none` where another slice writes. */
  #ownSlice(): number | 'any' | 'none' {
    const { sliceno } = this.#stage;
    const { forSingleSlice } = this.#declaration;
    if (sliceno === null) return 'any';
    if (forSingleSlice === null) return sliceno;
    return forSingleSlice === sliceno ? 'any' : 'none';
  }

  #presentSlice(): number {
    const own = this.#ownSlice();
    const present = this.#writer?.sliceno ?? (typeof own === 'number' ? own : undefined);
    if (present === undefined) throw noSlice(this.name);
    return present;
  }

  #closeSlice(): void {
    if (this.#open === undefined || this.#writer === undefined) return;
    this.#discarding?.flush();
    this.#open = undefined;
    this.parts.push(this.#writer.end());
  }

  #startOwn(): RowSink {
    this.#checkUnfinished();
    if (this.#split !== undefined) throw splitMixed(this.name);
    const own = this.#ownSlice();
    if (own === 'none') throw foreignSlice(this.#declaration, this.#stage.sliceno);
    if (own === 'any') throw noSlice(this.name);
    return this.#start(own);
  }

  #start(sliceno: number): RowSink {
    checkColumns(this.#declaration);
    this.#writer ??= this.#newWriter();
    this.#writer.start(sliceno);
    this.#open = this.#discarding ?? this.#writer;
    this.#discarding?.start(sliceno);
    return this.#open;
  }

  #newWriter(): SliceWriter {
    const { jobPath, slices } = this.#stage;
    const index = hashColumn(this.#declaration);
    if (index < 0) return new SliceWriter(this.#declaration, jobPath);
    const foreign = foreignRows(this.#declaration, slices);
    if (this.#discards) {
      const writer = new SliceWriter(this.#declaration, jobPath);
      this.#discarding = new DiscardingRows(this.#declaration, writer, foreign);
      const column = this.#declaration.columns[index];
      this.#findHome = column === undefined ? undefined : homeRows(column, slices);
      return writer;
    }
    // Where what is stored may differ from what is written, only the check of whole batches can tell.
    const converts = Object.keys(this.#declaration.columns[index] ?? {}).some(
      (member) => member === 'parsed' || member === 'default',
    );
    if (!converts) this.#hashIndex = index;
    return new SliceWriter(this.#declaration, jobPath, (columns, { sliceno, rowsBefore }) => {
      const rows = columns.map((column) => column.rows());
      const { places, home } = foreign(rows, columns[0]?.length ?? 0, sliceno);
      if (home.length === places.length) return;
      const row = places.findIndex((place) => place !== sliceno);
      const facts = { belongs: places[row] ?? 0, sliceno, row: rowsBefore + row };
      throw wrongSlice(this.#declaration, facts);
    });
  }

  #checkUnfinished(): void {
    if (this.#dataset !== undefined) throw isFinished(this.name);
  }
}
