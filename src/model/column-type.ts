// The names of column types, and their text form in records and manifests: `int32`, or `int32?` when nullable.
// The text form is what keys compare; how values are stored is the data room's matter.

/** All column types, in the order in which they are listed to people. */
export const COLUMN_TYPES = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'float32',
  'float64',
  'number',
  'date',
  'time',
  'datetime',
  'string',
  'bytes',
  'json',
] as const;

/** Name of a column type. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** Types of columns that can be declared as `parsed:T`. */
export const PARSED_TARGETS = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'float32',
  'float64',
  'number',
  'date',
  'time',
  'datetime',
  'json',
] as const;

/** Such a type. */
export type ParsedTarget = (typeof PARSED_TARGETS)[number];

/** For writers: takes values of the type, and text that stands for one. A dataset has a column of the type itself. */
export type ParsedType = `parsed:${ParsedTarget}`;

/** How an author declares one column: its type, or the type and more. */
export type ColumnDeclaration =
  | ColumnType
  | ParsedType
  | {
      readonly type: ColumnType | ParsedType;
      /** Whether it may hold nulls; not if left out. */
      readonly nullable?: boolean;
      /** For writers: what is stored instead of a value that cannot be converted. */
      readonly default?: unknown;
    };

/** A column's type as facts. */
export interface ColumnTypeFacts {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** What a writer needs to know beside the type. */
export interface ColumnWritingFacts {
  /** Text is parsed. */
  readonly parsed?: true;
  /** Stored instead of what cannot be converted. */
  readonly default?: { readonly value: unknown };
}

/** Tells whether `name` is the name of a column type. */
export function isColumnType(name: unknown): name is ColumnType {
  return COLUMN_TYPES.some((type) => type === name);
}

/** Brings both forms of a declaration into one; what is neither comes out as the type. */
export function columnTypeFacts(declaration: ColumnDeclaration): ColumnTypeFacts {
  const isObject = typeof declaration === 'object' && declaration !== null;
  const type = isObject ? declaration.type : declaration;
  const parsed = PARSED_TARGETS.find((target) => type === `parsed:${target}`);
  return {
    type: parsed ?? (type as ColumnType),
    nullable: isObject ? (declaration.nullable ?? false) : false,
  };
}

/** What a declaration says to a writer. */
export function columnWritingFacts(declaration: ColumnDeclaration): ColumnWritingFacts {
  const isObject = typeof declaration === 'object' && declaration !== null;
  const type = isObject ? declaration.type : declaration;
  const { type: plain } = columnTypeFacts(declaration);
  const hasDefault = isObject && declaration.default !== undefined;
  return {
    ...(plain === type ? {} : { parsed: true }),
    ...(hasDefault ? { default: { value: declaration.default } } : {}),
  };
}

/** Writes a column's type as text: `int32`, or `int32?` when nullable. */
export function columnTypeText(declaration: ColumnDeclaration): string {
  const { type, nullable } = columnTypeFacts(declaration);
  return nullable ? `${type}?` : type;
}

/** Tells whether a column of type `actual` can be read as `declared`, both as text: a nullable declaration takes both. */
export function acceptsColumn(declared: string, actual: string): boolean {
  return declared === actual || declared === `${actual}?`;
}

/** How the data files of a dataset may be compressed. */
export const COMPRESSIONS = ['none', 'lz4', 'zstd'] as const;

/** Codec of data files, applied to each buffer that becomes markedly smaller by it. */
export type Compression = (typeof COMPRESSIONS)[number];
