// The column that is being written, as the slice writer sees it: rows go in one by one, record batches come out.

import type { Bounds, DeclaredColumn } from '../manifest/dataset-part.ts';
import type { RowCodes } from './coded-text.ts';
import type { ByteSlices, InputPart } from './column-input.ts';
import type { ColumnRows, RowChoice } from './column-rows.ts';
import { ConvertingBuffer } from './converting-buffer.ts';
import { Int64Buffer } from './int64-buffer.ts';
import { NumberBuffer } from './number-buffer.ts';
import type { WritePlace } from './value-error.ts';
import { VaryingBuffer } from './varying-buffer.ts';

/** The Arrow form of the rows a column holds. Valid until the column is cleared. */
export interface ColumnBatch {
  readonly nulls: number;
  /** Validity (empty when nothing is null), then values, or offsets and bytes. Nulls are zero or empty in there. */
  readonly buffers: readonly Uint8Array[];
  readonly bounds: Bounds;
  /** False when a datetime is not in whole milliseconds. */
  readonly wholeMs: boolean;
  /** For strings that all came as codes into one dictionary: the codes, those of nulls being of no meaning. */
  readonly codes?: RowCodes | null;
}

/** Some rows of one column, growing. A call that throws leaves the column as it was, except `appendAll`. */
export interface ColumnBuffer {
  /** Rows held. */
  readonly length: number;
  /** Bytes held of values of varying length. */
  readonly sizeBytes: number;
  /** Appends a value; throws `UsageError` when the column cannot hold exactly it. */
  append(value: unknown): void;
  /** Appends many values. */
  appendAll(part: InputPart): void;
  /** Appends a value given as bytes `[start, end)`; UTF-8 for strings, JSON text for json. */
  appendBytes(bytes: Uint8Array, start: number, end: number): void;
  /** Appends many values given as bytes, as `appendBytes` takes them. */
  appendSlices(bytes: Uint8Array, slices: ByteSlices): void;
  /** Appends rows of a column of the same type. */
  appendRows(rows: ColumnRows, choice: RowChoice): void;
  /** The rows held, not copied: good until the column changes. */
  rows(): ColumnRows;
  /** Forgets all rows from `length` on. */
  truncate(length: number): void;
  batch(): ColumnBatch;
  /** Forgets all rows. */
  clear(): void;
}

/** Makes the buffer for a column. */
export function columnBuffer(column: DeclaredColumn, place: WritePlace): ColumnBuffer {
  const buffer = typedBuffer(column, place);
  const converts = column.parsed === true || column.default !== undefined;
  return converts ? new ConvertingBuffer(buffer, column, place) : buffer;
}

function typedBuffer(column: DeclaredColumn, place: WritePlace): ColumnBuffer {
  switch (column.type) {
    case 'bool':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64':
    case 'date':
      return new NumberBuffer({ ...column, type: column.type }, place);
    case 'int64':
    case 'time':
    case 'datetime':
      return new Int64Buffer({ ...column, type: column.type }, place);
    case 'number':
    case 'string':
    case 'bytes':
    case 'json':
      return new VaryingBuffer({ ...column, type: column.type }, place);
  }
}
