// The handle through which a stage writes a dataset. What becomes of it between stages is in stage-datasets.ts.

import type { ColumnTypes, InputOf, InputsOf } from '../../data/column-values.ts';
import type { HashableValue } from '../../data/hash.ts';
import type { WrittenColumns } from '../../data/manifest/declare-dataset.ts';
import type { ColumnBuffer } from '../../data/write/column-buffer.ts';
import { inputLength } from '../../data/write/column-input.ts';
import type { ByteSlices, ColumnInput } from '../../data/write/column-input.ts';
import type { RowSink } from '../../data/write/row-sink.ts';
import type { ColumnDeclaration, Compression } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';
import type { DatasetSlices } from './dataset-slices.ts';
import type { Dataset } from './dataset.ts';

/** A dataset as it can be named: its handle, a writer of this job, or a spec such as `dev-42/NAME`. */
export type DatasetLike = Dataset | DatasetWriter | string;

/** The columns that are written: all but those that are dropped from the parent. */
export type Written<Columns extends WrittenColumns> = {
  readonly [
    Name in keyof Columns as Columns[Name] extends null ? never : Name
  ]: Columns[Name] extends ColumnDeclaration ? Columns[Name] : Exclude<Columns[Name], null>;
};

/** How a dataset is declared. */
export interface DatasetWriterOptions<Columns extends WrittenColumns> {
  /** Unique within the job, any text; `default` if not given. */
  readonly name?: string;
  /** Types by column name. `write` takes values in this order. `null` drops a column of `parent`. */
  readonly columns: Columns;
  /** The dataset before this one in a chain. */
  readonly previous?: DatasetLike | null | undefined;
  /**
   * The dataset whose columns this one has too, without copying them. Columns of the same name are replaced. New ones
   * need exactly as many rows in each slice.
   */
  readonly parent?: Dataset | string | null | undefined;
  /**
   * The column by whose hash rows are placed in slices: see `split`. Left out: that of the parent, or none with
   * `hashlabelOverride`.
   */
  readonly hashlabel?: string | null | undefined;
  /** Allows another hashlabel than the parent's. */
  readonly hashlabelOverride?: boolean;
  /**
   * What data files are compressed with, where that makes them markedly smaller; `zstd` if not given. Columns of floats
   * never are. What the dataset contains does not depend on it.
   */
  readonly compression?: Compression;
  readonly caption?: string;
  /** The file it was imported from, for people. */
  readonly filename?: string;
  /** Slices that are never visited by `setSlice` count as empty instead of being an error. */
  readonly allowMissingSlices?: boolean;
  /** Analysis of this slice alone writes the dataset, all slices of it: by `setSlice` or `split`. */
  readonly forSingleSlice?: number | undefined;
}

/** Writes rows to the slices they belong to. Made by `writer.split()`. */
export type SplitWriter<Columns extends ColumnTypes = ColumnTypes> = Pick<
  DatasetWriter<Columns>,
  'name' | 'columns' | 'write' | 'writeRow' | 'writeBatch' | 'endRow' | 'endRows' | 'room'
>;

/** One column of the row that is being written. For importers; see `endRow`. */
export interface ColumnWriter<Declaration extends ColumnDeclaration = ColumnDeclaration> {
  append(value: InputOf<Declaration>): void;
  /**
   * Appends bytes `[start, end)` without making a string of them: as they are to a bytes column, as UTF-8 to a string
   * column, as JSON text to a json column. Other types do not take bytes. Text is checked once per record batch.
   */
  appendBytes(bytes: Uint8Array, start: number, end: number): void;
  /** Appends many values in one call, each as `appendBytes` takes it. At most `writer.room` at a time; see `endRows`. */
  appendSlices(bytes: Uint8Array, slices: ByteSlices): void;
}

/** What else is known of a batch that is written. A batch that was read has the same members. */
export interface BatchOptions<Columns extends ColumnTypes> {
  /** Arrow bitmaps of columns by name, bit set where there is a value; left out or `null` where there are no nulls. */
  readonly validity?: { readonly [Name in keyof Columns]?: Uint8Array | null };
  /** Numbers of the rows to write, in this order; left out to write all. */
  readonly rows?: Int32Array | Uint32Array;
}

/** Writes a dataset, slice by slice. */
export class DatasetWriter<Columns extends ColumnTypes = ColumnTypes> {
  readonly #slices: DatasetSlices;
  /** What rows go to when the writer is split. */
  readonly #split: RowSink | undefined;
  #columns: Readonly<Record<string, ColumnBuffer>> | undefined;

  /** Made by `job.datasetWriter()` and `split()`. */
  constructor(slices: DatasetSlices, split?: RowSink) {
    this.#slices = slices;
    this.#split = split;
  }

  get name(): string {
    return this.#slices.name;
  }

  /** The columns by name, to append to one by one: see `endRow`. The same objects for all slices. */
  get columns(): { readonly [Name in keyof Columns]: ColumnWriter<Columns[Name]> } {
    const { columns } = this.#sink;
    this.#columns ??= Object.fromEntries(
      this.#names.flatMap((name, i) => (columns[i] === undefined ? [] : [[name, columns[i]]])),
    );
    return this.#columns as { readonly [Name in keyof Columns]: ColumnWriter<Columns[Name]> };
  }

  /**
   * Starts a slice; in analysis only for a writer made `forSingleSlice`. A slice is written in one go: it cannot be
   * returned to.
   */
  setSlice(sliceno: number): void {
    this.#slices.goTo(sliceno);
  }

  /**
   * Writes a row, values in the order of the columns' declaration. The compiler knows no order of columns, so that it
   * takes a value of any column in any place: `writeRow` is the form that it checks in full.
   */
  write(...values: readonly InputOf<Columns[keyof Columns]>[]): void {
    const open = this.#sink;
    const { columns } = open;
    if (values.length !== columns.length) throw this.#wrongCount(values.length);
    try {
      for (let i = 0; i < columns.length; i++) columns[i]?.append(values[i]);
      if (this.#hashIndex >= 0) this.#slices.checkHome(values[this.#hashIndex] as HashableValue);
    } catch (error) {
      open.rollBack();
      throw error;
    }
    open.endRows(1);
  }

  /** Writes a row, values by column name. */
  writeRow(row: { readonly [Name in keyof Columns]: InputOf<Columns[Name]> }): void {
    const open = this.#sink;
    const { columns } = open;
    const names = this.#names;
    this.#checkNames(row, names);
    const values: Readonly<Record<string, unknown>> = row;
    try {
      for (let i = 0; i < columns.length; i++) columns[i]?.append(values[names[i] ?? '']);
      if (this.#hashIndex >= 0) {
        this.#slices.checkHome(values[names[this.#hashIndex] ?? ''] as HashableValue);
      }
    } catch (error) {
      open.rollBack();
      throw this.#misnamed(row, names) ?? error;
    }
    open.endRows(1);
  }

  /**
   * Writes many rows, columns by name, all of the same length: plain or typed arrays, or text in columnar form. What
   * `batches()` gives is copied without looking at single values: `writer.writeBatch(batch.columns, batch)`.
   */
  writeBatch(
    batch: { readonly [Name in keyof Columns]: InputsOf<Columns[Name]> },
    options: BatchOptions<Columns> = {},
  ): void {
    const sink = this.#sink;
    const names = this.#names;
    this.#checkNames(batch, names);
    const values: Readonly<Record<string, ColumnInput>> = batch;
    const inputs = names.map((name) => values[name] ?? []);
    const length = this.#commonLength(inputs);
    if (options.rows !== undefined) this.#checkRows(options.rows, length);
    const bitmaps = new Map<string, Uint8Array | null | undefined>(
      Object.entries(options.validity ?? {}),
    );
    const validity = (i: number): Uint8Array | null => bitmaps.get(names[i] ?? '') ?? null;
    const home =
      this.#split === undefined && options.rows === undefined
        ? this.#slices.homeRows(inputs, validity, length)
        : null;
    const open = home?.sink ?? sink;
    const rows = home?.rows ?? options.rows ?? null;
    const parts = inputs.map((input, i) => ({ values: input, validity: validity(i), rows }));
    const end = rows?.length ?? length;
    for (let start = 0; start < end;) {
      const room = open.roomFor(inputs, { rows, start, end });
      const next = Math.min(end, start + room);
      try {
        open.columns.forEach((column, i) => {
          const part = parts[i];
          if (part !== undefined) column.appendAll({ ...part, start, end: next });
        });
      } catch (error) {
        open.rollBack();
        throw error;
      }
      open.endRows(next - start);
      start = next;
    }
  }

  /**
   * Ends a row whose values were appended to each of `columns`.
   * A column with too few or too many is found when its record batch is written.
   */
  endRow(): void {
    this.#sink.endRows(1);
  }

  /**
   * Gives the writer that puts each row, or the rows of each batch, into the slice it belongs to: by the hash of the
   * hashlabel, or in turn where there is none. In every stage; memory does not grow with rows, slices or columns. A
   * writer is either split or written slice by slice. In a slice, rows that analysis split lie in the order of the
   * slices they were written in, then as they were written.
   */
  split(): SplitWriter<Columns> {
    return new DatasetWriter<Columns>(this.#slices, this.#slices.split());
  }

  /** Tells whether a row with this value in the hash column belongs to the slice that is written. */
  hashcheck(value: HashableValue): boolean {
    return this.#slices.isHome(value);
  }

  /** Drops rows that do not belong to the slice they are written to, instead of refusing them. */
  enableHashDiscard(): void {
    this.#slices.discardForeign();
  }

  /** Removes the dataset: the job will not have it. Not in analysis. */
  discard(): void {
    this.#slices.discard();
  }

  /** Rows whose values may be appended to `columns` before `endRows` must be called; at least 1. */
  get room(): number {
    return this.#sink.room;
  }

  /** As `endRow` for many rows at once, at most `room`. */
  endRows(count: number): void {
    const open = this.#sink;
    if (Number.isInteger(count) && count >= 0 && count <= open.room) return open.endRows(count);
    throw new UsageError({
      code: 'too_many_rows',
      message: `Expected \`endRows\` of dataset ${JSON.stringify(this.name)} to get a number of rows from 0 to \`room\` (${open.room}), got ${count}`,
    });
  }

  /** Adds a column; only before anything is written, and in the stage that made the writer. */
  add(name: string, declaration: ColumnDeclaration): void {
    this.#slices.add(name, declaration);
  }

  /** Ends writing and gives the dataset, readable at once; not in analysis. Safe to call again. */
  finish(): Dataset<Columns> {
    return this.#slices.finish() as Dataset<Columns>;
  }

  get #sink(): RowSink {
    return this.#split ?? this.#slices.open;
  }

  get #hashIndex(): number {
    return this.#split === undefined ? this.#slices.hashIndex : -1;
  }

  get #names(): readonly string[] {
    return this.#slices.names;
  }

  /** Finds values that would be dropped in silence; a missing one is found by its column. */
  #checkNames(row: object, names: readonly string[]): void {
    const given = Object.keys(row);
    if (given.length === names.length) return;
    throw this.#misnamed(row, names) ?? this.#wrongCount(given.length);
  }

  /** The error for a row or batch whose names are not those of the columns. */
  #misnamed(row: object, names: readonly string[]): UsageError | undefined {
    const dataset = `dataset ${JSON.stringify(this.name)}`;
    const unknown = Object.keys(row).find((name) => !names.includes(name));
    const missing = names.find((name) => !Object.hasOwn(row, name));
    if (unknown !== undefined) {
      const all = `Its columns are ${names.map((name) => JSON.stringify(name)).join(', ')}.`;
      return new UsageError({
        code: 'wrong_columns',
        message: `There is no column ${JSON.stringify(unknown)} in ${dataset}`,
        hint: didYouMean(unknown, names, all),
      });
    }
    if (missing === undefined) return undefined;
    const message = `Expected a value for column ${JSON.stringify(missing)} of ${dataset}, got none`;
    return new UsageError({ code: 'wrong_columns', message });
  }

  #wrongCount(count: number): UsageError {
    const names = this.#names.map((name) => JSON.stringify(name)).join(', ');
    return new UsageError({
      code: 'wrong_columns',
      message:
        `Expected ${this.#names.length} values for dataset ${JSON.stringify(this.name)} ` +
        `(${names}), got ${count}`,
    });
  }

  #commonLength(inputs: readonly ColumnInput[]): number {
    const lengths = inputs.map(inputLength);
    const rows = lengths[0] ?? 0;
    const uneven = lengths.findIndex((length) => length !== rows);
    if (uneven < 0) return rows;
    throw new UsageError({
      code: 'uneven_columns',
      message:
        `Expected ${rows} values for column ${JSON.stringify(this.#names[uneven])} of dataset ` +
        `${JSON.stringify(this.name)}, as for the first column, got ${lengths[uneven]}`,
    });
  }

  #checkRows(rows: Int32Array | Uint32Array, length: number): void {
    const outside = rows.find((row) => row < 0 || row >= length);
    if (outside === undefined) return;
    throw new UsageError({
      code: 'unknown_row',
      message: `Expected \`rows\` to be within the ${length} rows given for dataset ${JSON.stringify(this.name)}, got ${outside}`,
    });
  }
}
