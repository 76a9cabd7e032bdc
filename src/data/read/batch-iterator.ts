// The fast way through a dataset: record batches as typed arrays over the memory they were read into.

import type { ColumnType } from '../../model/column-type.ts';
import { unpackBits } from '../bits.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { cutChunk } from './cut-chunk.ts';
import { rowsOf } from './scan-plan.ts';
import type { ScanPlan } from './scan-plan.ts';
import { BatchSource } from './scan.ts';
import type { ScanRequest } from './scan.ts';
import { BytesColumn, JsonColumn, NumberColumn, StringColumn } from './text-columns.ts';
import { bigints, floats, integers, plainNumbers } from './typed-values.ts';
import type { PlainNumbers } from './typed-values.ts';

/** A column of a batch. */
export type BatchColumn =
  | PlainNumbers
  | BigInt64Array
  | NumberColumn
  | StringColumn
  | BytesColumn
  | JsonColumn;

/** A record batch as it is handed out. */
export interface RawBatch {
  readonly length: number;
  readonly columns: Readonly<Record<string, BatchColumn>>;
  readonly validity: Readonly<Record<string, Uint8Array | null>>;
}

/**
 * Iterates over the batches of a scan. Each is valid until the next one is asked for. A generator, because the compiler
 * never puts one into the loop that uses it: it would compile that loop for longer than most of them run.
 */
export function* iterateBatches(
  request: ScanRequest,
  plan: ScanPlan,
): Generator<RawBatch, undefined, undefined> {
  const { onPlan } = request;
  let rowsLeft = rowsOf(plan.segments);
  const takes: ScanRequest['takes'] = (place) => {
    const isTaken = request.takes?.(place) !== false;
    rowsLeft -= place.rows;
    if (!isTaken) onPlan?.(-place.rows);
    return isTaken;
  };
  const source = new BatchSource({ ...request, takes }, plan.segments);
  onPlan?.(rowsLeft);
  try {
    while (source.next()) yield rawBatch(request.columns, source);
  } finally {
    if (rowsLeft > 0) onPlan?.(-rowsLeft);
  }
}

function rawBatch(names: readonly string[], source: BatchSource): RawBatch {
  const { columns, offsets, piece } = source;
  const { rows } = piece;
  const chunks = source.chunks.map((chunk, i) => {
    const isBits = columns[i]?.type === 'bool';
    return cutChunk(chunk, { start: offsets[i] ?? 0, rows, isBits });
  });
  const byName = <T>(valueOf: (chunk: ColumnChunk, i: number) => T): Record<string, T> =>
    Object.fromEntries(chunks.map((chunk, i) => [names[i] ?? '', valueOf(chunk, i)]));
  return {
    length: rows,
    columns: byName((chunk, i) => batchColumn(columns[i]?.type ?? 'bytes', chunk)),
    validity: byName(({ validity }) => validity),
  };
}

/** Makes what is handed out of a chunk. */
export function batchColumn(type: ColumnType, chunk: ColumnChunk): BatchColumn {
  switch (type) {
    case 'float64':
      return floats(chunk);
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
      return plainNumbers(type, chunk);
    case 'date':
      return integers(chunk).subarray(0, chunk.rows);
    case 'number':
      return new NumberColumn(chunk);
    case 'int64':
    case 'time':
    case 'datetime':
      return bigints(chunk);
    case 'bool':
      return unpackBits(chunk.bytes, chunk.rows);
    case 'string':
      return new StringColumn(chunk);
    case 'bytes':
      return new BytesColumn(chunk);
    case 'json':
      return new JsonColumn(chunk);
  }
}
