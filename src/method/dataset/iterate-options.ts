// The options of `iterate` and `batches`, and what rows are with them, as types.

import type {
  CellOf,
  ColumnName,
  ColumnTypes,
  Dynamic,
  IsUndeclared,
  ReadOptions,
} from '../../data/column-values.ts';
import type { SliceRequest } from '../../data/read/row-slice.ts';
import type { PiecePlace } from '../../data/read/scan.ts';
import type { Dataset } from './dataset.ts';
import type { IterationSignal } from './iteration-signal.ts';

/** Which rows: a slice, all slices one after another (`null`), or a row of each slice in turn. */
export type SliceChoice = number | null | 'roundrobin';

/** What a callback may return: nothing, or what to do instead of going on. */
export type CallbackResult = IterationSignal | void;

/** Options of `batches`. */
export interface BatchesOptions<Columns extends ColumnTypes = ColumnTypes> {
  /**
   * One column with its first value and the value before which to stop; `null` leaves an end open. Datasets, slices and
   * record batches that hold no such value are not read. `iterate` gives exactly the rows with such a value, nulls never;
   * `batches` gives whole batches. The column need not be asked for.
   */
  readonly range?: RangeOption<Columns>;
  /** Every dataset must be hashed on this column, unless `rehash` is set. */
  readonly hashlabel?: ColumnName<Columns>;
  /**
   * Rows by position, counted over the whole iteration: n skips n rows, −n leaves the last n. Rows that are not wanted
   * are not read, unless `range` or `filters` choose rows: then positions count those chosen.
   */
  readonly slice?: SliceRequest;
  /**
   * Called before each dataset that has rows to read; a function with two parameters is called for slices, as
   * `preSliceCallback` is.
   */
  readonly preCallback?: (dataset: Dataset<Columns>, sliceno: number) => CallbackResult;
  /**
   * Called after each dataset that was not skipped, when its last row has been used; a function with two parameters is
   * called for slices, as `postSliceCallback` is.
   */
  readonly postCallback?: (dataset: Dataset<Columns>, sliceno: number) => CallbackResult;
  /** Called before each slice of such a dataset, also one without rows. */
  readonly preSliceCallback?: (dataset: Dataset<Columns>, sliceno: number) => CallbackResult;
  /** Called after each slice that was not skipped. */
  readonly postSliceCallback?: (dataset: Dataset<Columns>, sliceno: number) => CallbackResult;
  /** `false` keeps the iteration out of progress and error messages: for all but one of several that run side by side. */
  readonly statusReporting?: boolean;
  /** Asked before each batch, in order; what it refuses is not read. So several slices can share the batches of one. */
  readonly takes?: (place: PiecePlace) => boolean;
}

/** Options of `iterate`. */
export interface IterateOptions<Columns extends ColumnTypes = ColumnTypes>
  extends ReadOptions, Omit<BatchesOptions<Columns>, 'takes'> {
  /** With `range`: gives all rows of datasets that hold such a value. */
  readonly sloppyRange?: boolean;
  /** Datasets that are not hashed on `hashlabel` are read in all slices, for the rows whose hash belongs to this slice. */
  readonly rehash?: boolean;
  /**
   * Change values before `filters` see them: a function of the row, or for some columns a function of the value, a Map
   * or a record in which it is looked up; what is not found becomes `null`.
   */
  readonly translators?: unknown;
  /** Choose rows: a function of the row, or functions of values by column, all of which must agree; `null` is for truthiness. */
  readonly filters?: unknown;
}

/** What `range` may be. */
export type RangeOption<Columns extends ColumnTypes> =
  IsUndeclared<Columns> extends true
    ? Readonly<Record<string, RangeEnds<number | bigint | boolean | Date>>>
    : { readonly [N in ColumnName<Columns>]?: RangeEnds<RangeEnd<Columns, N>> };

type RangeEnds<Value> = readonly [start: Value | null, stop: Value | null];

type RangeEnd<Columns extends ColumnTypes, Name extends ColumnName<Columns>> = Extract<
  CellOf<Columns, Name>,
  number | bigint | boolean | Date
>;

/** What `translators` may be for rows of some columns. */
export type TranslatorsOf<Columns extends ColumnTypes, Name extends ColumnName<Columns>, Row> =
  | ((row: Row) => unknown)
  | { readonly [N in Name]?: Translator<CellOf<Columns, N>> };

type Translator<Value> =
  | ((value: Value) => unknown)
  | ReadonlyMap<Dynamic, unknown>
  | Readonly<Record<string, unknown>>;

/** What `filters` may be for rows of some columns, once these are translated. */
export type FiltersOf<
  Columns extends ColumnTypes,
  Name extends ColumnName<Columns>,
  Options extends ReadOptions,
  Translators,
  Row,
> =
  | ((row: Row) => unknown)
  | { readonly [N in Name]?: ((value: Cell<Columns, N, Options, Translators>) => unknown) | null };

/** Options of a call with the functions that rows of columns `Name` go through; `Row` is what they are if not made anew. */
export type RowOptions<
  Columns extends ColumnTypes,
  Name extends ColumnName<Columns>,
  Options extends ReadOptions,
  Translators,
  Row,
> = Options & {
  readonly translators?: Translators;
  readonly filters?: FiltersOf<Columns, Name, Options, Translators, RowRead<Translators, Row>>;
};

/** The value of a column once it is translated. */
export type Cell<
  Columns extends ColumnTypes,
  Name extends ColumnName<Columns>,
  Options extends ReadOptions,
  Translators,
> = undefined extends Translators
  ? CellOf<Columns, Name, Options>
  : Translators extends { readonly [N in Name]: infer T }
    ? Translated<T>
    : CellOf<Columns, Name, Options>;

type Translated<T> = T extends (value: never) => infer Result
  ? Result
  : T extends ReadonlyMap<Dynamic, infer Value>
    ? Value | null
    : T extends Readonly<Record<string, infer Value>>
      ? Value | null
      : never;

/** What a translator of rows makes, or else the row. Where no translators are given, their type includes `undefined`. */
export type RowRead<Translators, Else> = undefined extends Translators
  ? Else
  : Translators extends (row: never) => infer Result
    ? Result
    : Else;

/** A tuple of the values of some columns. */
export type RowOf<
  Columns extends ColumnTypes,
  Names extends readonly ColumnName<Columns>[],
  Options extends ReadOptions,
  Translators = undefined,
> = { -readonly [I in keyof Names]: Cell<Columns, Names[I], Options, Translators> };

/** An object with the values of all columns. */
export type RecordOf<
  Columns extends ColumnTypes,
  Options extends ReadOptions,
  Translators = undefined,
> = {
  [Name in ColumnName<Columns>]: Cell<Columns, Name, Options, Translators>;
};
