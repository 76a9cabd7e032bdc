// The slices of a dataset that one stage writes: which one is open, which are done, and what may be done when.
// The writer that authors see stands on this; so does the stage, which closes and collects what was written.

import type { DatasetDeclaration, SlicePart } from '../../data/manifest/dataset-part.ts';
import { declareColumn } from '../../data/manifest/declare-dataset.ts';
import { SliceWriter } from '../../data/write/slice-writer.ts';
import type { ColumnDeclaration } from '../../model/column-type.ts';
import { columnTypeFacts } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Dataset } from './dataset.ts';

/** What a dataset that is being written needs of the stage it is in. */
export interface WritingStage {
  readonly jobPath: string;
  readonly slices: number;
  /** The slice that analysis works on; `null` in the other stages, where `setSlice` chooses. */
  readonly sliceno: number | null;
  /** Ends a dataset whose slices have been closed. */
  readonly finish: (slices: DatasetSlices) => Dataset;
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
  /** The same as `#writer` while a slice is open. */
  #open: SliceWriter | undefined;
  #dataset: Dataset | undefined;

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

  /** Names of the columns, in the order of their declaration. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Whether a slice has been started in this stage. */
  get isStarted(): boolean {
    return this.#open !== undefined || this.parts.length > 0;
  }

  /** The slice to write to; in analysis started when it is first asked for. */
  get open(): SliceWriter {
    return this.#open ?? this.#startOwn();
  }

  /** Goes to a slice; outside analysis only, and to each slice once. */
  goTo(sliceno: number): void {
    const own = this.#stage.sliceno;
    if (own !== null) {
      throw new UsageError({
        code: 'set_slice_in_analysis',
        message: `\`setSlice(${sliceno})\` was called in analysis`,
        hint: `Each slice of analysis writes its own slice; this one writes ${own}.`,
      });
    }
    this.#checkUnfinished();
    if (this.#open?.sliceno === sliceno) return;
    this.#checkSlice(sliceno);
    this.close();
    this.#start(sliceno);
  }

  /** Closes the open slice; in analysis one without rows, if nothing was written. */
  close(): void {
    const { sliceno } = this.#stage;
    if (sliceno !== null && !this.isStarted) this.#start(sliceno);
    if (this.#open === undefined) return;
    const part = this.#open.end();
    this.#open = undefined;
    this.parts.push(part);
  }

  /** Adds a column; only before anything is written, and in the stage that declared the dataset. */
  add(name: string, declaration: ColumnDeclaration): void {
    if (!this.#isNew || this.isStarted) {
      const why = this.#isNew ? 'after writing began' : 'in another stage than the writer';
      throw new UsageError({
        code: 'late_column',
        message: `Column ${JSON.stringify(name)} was added ${why}`,
        hint: 'Add columns where the writer is made, before the first row.',
      });
    }
    const column = { name, ...columnTypeFacts(declaration) };
    this.#declaration = declareColumn(this.#declaration, column);
    this.#names = this.#declaration.columns.map((declared) => declared.name);
  }

  /** Ends the dataset; not in analysis. Safe to call again. */
  finish(): Dataset {
    if (this.#stage.sliceno !== null) {
      throw new UsageError({
        code: 'finish_in_analysis',
        message: '`finish()` was called in analysis',
        hint: 'The dataset is finished by itself before synthesis begins.',
      });
    }
    if (this.#dataset === undefined) {
      this.close();
      this.#dataset = this.#stage.finish(this);
    }
    return this.#dataset;
  }

  /** Removes the file of the open slice. */
  abort(): void {
    this.#writer?.abort();
    this.#open = undefined;
  }

  #startOwn(): SliceWriter {
    this.#checkUnfinished();
    const { sliceno } = this.#stage;
    if (sliceno !== null) return this.#start(sliceno);
    throw new UsageError({
      code: 'no_slice',
      message: `No slice of dataset ${JSON.stringify(this.name)} has been started`,
      hint: 'Call `setSlice(sliceno)` first, or write in analysis.',
    });
  }

  #start(sliceno: number): SliceWriter {
    if (this.#declaration.columns.length === 0) {
      throw new UsageError({
        code: 'no_columns',
        message: `Dataset ${JSON.stringify(this.name)} has no columns`,
        hint: "Declare at least one, as in `columns: { name: 'string' }`.",
      });
    }
    this.#writer ??= new SliceWriter(this.#declaration, this.#stage.jobPath);
    this.#writer.start(sliceno);
    this.#open = this.#writer;
    return this.#open;
  }

  #checkSlice(sliceno: number): void {
    const { slices } = this.#stage;
    if (!Number.isInteger(sliceno) || sliceno < 0 || sliceno >= slices) {
      throw new UsageError({
        code: 'unknown_slice',
        message: `Expected a slice from 0 to ${slices - 1} for \`setSlice\`, got ${sliceno}`,
      });
    }
    if (this.parts.some((part) => part.sliceno === sliceno)) {
      throw new UsageError({
        code: 'slice_written',
        message: `Slice ${sliceno} of dataset ${JSON.stringify(this.name)} has been written and left already`,
        hint: 'Write all rows of a slice before going to another.',
      });
    }
  }

  #checkUnfinished(): void {
    if (this.#dataset === undefined) return;
    throw new UsageError({
      code: 'dataset_finished',
      message: `Dataset ${JSON.stringify(this.name)} is finished`,
      hint: 'Write all rows before `finish()`.',
    });
  }
}
