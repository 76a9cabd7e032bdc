// The handle through which a stage writes a dataset. What becomes of it between stages is in stage-datasets.ts.

import type { ColumnTypes, InputOf, InputsOf } from '../data/column-values.ts';
import type { ColumnDeclaration } from '../model/column-type.ts';
import type { Dataset } from './dataset.ts';

/** How a dataset is declared. */
export interface DatasetWriterOptions<Columns extends ColumnTypes> {
  /** Unique within the job; `default` if not given. */
  readonly name?: string;
  readonly columns: Columns;
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
  /** Appends bytes `[start, end)`: as they are to a bytes column, as UTF-8 to a string column, as JSON text to a json column. */
  appendBytes(bytes: Uint8Array, start: number, end: number): void;
}

/** Writes a dataset, slice by slice. */
export interface DatasetWriter<Columns extends ColumnTypes = ColumnTypes> {
  readonly name: string;
  /** The columns of the present slice by name. */
  readonly columns: { readonly [Name in keyof Columns]: ColumnWriter<Columns[Name]> };
  /** Starts a slice; outside analysis only. A slice is written in one go: it cannot be returned to. */
  setSlice(sliceno: number): void;
  /** Writes a row, values in the order of the columns' declaration. */
  write(...values: readonly InputOf<Columns[keyof Columns]>[]): void;
  /** Writes a row, values by column name. */
  writeRow(row: { readonly [Name in keyof Columns]: InputOf<Columns[Name]> }): void;
  /** Writes many rows, columns by name, all of the same length. */
  writeBatch(batch: { readonly [Name in keyof Columns]: InputsOf<Columns[Name]> }): void;
  /** Ends a row whose values were appended to each of `columns`. */
  endRow(): void;
  /** Adds a column; only before anything is written, and in the stage that made the writer. */
  add(name: string, declaration: ColumnDeclaration): void;
  /** Ends writing and gives the dataset, readable at once. Safe to call again. */
  finish(): Dataset<Columns>;
}
