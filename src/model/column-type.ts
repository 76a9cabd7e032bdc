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

/** How an author declares one column: its type, or the type and whether it may hold nulls (default: no). */
export type ColumnDeclaration =
  | ColumnType
  | { readonly type: ColumnType; readonly nullable?: boolean };

/** A column's type as facts. */
export interface ColumnTypeFacts {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** Tells whether `name` is the name of a column type. */
export function isColumnType(name: unknown): name is ColumnType {
  return COLUMN_TYPES.some((type) => type === name);
}

/** Brings both forms of a declaration into one; what is neither comes out as the type. */
export function columnTypeFacts(declaration: ColumnDeclaration): ColumnTypeFacts {
  return typeof declaration === 'object' && declaration !== null
    ? { type: declaration.type, nullable: declaration.nullable ?? false }
    : { type: declaration, nullable: false };
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
