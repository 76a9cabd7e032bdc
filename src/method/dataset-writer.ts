// The handle through which a stage writes a dataset. What becomes of it between stages is in stage-datasets.ts.

import type { ColumnTypes, InputOf, InputsOf } from '../data/column-values.ts';
import type { DatasetDeclaration, SlicePart } from '../data/dataset-part.ts';
import { declareColumn } from '../data/declare-dataset.ts';
import { SliceWriter } from '../data/slice-writer.ts';
import type { ColumnDeclaration } from '../model/column-type.ts';
import { columnTypeFacts } from '../model/column-type.ts';
import { UsageError } from '../model/errors.ts';
import type { Dataset } from './dataset.ts';

/** How a dataset is declared. */
export interface DatasetWriterOptions<Columns extends ColumnTypes> {
  /** Unique within the job; `default` if not given. */
  readonly name?: string;
  /** Types by column name. `write` takes values in this order. */
  readonly columns: Columns;
  /** The dataset before this one in a chain. */
  readonly previous?: Dataset | DatasetWriter | null | undefined;
  readonly caption?: string;
  /** The file it was imported from, for people. */
  readonly filename?: string;
  /** Slices that are never visited by `setSlice` count as empty instead of being an error. */
  readonly allowMissingSlices?: boolean;
}

/** One column of the row that is being written. For importers; see `endRow`. */
export interface ColumnWriter<Declaration extends ColumnDeclaration = ColumnDeclaration> {
  append(value: InputOf<Declaration>): void;
  /**
   * Appends bytes `[start, end)` without making a string of them: as they are to a bytes column, as UTF-8 to a string
   * column, as JSON text to a json column. Other types do not take bytes. Text is checked once per record batch.
   */
  appendBytes(bytes: Uint8Array, start: number, end: number): void;
}

/** What a writer needs of the stage it is in. */
export interface WriterStage {
  readonly jobPath: string;
  readonly slices: number;
  /** The slice that analysis works on; `null` in the other stages, where `setSlice` chooses. */
  readonly sliceno: number | null;
  /** Ends the dataset of a writer whose slices have been closed. */
  readonly finish: (writer: DatasetWriter) => Dataset;
}

/** Writes a dataset, slice by slice. */
export class DatasetWriter<Columns extends ColumnTypes = ColumnTypes> {
  readonly #stage: WriterStage;
  /** Made in this stage: columns may be added. */
  readonly #isNew: boolean;
  readonly #parts: SlicePart[] = [];
  #declaration: DatasetDeclaration;
  #names: readonly string[] = [];
  #writer: SliceWriter | undefined;
  /** The same as `#writer` while a slice is open. */
  #open: SliceWriter | undefined;
  #columns: Readonly<Record<string, unknown>> = {};
  #dataset: Dataset | undefined;

  /** Made by `job.datasetWriter()`. */
  constructor(declaration: DatasetDeclaration, stage: WriterStage, isNew: boolean) {
    this.#declaration = declaration;
    this.#stage = stage;
    this.#isNew = isNew;
  }

  get name(): string {
    return this.#declaration.name;
  }

  /** The columns by name, to append to one by one: see `endRow`. The same objects for all slices. */
  get columns(): { readonly [Name in keyof Columns]: ColumnWriter<Columns[Name]> } {
    if (this.#open === undefined) this.#openSlice();
    return this.#columns as { readonly [Name in keyof Columns]: ColumnWriter<Columns[Name]> };
  }

  /** Starts a slice; outside analysis only. A slice is written in one go: it cannot be returned to. */
  setSlice(sliceno: number): void {
    if (this.#stage.sliceno !== null) {
      throw this.#error('set_slice_in_analysis', `setSlice(${sliceno}) was called in analysis`, {
        hint: `Each slice of analysis writes its own slice; this one writes ${this.#stage.sliceno}.`,
      });
    }
    this.#checkUnfinished();
    if (this.#open?.sliceno === sliceno) return;
    if (!Number.isInteger(sliceno) || sliceno < 0 || sliceno >= this.#stage.slices) {
      const expected = `Expected a slice in [0, ${this.#stage.slices})`;
      throw this.#error('unknown_slice', `${expected} for setSlice, got ${sliceno}`);
    }
    if (this.#parts.some((part) => part.sliceno === sliceno)) {
      throw this.#error('slice_written', `Slice ${sliceno} has been written and left already`, {
        hint: 'Write all rows of a slice before going to another.',
      });
    }
    this.closeSlice();
    this.#start(sliceno);
  }

  /** Writes a row, values in the order of the columns' declaration. */
  write(...values: readonly InputOf<Columns[keyof Columns]>[]): void {
    const open = this.#open ?? this.#openSlice();
    const { columns } = open;
    if (values.length !== columns.length) throw this.#wrongCount(values.length);
    try {
      for (let i = 0; i < columns.length; i++) columns[i]?.append(values[i]);
    } catch (error) {
      open.rollBack();
      throw error;
    }
    open.endRows(1);
  }

  /** Writes a row, values by column name. */
  writeRow(row: { readonly [Name in keyof Columns]: InputOf<Columns[Name]> }): void {
    const open = this.#open ?? this.#openSlice();
    const { columns } = open;
    this.#checkNames(row);
    const values: Readonly<Record<string, unknown>> = row;
    try {
      for (let i = 0; i < columns.length; i++) columns[i]?.append(values[this.#names[i] ?? '']);
    } catch (error) {
      open.rollBack();
      throw error;
    }
    open.endRows(1);
  }

  /** Writes many rows, columns by name, all of the same length. Rows before a wrong value stay written. */
  writeBatch(batch: { readonly [Name in keyof Columns]: InputsOf<Columns[Name]> }): void {
    const open = this.#open ?? this.#openSlice();
    this.#checkNames(batch);
    const values: Readonly<Record<string, ArrayLike<unknown>>> = batch;
    const inputs = this.#names.map((name) => values[name] ?? []);
    const rows = this.#commonLength(inputs);
    for (let start = 0; start < rows;) {
      const end = Math.min(rows, start + open.room);
      try {
        open.columns.forEach((column, i) => column.appendAll(inputs[i] ?? [], start, end));
      } catch (error) {
        open.rollBack();
        throw error;
      }
      open.endRows(end - start);
      start = end;
    }
  }

  /** Ends a row whose values were appended to each of `columns`. A column with too few or too many is found when its record batch is written. */
  endRow(): void {
    (this.#open ?? this.#openSlice()).endRows(1);
  }

  /** Adds a column; only before anything is written, and in the stage that made the writer. */
  add(name: string, declaration: ColumnDeclaration): void {
    if (!this.#isNew || this.isStarted) {
      const why = this.#isNew ? 'after writing began' : 'in another stage than the writer';
      throw this.#error('late_column', `Column ${JSON.stringify(name)} was added ${why}`);
    }
    const column = { name, ...columnTypeFacts(declaration) };
    this.#declaration = declareColumn(this.#declaration, column);
  }

  /** Ends writing and gives the dataset, readable at once; not in analysis. Safe to call again. */
  finish(): Dataset<Columns> {
    if (this.#stage.sliceno !== null) {
      throw this.#error('finish_in_analysis', 'finish() was called in analysis', {
        hint: 'It is finished by itself before synthesis begins.',
      });
    }
    if (this.#dataset === undefined) {
      this.closeSlice();
      this.#dataset = this.#stage.finish(this);
    }
    return this.#dataset as Dataset<Columns>;
  }

  /** For the stage: what was declared. */
  get declaration(): DatasetDeclaration {
    return this.#declaration;
  }

  /** For the stage: the slices written and closed. */
  get parts(): readonly SlicePart[] {
    return this.#parts;
  }

  /** For the stage: whether a slice has been started. */
  get isStarted(): boolean {
    return this.#open !== undefined || this.#parts.length > 0;
  }

  /** For the stage: closes the open slice; in analysis one without rows, if nothing was written. */
  closeSlice(): void {
    if (this.#stage.sliceno !== null && !this.isStarted) this.#start(this.#stage.sliceno);
    if (this.#open === undefined) return;
    const part = this.#open.end();
    this.#open = undefined;
    this.#parts.push(part);
  }

  /** For the stage: removes the file of the open slice. */
  abort(): void {
    this.#writer?.abort();
    this.#open = undefined;
  }

  #openSlice(): SliceWriter {
    this.#checkUnfinished();
    const { sliceno } = this.#stage;
    if (sliceno !== null) return this.#start(sliceno);
    throw this.#error(
      'no_slice',
      `No slice of dataset ${JSON.stringify(this.name)} has been started`,
      {
        hint: 'Call setSlice(sliceno) first, or write in analysis.',
      },
    );
  }

  #start(sliceno: number): SliceWriter {
    const { columns } = this.#declaration;
    if (columns.length === 0) {
      throw this.#error('no_columns', `Dataset ${JSON.stringify(this.name)} has no columns`);
    }
    const writer = (this.#writer ??= new SliceWriter(this.#declaration, this.#stage.jobPath));
    this.#names = columns.map(({ name }) => name);
    this.#columns = Object.fromEntries(this.#names.map((name, i) => [name, writer.columns[i]]));
    writer.start(sliceno);
    this.#open = writer;
    return writer;
  }

  /** Finds values that would be dropped in silence; a missing one is found by its column. */
  #checkNames(row: object): void {
    const count = Object.keys(row).length;
    if (count === this.#names.length) return;
    const wrong =
      Object.keys(row).find((name) => !this.#names.includes(name)) ??
      this.#names.find((name) => !Object.hasOwn(row, name));
    throw this.#error(
      'wrong_columns',
      `Expected values for the columns ${this.#names.map((name) => JSON.stringify(name)).join(', ')} ` +
        `of dataset ${JSON.stringify(this.name)}, got ${count} values; look at ${JSON.stringify(wrong)}`,
    );
  }

  #commonLength(inputs: readonly ArrayLike<unknown>[]): number {
    const rows = inputs[0]?.length ?? 0;
    const uneven = inputs.findIndex((input) => input.length !== rows);
    if (uneven < 0) return rows;
    throw this.#error(
      'uneven_columns',
      `Expected ${rows} values for column ${JSON.stringify(this.#names[uneven])} of dataset ` +
        `${JSON.stringify(this.name)}, as for the first column, got ${inputs[uneven]?.length}`,
    );
  }

  #checkUnfinished(): void {
    if (this.#dataset === undefined) return;
    throw this.#error('dataset_finished', `Dataset ${JSON.stringify(this.name)} is finished`);
  }

  #wrongCount(count: number): UsageError {
    const { columns } = this.#declaration;
    const names = columns.map(({ name }) => JSON.stringify(name)).join(', ');
    return this.#error(
      'wrong_columns',
      `Expected ${columns.length} values for dataset ${JSON.stringify(this.name)} (${names}), got ${count}`,
    );
  }

  #error(code: string, message: string, more: { readonly hint?: string } = {}): UsageError {
    return new UsageError({ code, message, ...more });
  }
}
