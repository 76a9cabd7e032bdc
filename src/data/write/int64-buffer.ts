// Columns of 64-bit integers: int64, time in microseconds since midnight, and datetime in microseconds since 1970 UTC.
// Values are looked at as pairs of 32-bit words, because arithmetic on bigints is many times slower.

import type { UsageError } from '../../model/errors.ts';
import { MICROSECONDS_PER_DAY, WORD } from '../../util/units.ts';
import { encodeBound, NO_BOUNDS } from '../manifest/bounds.ts';
import type { Bounds, DeclaredColumn } from '../manifest/dataset-part.ts';
import type { ColumnBatch, ColumnBuffer } from './column-buffer.ts';
import { forEachRow, isColumnarText, nullsOf } from './column-input.ts';
import type { InputPart } from './column-input.ts';
import type { ColumnRows, FixedRows, RowChoice } from './column-rows.ts';
import { choiceOf, copyFixed, eachNull } from './column-rows.ts';
import { ValidityBuilder } from './validity.ts';
import { valueError } from './value-error.ts';
import type { WritePlace } from './value-error.ts';

type Int64Type = 'int64' | 'time' | 'datetime';

const FIRST_CAPACITY = 1024;
const HIGHEST = 9_223_372_036_854_775_807n;

const REASONS: Readonly<Record<Int64Type, string>> = {
  int64: 'an integer in [-2^63, 2^63)',
  time: 'microseconds since midnight, an integer in [0, 86400000000)',
  datetime: 'a valid Date, or microseconds since 1970 as a bigint in [-2^63, 2^63)',
};

/** Collects 64-bit integers. */
export class Int64Buffer implements ColumnBuffer {
  readonly sizeBytes = 0;
  readonly #column: DeclaredColumn & { readonly type: Int64Type };
  readonly #place: WritePlace;
  readonly #validity = new ValidityBuilder();
  #values = new BigInt64Array(FIRST_CAPACITY);
  #words: Int32Array;
  #length = 0;
  /** Values have come as they are stored, not from Dates. */
  #hasMicros = false;

  constructor(column: DeclaredColumn & { readonly type: Int64Type }, place: WritePlace) {
    this.#column = column;
    this.#place = place;
    this.#words = new Int32Array(this.#values.buffer);
  }

  get length(): number {
    return this.#length;
  }

  append(value: unknown): void {
    const row = this.#length;
    if (row === this.#values.length) this.#reserve(row + 1);
    if (value === null && this.#column.nullable) {
      this.#validity.markNull(row);
      this.#values[row] = 0n;
    } else if (this.#column.type === 'datetime') this.#putDatetime(row, value);
    else if (this.#column.type === 'time') this.#putTime(row, value);
    else this.#putInteger(row, value);
    this.#length = row + 1;
  }

  appendAll(part: InputPart): void {
    const { values } = part;
    if (isColumnarText(values)) throw this.#error(values);
    const isStored = values instanceof BigInt64Array && this.#column.type !== 'time';
    const bitmap = nullsOf(part);
    if (isStored && (bitmap === null || this.#column.nullable)) this.#copy(values, part, bitmap);
    else forEachRow(part, (row) => this.append(row < 0 ? null : values[row]));
  }

  appendBytes(bytes: Uint8Array): void {
    throw this.#error(bytes);
  }

  appendSlices(bytes: Uint8Array): void {
    throw this.#error(bytes);
  }

  appendRows(rows: ColumnRows, choice: RowChoice): void {
    const { values, validity } = rows as FixedRows;
    const first = this.#length;
    this.#reserve(first + choice.end - choice.start);
    copyFixed(this.#values, first, values, choice);
    eachNull(validity, choice, (index) => this.#validity.markNull(first + index));
    this.#length = first + choice.end - choice.start;
    this.#hasMicros = this.#column.type === 'datetime';
  }

  rows(): FixedRows {
    const values = this.#values.subarray(0, this.#length);
    return { validity: this.#validity.bitmap(this.#length), values };
  }

  truncate(length: number): void {
    this.#validity.unmark(length, this.#length);
    this.#length = Math.min(length, this.#length);
  }

  batch(): ColumnBatch {
    const rows = this.#length;
    return {
      nulls: this.#validity.nulls,
      buffers: [
        this.#validity.bitmap(rows) ?? new Uint8Array(0),
        new Uint8Array(this.#values.buffer, 0, rows * 8),
      ],
      bounds: this.#bounds(),
      wholeMs: !this.#hasMicros || areWholeMs(this.#words, rows),
    };
  }

  clear(): void {
    this.#validity.clear();
    this.#length = 0;
    this.#hasMicros = false;
  }

  /** Copies values as they are stored; nulls become zeros, so that equal columns have equal bytes. */
  #copy(values: BigInt64Array, part: InputPart, bitmap: Uint8Array | null): void {
    const { start, end } = part;
    const at = this.#length;
    this.#reserve(at + end - start);
    const target = this.#values;
    copyFixed(target, at, values, choiceOf(part));
    this.#length = at + end - start;
    this.#hasMicros = this.#column.type === 'datetime';
    if (bitmap === null || this.#validity.markAll(bitmap, part, at) === 0) return;
    for (let row = at; row < this.#length; row++) if (this.#validity.isNull(row)) target[row] = 0n;
  }

  #putInteger(row: number, value: unknown): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) this.#putWords(row, value);
    else if (typeof value === 'bigint') this.#putBigint(row, value);
    else if (isInt64(value)) this.#values[row] = BigInt(value);
    else throw this.#error(value);
  }

  #putTime(row: number, value: unknown): void {
    const micros = typeof value === 'bigint' ? Number(value) : value;
    const isTime =
      Number.isInteger(micros) && Number(micros) >= 0 && Number(micros) < MICROSECONDS_PER_DAY;
    if (!isTime) throw this.#error(value);
    this.#putWords(row, Number(micros));
  }

  #putDatetime(row: number, value: unknown): void {
    if (typeof value === 'bigint') {
      this.#putBigint(row, value);
      this.#hasMicros = true;
    } else {
      const ms = value instanceof Date ? value.getTime() : Number.NaN;
      if (Number.isNaN(ms)) throw this.#error(value);
      if (Number.isSafeInteger(ms * 1000)) this.#putWords(row, ms * 1000);
      else this.#putBigint(row, BigInt(ms) * 1000n);
    }
  }

  #putBigint(row: number, value: bigint): void {
    if (value > HIGHEST || value < -HIGHEST - 1n) throw this.#error(value);
    this.#values[row] = value;
  }

  #putWords(row: number, value: number): void {
    const high = Math.floor(value / WORD);
    this.#words[row * 2] = value - high * WORD;
    this.#words[row * 2 + 1] = high;
  }

  #bounds(): Bounds {
    const rows = boundRows(this.#words, this.#length, this.#validity);
    if (rows === null) return NO_BOUNDS;
    return {
      min: encodeBound(this.#column.type, this.#values[rows.min] ?? 0n),
      max: encodeBound(this.#column.type, this.#values[rows.max] ?? 0n),
    };
  }

  #reserve(rows: number): void {
    if (rows <= this.#values.length) return;
    const values = new BigInt64Array(Math.max(rows, this.#values.length * 2));
    values.set(this.#values);
    this.#values = values;
    this.#words = new Int32Array(values.buffer);
  }

  #error(value: unknown): UsageError {
    const reason = REASONS[this.#column.type];
    return valueError(this.#place, this.#column, { row: this.#length, value, reason });
  }
}

/** Tells whether a number beyond the safe integers is an integer within 64 bits all the same. */
function isInt64(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63;
}

/** Finds the rows with the smallest and the largest value; `null` when all are null. */
function boundRows(
  words: Int32Array,
  rows: number,
  validity: ValidityBuilder,
): { min: number; max: number } | null {
  let min = 0;
  while (min < rows && validity.isNull(min)) min++;
  if (min === rows) return null;
  let max = min;
  let [minLow, minHigh] = [(words[min * 2] ?? 0) >>> 0, words[min * 2 + 1] ?? 0];
  let [maxLow, maxHigh] = [minLow, minHigh];
  for (let row = min + 1; row < rows; row++) {
    const low = (words[row * 2] ?? 0) >>> 0;
    const high = words[row * 2 + 1] ?? 0;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      if (validity.isNull(row)) continue;
      [min, minLow, minHigh] = [row, low, high];
    } else if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      if (validity.isNull(row)) continue;
      [max, maxLow, maxHigh] = [row, low, high];
    }
  }
  return { min, max };
}

/** Tells whether all values are multiples of 1000. In integers: the remainder of a float takes ten times as long. */
function areWholeMs(words: Int32Array, rows: number): boolean {
  for (let row = 0; row < rows; row++) {
    const high = (words[row * 2 + 1] ?? 0) % 1000;
    const low = ((words[row * 2] ?? 0) >>> 0) % 1000;
    if ((high * (WORD % 1000) + low) % 1000 !== 0) return false;
  }
  return true;
}
