// The result of a query: its columns with acc's types and their values, out of the engine's Arrow form.

import type { DataType, Type, Vector } from 'apache-arrow';

import type { ColumnType } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';

/** A column of a result. */
export interface QueryColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly hasNulls: boolean;
  /** In the form of batches: days for `date`, microseconds as bigint for `datetime`; `null` for nulls. */
  readonly values: readonly unknown[];
}

/** A table that a query has made. */
export interface QueryResult {
  readonly rows: number;
  readonly columns: readonly QueryColumn[];
}

const MICROSECONDS = [1_000_000n, 1000n, 1n];
const NS_PER_US = 1000n;

/** Reads a table from the bytes of an Arrow IPC file. */
export async function readResult(bytes: Uint8Array): Promise<QueryResult> {
  const arrow = await import('apache-arrow');
  const table = arrow.tableFromIPC(bytes);
  const columns = table.schema.fields.map(({ name, type }, i) => {
    const vector = table.getChildAt(i);
    if (vector === null) throw new Error(`Internal error: the result has no column ${i}`);
    const { to, values } = readColumn(arrow.Type, name, type as DataType, vector);
    return { name, type: to, hasNulls: vector.nullCount > 0, values };
  });
  return { rows: table.numRows, columns };
}

/** Names of Arrow's types by their numbers. */
type TypeCodes = typeof Type;

function readColumn(
  codes: TypeCodes,
  name: string,
  type: DataType,
  vector: Vector,
): { to: ColumnType; values: readonly unknown[] } {
  switch (codes[type.typeId]) {
    case 'Bool':
      return { to: 'bool', values: decoded(vector) };
    case 'Int':
      return { to: integerType(type as unknown as Integer), values: decoded(vector) };
    case 'Float': {
      const { precision } = type as unknown as { precision: number };
      return { to: precision === 2 ? 'float64' : 'float32', values: decoded(vector) };
    }
    case 'Decimal': {
      const { scale } = type as unknown as { scale: number };
      const toNumber = (value: unknown): number => Number(String(value)) / 10 ** scale;
      return { to: 'float64', values: decoded(vector, toNumber) };
    }
    case 'Date':
      return { to: 'date', values: stored(vector, Number) };
    case 'Timestamp':
      return { to: 'datetime', values: stored(vector, microseconds(type)) };
    case 'Time':
      return { to: 'time', values: stored(vector, (value) => Number(microseconds(type)(value))) };
    case 'Duration':
      return { to: 'int64', values: stored(vector, microseconds(type)) };
    case 'Binary':
    case 'LargeBinary':
    case 'BinaryView':
      return { to: 'bytes', values: decoded(vector) };
    case 'Utf8':
    case 'LargeUtf8':
    case 'Utf8View':
    case 'Dictionary':
    case 'Null':
      return { to: 'string', values: decoded(vector) };
    case 'List':
    case 'Struct':
      return { to: 'json', values: decoded(vector, plainJson) };
    default:
      throw new UsageError({
        code: 'invalid_query',
        message: `Column "${name}" of the query's result has the type ${codes[type.typeId]}, which no column type of a dataset holds`,
        hint: 'Cast it in the query, as in cast(x as varchar).',
      });
  }
}

interface Integer {
  readonly bitWidth: number;
  readonly isSigned: boolean;
}

function integerType({ bitWidth, isSigned }: Integer): ColumnType {
  return bitWidth === 64 ? 'int64' : (`${isSigned ? '' : 'u'}int${bitWidth}` as ColumnType);
}

function decoded(
  vector: Vector,
  convert: (value: unknown) => unknown = (value) => value,
): unknown[] {
  return Array.from(vector, (value: unknown) => (value === null ? null : convert(value)));
}

/** Values as they are stored, which decoding would round. */
function stored(vector: Vector, convert: (value: number | bigint) => unknown): unknown[] {
  return vector.data.flatMap((chunk) =>
    Array.from({ length: chunk.length }, (_, row) =>
      chunk.getValid(row) ? convert((chunk.values as ArrayLike<number | bigint>)[row] ?? 0) : null,
    ),
  );
}

function microseconds(type: DataType): (value: number | bigint) => bigint {
  const { unit } = type as unknown as { unit: number };
  const factor = MICROSECONDS[unit];
  if (factor === undefined) return (value) => BigInt(value) / NS_PER_US;
  return (value) => BigInt(value) * factor;
}

function plainJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part)),
  );
}
