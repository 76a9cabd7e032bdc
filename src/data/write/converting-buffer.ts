// A column that takes more than its type: text that is parsed, and anything where it has a default.

import type { ParsedTarget } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { DeclaredColumn } from '../manifest/dataset-part.ts';
import type { ColumnBatch, ColumnBuffer } from './column-buffer.ts';
import { forEachRow, isColumnarText } from './column-input.ts';
import type { ByteSlices, InputPart } from './column-input.ts';
import type { ColumnRows, RowChoice } from './column-rows.ts';
import { parseText } from './parse-text.ts';
import { describeValue, quote, valueError } from './value-error.ts';
import type { WritePlace } from './value-error.ts';

/** Converts values and puts them into another buffer. */
export class ConvertingBuffer implements ColumnBuffer {
  readonly #inner: ColumnBuffer;
  readonly #column: DeclaredColumn;
  readonly #place: WritePlace;

  /** Throws `UsageError` when the default is no value of the column. */
  constructor(inner: ColumnBuffer, column: DeclaredColumn, place: WritePlace) {
    this.#inner = inner;
    this.#column = column;
    this.#place = place;
    if (column.default !== undefined) this.#checkDefault(column.default.value);
  }

  get length(): number {
    return this.#inner.length;
  }

  get sizeBytes(): number {
    return this.#inner.sizeBytes;
  }

  append(value: unknown): void {
    this.#orDefault(() => this.#convert(value));
  }

  appendAll(part: InputPart): void {
    const { values } = part;
    if (isColumnarText(values)) {
      const { bytes, offsets } = values;
      forEachRow(part, (row) => {
        if (row < 0) this.append(null);
        else this.appendBytes(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0);
      });
    } else forEachRow(part, (row) => this.append(row < 0 ? null : values[row]));
  }

  appendBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#column.parsed === true) {
      this.append(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString());
    } else this.#orDefault(() => this.#inner.appendBytes(bytes, start, end));
  }

  appendSlices(bytes: Uint8Array, { starts, ends, from, to, step = 1 }: ByteSlices): void {
    for (let i = from; i < to; i += step) this.appendBytes(bytes, starts[i] ?? 0, ends[i] ?? 0);
  }

  appendRows(rows: ColumnRows, choice: RowChoice): void {
    this.#inner.appendRows(rows, choice);
  }

  rows(): ColumnRows {
    return this.#inner.rows();
  }

  truncate(length: number): void {
    this.#inner.truncate(length);
  }

  batch(): ColumnBatch {
    return this.#inner.batch();
  }

  clear(): void {
    this.#inner.clear();
  }

  #convert(value: unknown): void {
    const { type, parsed } = this.#column;
    if (parsed !== true || typeof value !== 'string') return this.#inner.append(value);
    const converted = parseText(type as ParsedTarget, value);
    if (converted !== value && converted !== undefined) return this.#inner.append(converted);
    const reason = `a value of type ${type}, or text that stands for one`;
    throw valueError(this.#place, this.#column, { row: this.length, value, reason });
  }

  #orDefault(append: () => void): void {
    try {
      append();
    } catch (error) {
      const { default: fallback } = this.#column;
      if (fallback === undefined || !(error instanceof UsageError)) throw error;
      this.#inner.append(fallback.value);
    }
  }

  #checkDefault(value: unknown): void {
    try {
      this.#inner.append(value);
      this.#inner.clear();
    } catch {
      const { name, type, nullable } = this.#column;
      throw new UsageError({
        code: 'invalid_default',
        message:
          `Expected the default of column ${quote(name)} of dataset ${quote(this.#place.dataset)} to be a value ` +
          `of type ${type}${nullable ? ' or null' : ''}, got ${describeValue(value)}`,
      });
    }
  }
}
