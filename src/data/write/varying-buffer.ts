// Columns of values of varying length: string, bytes, json, and number as text. One run of bytes, and where each value ends in it.
// Bytes given by importers are checked to be UTF-8 once per batch, not once per value.

import { isAscii, isUtf8 } from 'node:buffer';

import type { UsageError } from '../../model/errors.ts';
import { decodeNumber, encodeNumber } from '../../util/number-text.ts';
import { isWellFormed } from '../../util/well-formed.ts';
import { encodeBound, goesBeyond, NO_BOUNDS } from '../manifest/bounds.ts';
import type { Bounds, DeclaredColumn } from '../manifest/dataset-part.ts';
import type { ColumnBatch, ColumnBuffer } from './column-buffer.ts';
import { encodeJson } from './json-text.ts';
import { ValidityBuilder } from './validity.ts';
import { valueError } from './value-error.ts';
import type { WritePlace } from './value-error.ts';

type VaryingType = 'number' | 'string' | 'bytes' | 'json';

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

  appendAll(values: ArrayLike<unknown>, start: number, end: number): void {
    for (let i = start; i < end; i++) this.append(values[i]);
  }

  appendBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#type === 'number') throw this.#error(bytes.subarray(start, end));
    if (this.#type === 'json') this.#checkJson(bytes.subarray(start, end));
    this.#isUnchecked = this.#type !== 'bytes';
    this.#putBytes(bytes, start, end);
    this.#endRow();
  }

  truncate(length: number): void {
    this.#validity.unmark(length, this.#length);
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
    };
  }

  clear(): void {
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

  #endRow(): void {
    const length = ++this.#length;
    if (length === this.#offsets.length) {
      const offsets = new Int32Array(length * 2 - 1);
      offsets.set(this.#offsets);
      this.#offsets = offsets;
    }
    this.#offsets[length] = this.#size;
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
    if (isAscii(bytes)) return;
    const isUtf8AsWhole = isUtf8(bytes);
    for (let row = 0; row < this.#length; row++) {
      const start = this.#offsets[row] ?? 0;
      const end = this.#offsets[row + 1] ?? 0;
      if (isUtf8AsWhole && !isContinuation(bytes[start]) && !isContinuation(bytes[end])) continue;
      const value = bytes.subarray(start, end);
      if (isUtf8(value)) continue;
      const facts = { row, value: value.toString('latin1'), reason: 'UTF-8' };
      throw valueError(this.#place, this.#column, facts);
    }
  }

  #error(value: unknown, reason: string = REASONS[this.#type]): UsageError {
    return valueError(this.#place, this.#column, { row: this.#length, value, reason });
  }
}

/** Tells whether a byte can only stand inside a character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
