// The handle of a dataset, as method authors and build scripts see it. Opens nothing until it is asked for something.

import type {
  BatchColumnOf,
  CellOf,
  ColumnName,
  ColumnTypes,
  ReadOptions,
} from '../data/column-values.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { Digest } from '../model/ids.ts';
import type { DatasetRef } from '../model/manifest.ts';
import type { DatasetChain } from './dataset-chain.ts';
import type { DatasetHost } from './dataset-host.ts';
import type { Job } from './job.ts';

export type { ColumnTypes } from '../data/column-values.ts';

/** A column of a dataset. */
export interface DatasetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Over this column's type and values, and those of the same column in `previous`. */
  readonly digest: Digest;
}

/** Some consecutive rows of one slice, column by column. Valid until the next batch is asked for. */
export interface Batch<
  Columns extends ColumnTypes = ColumnTypes,
  Name extends ColumnName<Columns> = ColumnName<Columns>,
> {
  /** Number of rows. */
  readonly length: number;
  readonly columns: { readonly [N in Name]: BatchColumnOf<Columns, N> };
  /** Arrow validity bitmap of each column (bit set: value present); `null` when the batch has no nulls in it. */
  readonly validity: { readonly [N in Name]: Uint8Array | null };
}

/** Selects datasets of a chain. */
export interface ChainOptions {
  /** Number of datasets, counted from the newest; −1 for all. */
  readonly length?: number;
  /** Newest first. */
  readonly reverse?: boolean;
  /** The chain ends before this one. */
  readonly stop?: Dataset | null | undefined;
}

/** A tuple of the values of some columns. */
export type RowOf<
  Columns extends ColumnTypes,
  Names extends readonly ColumnName<Columns>[],
  Options extends ReadOptions,
> = { -readonly [I in keyof Names]: CellOf<Columns, Names[I], Options> };

/** An object with the values of all columns. */
export type RecordOf<Columns extends ColumnTypes, Options extends ReadOptions> = {
  [Name in ColumnName<Columns>]: CellOf<Columns, Name, Options>;
};

/** A typed columnar table made by a job. */
export class Dataset<Columns extends ColumnTypes = ColumnTypes> {
  readonly ref: DatasetRef;
  /** The only columns that may be read through this handle; `undefined` when all may. */
  readonly declaredColumns: readonly string[] | undefined;
  readonly #host: DatasetHost;

  constructor(ref: DatasetRef, host: DatasetHost, declaredColumns?: readonly string[]) {
    this.ref = ref;
    this.#host = host;
    this.declaredColumns = declaredColumns;
  }

  get name(): string {
    return this.ref.name;
  }

  get job(): Job {
    return this.#host.job(this.ref.job);
  }

  get caption(): string {
    throw new Error('Internal error: not yet');
  }

  /** The file it was imported from; `null` when there is none. */
  get filename(): string | null {
    throw new Error('Internal error: not yet');
  }

  /** The column by whose hash rows were placed in slices; `null` when they were not. */
  get hashlabel(): string | null {
    throw new Error('Internal error: not yet');
  }

  get previous(): Dataset<Columns> | null {
    throw new Error('Internal error: not yet');
  }

  /** The dataset whose columns this one extends; `null` when there is none. */
  get parent(): Dataset | null {
    throw new Error('Internal error: not yet');
  }

  /** Columns by name. */
  get columns(): Readonly<Record<ColumnName<Columns>, DatasetColumn>> {
    throw new Error('Internal error: not yet');
  }

  /** Rows per slice. */
  get lines(): readonly number[] {
    throw new Error('Internal error: not yet');
  }

  /** Number of columns and of rows. */
  get shape(): readonly [columns: number, rows: number] {
    throw new Error('Internal error: not yet');
  }

  /** Smallest value of a column; `null` when it has none (no rows, only nulls, or a type without order). */
  min<Name extends ColumnName<Columns>>(column: Name): CellOf<Columns, Name> | null {
    throw new Error(`Internal error: ${column}`);
  }

  /** Largest value of a column; `null` when it has none. */
  max<Name extends ColumnName<Columns>>(column: Name): CellOf<Columns, Name> | null {
    throw new Error(`Internal error: ${column}`);
  }

  /** Goes through the rows of one slice, or of all slices in order (`null`): the value of one column, */
  iterate<Name extends ColumnName<Columns>, Options extends ReadOptions = ReadOptions>(
    sliceno: number | null,
    column: Name,
    options?: Options,
  ): IterableIterator<CellOf<Columns, Name, Options>>;
  /** a tuple for a list of columns, */
  iterate<
    const Names extends readonly ColumnName<Columns>[],
    Options extends ReadOptions = ReadOptions,
  >(
    sliceno: number | null,
    columns: Names,
    options?: Options,
  ): IterableIterator<RowOf<Columns, Names, Options>>;
  /** or an object with all columns. */
  iterate<Options extends ReadOptions = ReadOptions>(
    sliceno: number | null,
    columns?: null,
    options?: Options,
  ): IterableIterator<RecordOf<Columns, Options>>;
  iterate(
    _sliceno: number | null,
    _columns?: string | readonly string[] | null,
    _options?: ReadOptions,
  ): IterableIterator<never> {
    throw new Error('Internal error: not yet');
  }

  /** Goes through the record batches of one slice, or of all (`null`): the fast path. */
  batches<const Names extends readonly ColumnName<Columns>[] = readonly ColumnName<Columns>[]>(
    _sliceno: number | null,
    _columns?: Names | null,
  ): IterableIterator<Batch<Columns, Names[number]>> {
    throw new Error('Internal error: not yet');
  }

  /** This dataset and those before it, oldest first unless reversed. */
  chain(_options: ChainOptions = {}): DatasetChain<Columns> {
    throw new Error('Internal error: not yet');
  }

  /** The spec: `dev-42/NAME`, or `dev-42` for the dataset named `default`. */
  toString(): string {
    return this.ref.name === 'default' ? this.ref.job : `${this.ref.job}/${this.ref.name}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
