// What the values of each column type are in TypeScript: read, written, and in batches. Types only.
// A dataset whose columns are not declared is dynamic: the compiler then knows neither names nor values.

import type { ColumnDeclaration, ColumnType, ParsedType } from '../model/column-type.ts';
import type { BytesColumn, JsonColumn, NumberColumn, StringColumn } from './read/text-columns.ts';
import type { ColumnarText } from './write/column-input.ts';

/** Columns by name, each with its declaration. */
export type ColumnTypes = Readonly<Record<string, ColumnDeclaration>>;

/** How values that may not fit their usual JavaScript type are read. */
export interface ReadOptions {
  /** `number` fails on a value beyond ±(2^53 − 1). Left out: `number` if all values read are within, else `bigint`. */
  readonly int64?: 'number' | 'bigint';
  /** `bigint` is microseconds since 1970; `date` fails on a value that is not in whole milliseconds. Left out: `date` if it can be. */
  readonly datetime?: 'date' | 'bigint';
}

/** A value the compiler knows nothing about, as `JSON.parse` gives it. */
export type Dynamic = ReturnType<JSON['parse']>;

/** Tells the compiler's view of columns apart: `true` when nothing is declared. */
export type IsUndeclared<Columns extends ColumnTypes> = string extends keyof Columns ? true : false;

/** Names of the columns that may be read. */
export type ColumnName<Columns extends ColumnTypes> = Extract<keyof Columns, string>;

/** What a column gives when read. */
export type CellOf<
  Columns extends ColumnTypes,
  Name extends ColumnName<Columns>,
  Options extends ReadOptions = ReadOptions,
> =
  IsUndeclared<Columns> extends true
    ? Dynamic
    : ReadValue<TypeOf<Columns[Name]>, Options> | NullOf<Columns[Name]>;

/** What may be written to a column. */
export type InputOf<Declaration extends ColumnDeclaration> =
  | WrittenValue<TypeOf<Declaration>>
  | MoreInput<Declaration>
  | NullOf<Declaration>;

/** What may be written to a column in one piece: a plain array, what `batches` gives, or text in columnar form. */
export type InputsOf<Declaration extends ColumnDeclaration> =
  | readonly InputOf<Declaration>[]
  | ManyInputs[TypeOf<Declaration>];

/** What a column is in a batch. */
export type BatchColumnOf<Columns extends ColumnTypes, Name extends ColumnName<Columns>> =
  IsUndeclared<Columns> extends true ? Dynamic : BatchColumn<TypeOf<Columns[Name]>>;

type TypeOf<Declaration extends ColumnDeclaration> = Declaration extends {
  readonly type: infer Type;
}
  ? PlainType<Type>
  : PlainType<Declaration>;

type PlainType<Type> = Type extends ColumnType
  ? Type
  : Type extends `parsed:${infer Target extends ColumnType}`
    ? Target
    : never;

/** What may be written beside values of the type: text that is parsed, and anything where there is a default. */
type MoreInput<Declaration extends ColumnDeclaration> = Declaration extends {
  readonly default: unknown;
}
  ? unknown
  : Declaration extends ParsedType | { readonly type: ParsedType }
    ? string
    : never;

type NullOf<Declaration extends ColumnDeclaration> = Declaration extends { readonly nullable: true }
  ? null
  : never;

interface WrittenValues {
  bool: boolean;
  int8: number;
  int16: number;
  int32: number;
  int64: number | bigint;
  uint8: number;
  uint16: number;
  uint32: number;
  float32: number;
  float64: number;
  number: number | bigint;
  date: Date;
  /** Microseconds since midnight. */
  time: number;
  datetime: Date | bigint;
  string: string;
  bytes: Uint8Array;
  json: unknown;
}

type WrittenValue<Type extends ColumnType> = WrittenValues[Type];

interface TypedColumns {
  bool: Uint8Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  float32: Float32Array;
  float64: Float64Array;
  number: never;
  date: Int32Array;
  time: BigInt64Array;
  datetime: BigInt64Array;
  string: never;
  bytes: never;
  json: never;
}

interface ManyInputs extends Omit<TypedColumns, 'number' | 'string' | 'bytes' | 'json'> {
  number: NumberColumn;
  string: ColumnarText;
  bytes: ColumnarText;
  json: ColumnarText;
}

interface BatchColumns extends Omit<TypedColumns, 'number' | 'string' | 'bytes' | 'json'> {
  number: NumberColumn;
  string: StringColumn;
  bytes: BytesColumn;
  json: JsonColumn;
}

type BatchColumn<Type extends ColumnType> = BatchColumns[Type];

type ReadValue<Type extends ColumnType, Options extends ReadOptions> = Type extends 'int64'
  ? Options extends { readonly int64: 'number' }
    ? number
    : Options extends { readonly int64: 'bigint' }
      ? bigint
      : number | bigint
  : Type extends 'datetime'
    ? Options extends { readonly datetime: 'date' }
      ? Date
      : Options extends { readonly datetime: 'bigint' }
        ? bigint
        : Date | bigint
    : Type extends 'json'
      ? Dynamic
      : WrittenValues[Type];
