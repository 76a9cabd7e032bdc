// Column types of acc as types of Parquet, and back. A file that acc has written says in its metadata which types its
// columns had, because Parquet knows fewer.

import type { ColumnType } from 'acc-engine';
import type { FileMetaData, SchemaElement } from 'hyparquet';

/** Key of the metadata that holds the columns as JSON: `[{ "name", "type" }]`. */
export const COLUMNS_KEY = 'acc.columns';

/** A column of a file. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Microseconds of one unit of a time of day; 0 for other columns. */
  readonly timeUnit: number;
  /** It is a list, a map or a group of several. */
  readonly isNested: boolean;
  /** The file has integers in it, whatever type they are to get. */
  readonly isInteger: boolean;
}

const ELEMENTS: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  bool: { type: 'BOOLEAN' },
  int8: integer('INT32', 'INT_8'),
  int16: integer('INT32', 'INT_16'),
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  uint8: integer('INT32', 'UINT_8'),
  uint16: integer('INT32', 'UINT_16'),
  uint32: integer('INT32', 'UINT_32'),
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  number: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  date: { type: 'INT32', converted_type: 'DATE' },
  time: {
    type: 'INT64',
    converted_type: 'TIME_MICROS',
    logical_type: { type: 'TIME', isAdjustedToUTC: true, unit: 'MICROS' },
  },
  datetime: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  bytes: { type: 'BYTE_ARRAY' },
  // Without the converted type, with which the writer would make nulls of the value null.
  json: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
};

const CONVERTED: Readonly<Record<string, ColumnType>> = {
  UTF8: 'string',
  ENUM: 'string',
  DECIMAL: 'float64',
  DATE: 'date',
  TIME_MILLIS: 'time',
  TIME_MICROS: 'time',
  TIMESTAMP_MILLIS: 'datetime',
  TIMESTAMP_MICROS: 'datetime',
  JSON: 'json',
  INT_8: 'int8',
  INT_16: 'int16',
  INT_32: 'int32',
  INT_64: 'int64',
  UINT_8: 'uint8',
  UINT_16: 'uint16',
  UINT_32: 'uint32',
  UINT_64: 'number',
};

const LOGICAL: Readonly<Record<string, ColumnType>> = {
  STRING: 'string',
  ENUM: 'string',
  UUID: 'string',
  FLOAT16: 'float32',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'datetime',
  JSON: 'json',
  DECIMAL: 'float64',
};

const PHYSICAL: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  INT96: 'datetime',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BYTE_ARRAY: 'bytes',
  FIXED_LEN_BYTE_ARRAY: 'bytes',
};

/** The schema of a file with these columns, as Parquet lists it: the root first. */
export function parquetSchema(
  columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly nullable: boolean;
  }[],
): SchemaElement[] {
  const leaves = columns.map(({ name, type, nullable }): SchemaElement => ({
    ...ELEMENTS[type],
    name,
    repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED',
  }));
  return [{ name: 'root', num_children: leaves.length }, ...leaves];
}

/** The columns of a file. What is nested becomes json. */
export function parquetColumns({ schema, key_value_metadata }: FileMetaData): ParquetColumn[] {
  const known = knownTypes(key_value_metadata?.find(({ key }) => key === COLUMNS_KEY)?.value);
  const columns: ParquetColumn[] = [];
  for (let at = 1; at < schema.length;) {
    const element = schema[at];
    if (element === undefined) break;
    const isNested = (element.num_children ?? 0) > 0 || element.repetition_type === 'REPEATED';
    columns.push({
      name: element.name,
      type: known.get(element.name) ?? (isNested ? 'json' : typeOf(element)),
      nullable: element.repetition_type !== 'REQUIRED',
      timeUnit: isNested ? 0 : timeUnitOf(element),
      isNested,
      isInteger: !isNested && /^u?int/u.test(typeOf(element)),
    });
    at = behind(schema, at);
  }
  return columns;
}

function integer(
  type: 'INT32',
  converted_type: 'INT_8' | 'INT_16' | 'UINT_8' | 'UINT_16' | 'UINT_32',
): Omit<SchemaElement, 'name'> {
  const [sign = '', bits = ''] = converted_type.split('_');
  const logical_type = {
    type: 'INTEGER',
    bitWidth: Number(bits),
    isSigned: sign === 'INT',
  } as const;
  return { type, converted_type, logical_type };
}

function typeOf({ type, converted_type, logical_type }: SchemaElement): ColumnType {
  if (logical_type?.type === 'INTEGER') {
    const { bitWidth, isSigned } = logical_type;
    return CONVERTED[`${isSigned ? 'INT' : 'UINT'}_${bitWidth}`] ?? 'int64';
  }
  const named = CONVERTED[converted_type ?? ''] ?? LOGICAL[logical_type?.type ?? ''];
  return named ?? PHYSICAL[type ?? ''] ?? 'bytes';
}

function timeUnitOf({ converted_type, logical_type }: SchemaElement): number {
  if (logical_type?.type === 'TIME') {
    return { MILLIS: 1000, MICROS: 1, NANOS: 0.001 }[logical_type.unit];
  }
  if (converted_type === 'TIME_MILLIS') return 1000;
  return converted_type === 'TIME_MICROS' ? 1 : 0;
}

/** The element behind one and all that is in it. */
function behind(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = behind(schema, next);
  return next;
}

function knownTypes(text: string | undefined): ReadonlyMap<string, ColumnType> {
  if (text === undefined) return new Map();
  const list = JSON.parse(text) as readonly { name: string; type: ColumnType }[];
  return new Map(list.map(({ name, type }) => [name, type]));
}
