// Writes batches of a dataset as row groups of a Parquet file: each is handed on before the next one is read.

import { gzipSync } from 'node:zlib';

import type { ColumnType, Dataset, DatasetColumn } from 'acc-engine';
import type { DecodedArray } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { compress } from 'zstd-napi';

import { exactNumberText } from '../values/number-text.ts';
import { COLUMNS_KEY, parquetSchema } from './schema.ts';

/** Codecs by the names that options have. */
const CODECS = { none: 'UNCOMPRESSED', snappy: 'SNAPPY', gzip: 'GZIP', zstd: 'ZSTD' } as const;
const ZSTD_LEVEL = 3;

/** How pages are compressed. */
export type ParquetCompression = keyof typeof CODECS;

/** How values that are not stored as batches have them are stored. */
const CONVERSIONS: Partial<Readonly<Record<ColumnType, (value: unknown) => unknown>>> = {
  bool: (value) => value === 1 || value === true,
  number: (value) => exactNumberText(value as number | bigint),
  json: (value) => Buffer.from(JSON.stringify(value)),
  bytes: (value) => Uint8Array.from(value as Uint8Array),
};

/** Gives the bytes of one file with slices of a dataset, one after another. */
export async function* parquetBytes(
  source: Dataset,
  settings: {
    readonly slices: readonly number[];
    readonly columns: readonly DatasetColumn[];
    readonly compression: ParquetCompression;
  },
): AsyncGenerator<Buffer> {
  const { slices, columns, compression } = settings;
  const types = columns.map(({ name, type }) => ({ name, type }));
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: parquetSchema(columns),
    codec: CODECS[compression],
    compressors: {
      GZIP: (page) => gzipSync(page),
      ZSTD: (page) => compress(page, { compressionLevel: ZSTD_LEVEL }),
    },
    kvMetadata: [{ key: COLUMNS_KEY, value: JSON.stringify(types) }],
    createdBy: 'acc',
  });
  const names = columns.map(({ name }) => name);
  for (const sliceno of slices) {
    for (const batch of source.batches(sliceno, names)) {
      const columnData = columns.map(({ name, type }) => ({
        name,
        data: storedValues(type, batch.columns[name] as BatchValues, {
          rows: batch.length,
          validity: batch.validity[name] ?? null,
        }),
        offsetIndex: false,
        ...(isFloat(type) ? ({ encoding: 'PLAIN' } as const) : {}),
      }));
      await writer.write({ columnData, rowGroupSize: batch.length });
      yield taken(bytes);
    }
  }
  await writer.finish();
  yield taken(bytes);
}

/** What has been written since the last time. */
function taken(writer: ByteWriter): Buffer {
  const bytes = Buffer.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}

/** Floats are not put into dictionaries: those of the writer take −0 for 0. */
function isFloat(type: ColumnType): boolean {
  return type === 'float32' || type === 'float64';
}

/** A column of a batch: a typed array, or values that `get` decodes. */
type BatchValues = ArrayLike<unknown> & { get?(row: number): unknown };

/** The values as Parquet stores them. */
function storedValues(
  type: ColumnType,
  values: BatchValues,
  { rows, validity }: { rows: number; validity: Uint8Array | null },
): DecodedArray {
  if (validity === null && isStoredAsItIs(values)) return values;
  const convert = CONVERSIONS[type] ?? ((value: unknown) => value);
  const stored: unknown[] = [];
  for (let row = 0; row < rows; row++) {
    const isNull = validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
    const value = values.get === undefined ? values[row] : values.get(row);
    stored.push(isNull ? null : convert(value));
  }
  return stored;
}

function isStoredAsItIs(values: unknown): values is DecodedArray {
  return (
    values instanceof Int32Array ||
    values instanceof BigInt64Array ||
    values instanceof Float32Array ||
    values instanceof Float64Array
  );
}
