// Reads Parquet files, a row group at a time, and writes their rows to a dataset.

import { closeSync, openSync, readSync, statSync } from 'node:fs';

import { BATCH_ROWS } from 'acc-engine';
import type { DatasetWriter } from 'acc-engine';
import { parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, ParquetParsers } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { mistake } from '../mistake.ts';
import { MS_PER_DAY } from '../values/units.ts';
import { isNumberType, numberFrom } from './as-number.ts';
import type { ParquetColumn } from './schema.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Consecutive rows of a file, within one row group. */
export interface RowRange {
  readonly name: string;
  readonly path: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Values on the way in: moments in microseconds, days as dates, bytes as they are. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (ms: bigint) => ms * 1000n,
  timestampFromMicroseconds: (us: bigint) => us,
  timestampFromNanoseconds: (ns: bigint) => (ns - (((ns % 1000n) + 1000n) % 1000n)) / 1000n,
  jsonFromBytes: (bytes: Uint8Array) => bytes,
  dateFromDays: (days: number) => new Date(days * MS_PER_DAY),
};

/** Reads what a file says of itself. */
export function readMetadata(path: string): Promise<FileMetaData> {
  return withFile(path, (file) => parquetMetadataAsync(file));
}

/** Gives each of `count` slices its ranges, all together every row in order. */
export function rowRanges(
  files: readonly {
    readonly name: string;
    readonly path: string;
    readonly metadata: FileMetaData;
  }[],
  count: number,
): readonly (readonly RowRange[])[] {
  const groups: RowRange[] = [];
  for (const { name, path, metadata } of files) {
    let start = 0;
    for (const { num_rows } of metadata.row_groups) {
      const end = start + Number(num_rows);
      if (end > start) groups.push({ name, path, start, end });
      start = end;
    }
  }
  const total = groups.reduce((sum, { start, end }) => sum + end - start, 0);
  const slices: RowRange[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const group of groups) {
    const size = group.end - group.start;
    // Whole row groups, by their middle: a part of one costs reading all of it.
    const slice = Math.min(count - 1, Math.floor(((before + size / 2) * count) / total));
    slices[slice]?.push(group);
    before += size;
  }
  return slices;
}

/** Writes the rows of a range; gives their number. */
export async function importRange(
  { name, path, start, end }: RowRange,
  columns: readonly ParquetColumn[],
  writer: DatasetWriter,
): Promise<number> {
  const found = new Map<string, unknown[]>(columns.map((column) => [column.name, []]));
  await withFile(path, (file) =>
    parquetRead({
      file,
      columns: columns.map((column) => column.name),
      rowStart: start,
      rowEnd: end,
      compressors,
      utf8: false,
      parsers: PARSERS,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const values = found.get(columnName);
        const from = Math.max(0, start - rowStart);
        for (let i = from; i < Math.min(columnData.length, end - rowStart); i++) {
          values?.push((columnData as ArrayLike<unknown>)[i]);
        }
      },
    }),
  );
  const rows = end - start;
  for (let row = 0; row < rows; row += BATCH_ROWS) {
    const batch = columns.map((column): [string, unknown[]] => {
      const convert = conversion(column);
      const values = found.get(column.name)?.slice(row, row + BATCH_ROWS) ?? [];
      const converted = values.map((value, i) => {
        if (value === null || value === undefined) return null;
        const cell = convert(value);
        if (cell === undefined) throw inexact(column, value, `row ${start + row + i} of ${name}`);
        return cell;
      });
      return [column.name, converted];
    });
    writer.writeBatch(Object.fromEntries(batch));
  }
  if ([...found.values()].some((values) => values.length !== rows)) {
    throw mistake(`${name} is damaged: its columns have different numbers of rows`);
  }
  return rows;
}

function inexact({ name, type }: ParquetColumn, value: unknown, place: string): Error {
  return mistake(
    `Column ${JSON.stringify(name)} has the integer ${String(value)} in ${place}, which ${type} cannot hold exactly: ` +
      'give it the type int64 or number',
  );
}

/** What is `undefined` is refused. */
function conversion({
  type,
  timeUnit,
  isNested,
  isInteger,
}: ParquetColumn): (value: unknown) => unknown {
  if (type === 'string') return textOf;
  if (type === 'number') return numberOf;
  if (type === 'float32' && isInteger) {
    return (value) =>
      typeof value === 'bigint' || Number.isSafeInteger(value)
        ? numberFrom(type, BigInt(value as number | bigint))
        : value;
  }
  if (isNumberType(type)) {
    return (value) => (typeof value === 'bigint' ? numberFrom(type, value) : value);
  }
  // What is no time in the file is taken as microseconds.
  if (type === 'time' && timeUnit === 0) return (value) => value;
  if (type === 'time') return (value) => Math.floor(Number(value) * timeUnit);
  if (type === 'bytes') return (value) => (typeof value === 'string' ? Buffer.from(value) : value);
  if (type !== 'json') return (value) => value;
  return isNested ? plainJson : (value) => JSON.parse(textOf(value)) as unknown;
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? UTF8.decode(value) : String(value);
}

function numberOf(value: unknown): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const text = textOf(value);
  const number = Number(text);
  return /^-?\d+$/u.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

/** What is nested, with text for bytes, as JSON can hold it. */
function plainJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return textOf(value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plainJson(part)]));
}

async function withFile<T>(path: string, use: (file: AsyncBuffer) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'r');
  try {
    const { size } = statSync(path);
    return await use({
      byteLength: size,
      slice: (start, end = size) => {
        const bytes = new Uint8Array(Math.max(0, end - start));
        readSync(fd, bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    });
  } finally {
    closeSync(fd);
  }
}
