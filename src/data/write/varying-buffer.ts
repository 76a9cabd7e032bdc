// Columns of values of varying length: string, bytes, json, and number as text. One run of bytes, and where each value ends in it.
// Bytes given by importers are checked to be UTF-8 once per batch, not once per value.

import type { UsageError } from '../../model/errors.ts';
import { decodeNumber, encodeNumber } from '../../util/number-text.ts';
import { isWellFormed } from '../../util/well-formed.ts';
import { encodeBound, goesBeyond, NO_BOUNDS } from '../manifest/bounds.ts';
import type { Bounds, DeclaredColumn } from '../manifest/dataset-part.ts';
import { CodeTrail, isCodedText } from './coded-text.ts';
import type { CodedText } from './coded-text.ts';
import type { ColumnBatch, ColumnBuffer } from './column-buffer.ts';
import { forEachRow, isColumnarText, nullsOf, textSize } from './column-input.ts';
import type { ByteSlices, ColumnarText, InputPart } from './column-input.ts';
import type { ColumnRows, RowChoice, VaryingRows } from './column-rows.ts';
import { choiceOf, eachNull, varyingSize } from './column-rows.ts';
import { EntryCopier } from './copy-entries.ts';
import { SliceCopier, SLACK_BYTES } from './copy-slices.ts';
import { encodeJson } from './json-text.ts';
import { trustOf } from './text-trust.ts';
import type { Trust, VaryingType } from './text-trust.ts';
import { firstBadText } from './utf8-check.ts';
import { ValidityBuilder } from './validity.ts';
import { valueError } from './value-error.ts';
import type { WritePlace } from './value-error.ts';

const FIRST_CAPACITY = 1024;
const MAX_BYTES = 2_147_483_647;
/** Up to here a loop is faster than a call into native code. */
const SHORT = 40;

const REASONS: Readonly<Record<VaryingType, string>> = {
  number: 'a number or bigint',
  string: 'a string',
  bytes: 'a Uint8Array',
  json: 'a value that JSON can express',
};

/** Collects strings, byte strings or JSON values. */
export class VaryingBuffer implements ColumnBuffer {
  readonly #column: DeclaredColumn & { readonly type: VaryingType };
  readonly #type: VaryingType;
  readonly #place: WritePlace;
  readonly #validity = new ValidityBuilder();
  readonly #copier = new SliceCopier();
  readonly #entries = new EntryCopier();
  readonly #trail = new CodeTrail();
  /** Of rows that are gathered; used again. */
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  /** Where each value begins, and where the last one ends. */
  #offsets = new Int32Array(FIRST_CAPACITY + 1);
  #bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY * 8);
  #length = 0;
  #size = 0;
  /** Bytes came from outside and may be anything. */
  #isUnchecked = false;

  constructor(column: DeclaredColumn & { readonly type: VaryingType }, place: WritePlace) {
    this.#column = column;
    this.#type = column.type;
    this.#place = place;
  }

  get length(): number {
    return this.#length;
  }

  get sizeBytes(): number {
    return this.#size;
  }

  append(value: unknown): void {
    if (value === null && this.#column.nullable) this.#validity.markNull(this.#length);
    else if (this.#type === 'string' && typeof value === 'string') this.#putText(value);
    else if (this.#type === 'json') this.#putJson(value);
    else if (this.#type === 'number' && (typeof value === 'number' || typeof value === 'bigint')) {
      this.#putText(encodeNumber(value));
    } else if (this.#type === 'bytes' && value instanceof Uint8Array) {
      this.#putBytes(value, 0, value.length);
    } else throw this.#error(value);
    this.#endRow();
  }

  appendAll(part: InputPart): void {
    const { values } = part;
    if (isColumnarText(values)) this.#appendText(values, part);
    else forEachRow(part, (row) => this.append(row < 0 ? null : values[row]));
  }

  appendBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#type === 'number') throw this.#error(bytes.subarray(start, end));
    if (this.#type === 'json') this.#checkJson(bytes.subarray(start, end));
    this.#isUnchecked = this.#type !== 'bytes';
    this.#putBytes(bytes, start, end);
    this.#endRow();
  }

  appendSlices(source: Uint8Array, slices: ByteSlices): void {
    if (this.#type === 'number') throw this.#error(source);
    const { starts, ends, from, to, step = 1 } = slices;
    const count = Math.ceil((to - from) / step);
    if (this.#type === 'json') {
      for (let i = from; i < to; i += step) this.appendBytes(source, starts[i] ?? 0, ends[i] ?? 0);
      return;
    }
    let size = 0;
    for (let i = from; i < to; i += step) size += (ends[i] ?? 0) - (starts[i] ?? 0);
    this.#reserve(size + SLACK_BYTES);
    this.#reserveRows(this.#length + count);
    this.#isUnchecked = this.#type !== 'bytes';
    const target = { bytes: this.#bytes, offsets: this.#offsets, row: this.#length };
    this.#size = this.#copier.copy(source, slices, { ...target, size: this.#size });
    this.#length += count;
  }

  appendRows(rows: ColumnRows, choice: RowChoice): void {
    const { bytes, offsets, validity } = rows as VaryingRows;
    const first = this.#length;
    this.#reserve(varyingSize(offsets, choice) + SLACK_BYTES);
    this.#reserveRows(first + choice.end - choice.start);
    if (choice.order === null) this.#copyRows(bytes, offsets, choice);
    else this.#gatherRows(bytes, offsets, choice.order.subarray(choice.start, choice.end));
    eachNull(validity, choice, (index) => this.#validity.markNull(first + index));
  }

  rows(): VaryingRows {
    if (this.#isUnchecked) this.#checkUtf8();
    return {
      validity: this.#validity.bitmap(this.#length),
      offsets: this.#offsets.subarray(0, this.#length + 1),
      bytes: new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#size),
    };
  }

  truncate(length: number): void {
    this.#validity.unmark(length, this.#length);
    this.#trail.truncate(length);
    this.#length = Math.min(length, this.#length);
    this.#size = this.#offsets[this.#length] ?? 0;
  }

  batch(): ColumnBatch {
    const rows = this.#length;
    if (this.#isUnchecked) this.#checkUtf8();
    return {
      nulls: this.#validity.nulls,
      buffers: [
        this.#validity.bitmap(rows) ?? new Uint8Array(0),
        new Uint8Array(this.#offsets.buffer, 0, (rows + 1) * 4),
        this.#bytes.subarray(0, this.#size),
      ],
      bounds: this.#type === 'number' ? this.#bounds() : NO_BOUNDS,
      wholeMs: true,
      codes: this.#trail.codes(rows),
    };
  }

  clear(): void {
    this.#trail.truncate(0);
    this.#validity.clear();
    this.#length = 0;
    this.#size = 0;
    this.#isUnchecked = false;
  }

  #bounds(): Bounds {
    let min: number | bigint | null = null;
    let max: number | bigint | null = null;
    for (let row = 0; row < this.#length; row++) {
      if (this.#validity.isNull(row)) continue;
      const value = decodeNumber(this.#bytes, this.#offsets[row] ?? 0, this.#offsets[row + 1] ?? 0);
      if (goesBeyond('min', value, min)) min = value;
      if (goesBeyond('max', value, max)) max = value;
    }
    return min === null || max === null
      ? NO_BOUNDS
      : { min: encodeBound('number', min), max: encodeBound('number', max) };
  }

  #appendText(text: ColumnarText, part: InputPart): void {
    const trust = trustOf(this.#type, text);
    if (trust === 'refused') throw this.#error(text);
    const bitmap = nullsOf(part);
    const mayBeNull = bitmap === null || this.#column.nullable;
    if (trust === 'as it is' && mayBeNull && isCodedText(text)) this.#appendCoded(text, part);
    else if (trust === 'as it is' && mayBeNull && part.rows !== null) this.#pickText(text, part);
    else if (
      part.rows === null &&
      (bitmap === null || (mayBeNull && trust === 'as it is')) &&
      trust !== 'value by value'
    ) {
      this.#isUnchecked ||= trust === 'as bytes' && this.#type !== 'bytes';
      this.#copyText(text, part, bitmap);
    } else this.#appendOneByOne(text, part, trust);
  }

  /** Gathers strings from their dictionary. */
  #appendCoded(text: CodedText, part: InputPart): void {
    const at = this.#length;
    const count = part.end - part.start;
    this.#reserve(textSize(text, part) + SLACK_BYTES);
    this.#reserveRows(at + count);
    const target = { bytes: this.#bytes, offsets: this.#offsets, row: at, size: this.#size };
    this.#size = this.#entries.copy(text, part, target);
    this.#markNulls(part);
    this.#trail.append(text, part, at);
    this.#length = at + count;
  }

  /** Gathers some rows of text that has been checked before; nulls are empty there. */
  #pickText({ offsets, bytes }: ColumnarText, part: InputPart): void {
    const choice = choiceOf(part);
    const at = this.#length;
    this.#reserve(varyingSize(offsets, choice) + SLACK_BYTES);
    this.#reserveRows(at + choice.end - choice.start);
    const rows = choice.order?.subarray(choice.start, choice.end) ?? new Int32Array(0);
    this.#gatherRows(bytes, offsets, rows);
    this.#markNulls(part, at);
  }

  #markNulls(part: InputPart, at: number = this.#length): void {
    const bitmap = nullsOf(part);
    if (bitmap !== null) this.#validity.markAll(bitmap, part, at);
  }

  #appendOneByOne({ offsets, bytes }: ColumnarText, part: InputPart, trust: Trust): void {
    forEachRow(part, (row) => {
      const start = offsets[row] ?? 0;
      const end = offsets[row + 1] ?? 0;
      if (row < 0) this.append(null);
      else if (trust === 'as it is') {
        this.#putBytes(bytes, start, end);
        this.#endRow();
      } else {
        if (start < 0 || end < start || end > bytes.length) throw this.#badOffset(end);
        this.appendBytes(bytes, start, end);
      }
    });
  }

  /** Copies a run of values, and moves their offsets. */
  #copyText({ offsets, bytes }: ColumnarText, part: InputPart, bitmap: Uint8Array | null): void {
    const { start, end } = part;
    const at = this.#length;
    const from = offsets[start] ?? 0;
    const to = offsets[end] ?? 0;
    if (from < 0 || to < from || to > bytes.length) throw this.#badOffset(to);
    this.#reserve(to - from);
    this.#reserveRows(at + end - start);
    const target = this.#offsets;
    const shift = this.#size - from;
    let previous = from;
    for (let i = start + 1; i <= end; i++) {
      const offset = offsets[i] ?? 0;
      if (offset < previous) throw this.#badOffset(offset);
      target[at + i - start] = offset + shift;
      previous = offset;
    }
    this.#bytes.set(bytes.subarray(from, to), this.#size);
    this.#size += to - from;
    if (bitmap !== null) this.#validity.markAll(bitmap, part, at);
    this.#length = at + end - start;
  }

  #badOffset(offset: number): UsageError {
    return this.#error(offset, 'offsets that ascend within its bytes');
  }

  #endRow(): void {
    const length = ++this.#length;
    if (length === this.#offsets.length) this.#reserveRows(length);
    this.#offsets[length] = this.#size;
  }

  #reserveRows(rows: number): void {
    if (rows < this.#offsets.length) return;
    const offsets = new Int32Array(Math.max(rows, this.#offsets.length * 2) + 1);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
  }

  #copyRows(bytes: Uint8Array, offsets: Int32Array, { start, end }: RowChoice): void {
    const from = offsets[start] ?? 0;
    const shift = this.#size - from;
    const first = this.#length - start;
    this.#bytes.set(bytes.subarray(from, offsets[end] ?? 0), this.#size);
    for (let row = start + 1; row <= end; row++) {
      this.#offsets[first + row] = (offsets[row] ?? 0) + shift;
    }
    this.#length += end - start;
    this.#size = (offsets[end] ?? 0) + shift;
  }

  #gatherRows(bytes: Uint8Array, offsets: Int32Array, rows: Int32Array): void {
    const count = rows.length;
    if (this.#starts.length < count) {
      this.#starts = new Int32Array(count);
      this.#ends = new Int32Array(count);
    }
    const [starts, ends] = [this.#starts, this.#ends];
    for (let i = 0; i < count; i++) {
      const row = rows[i] ?? 0;
      starts[i] = offsets[row] ?? 0;
      ends[i] = offsets[row + 1] ?? 0;
    }
    const target = { bytes: this.#bytes, offsets: this.#offsets, row: this.#length };
    const slices = { starts, ends, from: 0, to: count };
    this.#size = this.#copier.copy(bytes, slices, { ...target, size: this.#size });
    this.#length += count;
  }

  #putJson(value: unknown): void {
    const text = encodeJson(value);
    if (text === undefined) throw this.#error(value);
    this.#putText(text);
  }

  #putText(text: string): void {
    const length = text.length;
    this.#reserve(length > FIRST_CAPACITY ? Buffer.byteLength(text) : length * 3);
    if (length > SHORT || !this.#putAscii(text)) this.#putUtf8(text);
  }

  /** Copies short ASCII text; gives up, returning false, at the first other character. */
  #putAscii(text: string): boolean {
    const bytes = this.#bytes;
    const start = this.#size;
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char > 0x7f) return false;
      bytes[start + i] = char;
    }
    this.#size = start + text.length;
    return true;
  }

  #putUtf8(text: string): void {
    const written = this.#bytes.write(text, this.#size, 'utf8');
    if (written !== text.length && !isWellFormed(text)) {
      throw this.#error(text, 'a well-formed string (it holds half of a surrogate pair)');
    }
    this.#size += written;
  }

  #putBytes(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    const target = this.#bytes;
    const at = this.#size - start;
    if (end - start > SHORT) target.set(bytes.subarray(start, end), this.#size);
    else for (let i = start; i < end; i++) target[at + i] = bytes[i] ?? 0;
    this.#size += end - start;
  }

  #reserve(bytes: number): void {
    const size = this.#size + bytes;
    if (size <= this.#bytes.length) return;
    if (size > MAX_BYTES) throw this.#error(`${size} bytes`, 'less than 2 GiB in one record batch');
    const grown = Buffer.allocUnsafeSlow(
      Math.min(MAX_BYTES, Math.max(size, this.#bytes.length * 2)),
    );
    grown.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = grown;
  }

  #checkJson(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('utf8');
    try {
      JSON.parse(text);
    } catch {
      throw this.#error(text, 'JSON text');
    }
  }

  #checkUtf8(): void {
    const bytes = this.#bytes.subarray(0, this.#size);
    const row = firstBadText(bytes, this.#offsets, this.#length);
    if (row < 0) return;
    const value = bytes.toString('latin1', this.#offsets[row], this.#offsets[row + 1]);
    throw valueError(this.#place, this.#column, { row, value, reason: 'UTF-8' });
  }

  #error(value: unknown, reason: string = REASONS[this.#type]): UsageError {
    return valueError(this.#place, this.#column, { row: this.#length, value, reason });
  }
}
