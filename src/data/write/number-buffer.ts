// Columns whose values are JavaScript numbers or nearly so: bool, integers up to 32 bits, floats and date.
// Bools are kept as bytes while they are collected and packed into bits for the batch.

import type { UsageError } from '../../model/errors.ts';
import { packBits } from '../bits.ts';
import { encodeBound, NO_BOUNDS } from '../manifest/bounds.ts';
import type { Bounds, DeclaredColumn } from '../manifest/dataset-part.ts';
import type { ColumnBatch, ColumnBuffer } from './column-buffer.ts';
import { forEachRow, isColumnarText, nullsOf } from './column-input.ts';
import type { InputPart } from './column-input.ts';
import type { ColumnRows, FixedRows, RowChoice } from './column-rows.ts';
import { choiceOf, copyFixed, eachNull } from './column-rows.ts';
import {
  allocateNumbers,
  isStoredForm,
  NUMBER_REASONS,
  STORED_LIMITS,
  toNumber,
} from './number-kinds.ts';
import type { Numbers, NumberType } from './number-kinds.ts';
import { ValidityBuilder } from './validity.ts';
import { valueError } from './value-error.ts';
import type { WritePlace } from './value-error.ts';

const FIRST_CAPACITY = 1024;

/** Collects numbers. */
export class NumberBuffer implements ColumnBuffer {
  readonly sizeBytes = 0;
  readonly #column: DeclaredColumn & { readonly type: NumberType };
  readonly #type: NumberType;
  readonly #nullable: boolean;
  readonly #place: WritePlace;
  readonly #validity = new ValidityBuilder();
  #values: Numbers;
  #length = 0;

  constructor(column: DeclaredColumn & { readonly type: NumberType }, place: WritePlace) {
    this.#column = column;
    this.#type = column.type;
    this.#nullable = column.nullable;
    this.#place = place;
    this.#values = allocateNumbers(column.type, FIRST_CAPACITY);
  }

  get length(): number {
    return this.#length;
  }

  append(value: unknown): void {
    const row = this.#length;
    if (row === this.#values.length) this.#reserve(row + 1);
    const number = toNumber(this.#type, value);
    if (number === undefined) this.#appendNull(value);
    else this.#values[row] = number;
    this.#length = row + 1;
  }

  appendAll(part: InputPart): void {
    const { values } = part;
    if (isColumnarText(values)) throw this.#error(values);
    if (isStoredForm(this.#type, values)) this.#copy(values, part);
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
    const values = this.#values.subarray(0, rows);
    const bounds = this.#type.startsWith('float')
      ? floatBounds(this.#type, values, this.#validity)
      : integerBounds(this.#type, values, this.#validity);
    const bytes = this.#type === 'bool' ? packBits(asBytes(values)) : asBytes(values);
    return {
      nulls: this.#validity.nulls,
      buffers: [this.#validity.bitmap(rows) ?? new Uint8Array(0), bytes],
      bounds,
      wholeMs: true,
    };
  }

  clear(): void {
    this.#validity.clear();
    this.#length = 0;
  }

  /** Copies values that are in the form in which they are stored. */
  #copy(values: Numbers, part: InputPart): void {
    const { start, end } = part;
    const at = this.#length;
    this.#reserve(at + end - start);
    copyFixed(this.#values, at, values, choiceOf(part));
    const bitmap = nullsOf(part);
    if (bitmap !== null && this.#validity.markAll(bitmap, part, at) > 0)
      this.#clearNulls(at, end - start);
    const limit = STORED_LIMITS[this.#type];
    if (limit !== undefined) this.#checkRange(limit, at, end - start);
    this.#length = at + end - start;
  }

  /** Puts zeros where there are nulls, so that equal columns have equal bytes. */
  #clearNulls(at: number, count: number): void {
    for (let row = at; row < at + count; row++) {
      if (!this.#validity.isNull(row)) continue;
      if (!this.#nullable) this.#refuseAt(row, at + count, null);
      this.#values[row] = 0;
    }
  }

  #checkRange(limit: number, at: number, count: number): void {
    for (let row = at; row < at + count; row++) {
      const value = this.#values[row] ?? 0;
      if (value > limit || value < -limit) this.#refuseAt(row, at + count, value);
    }
  }

  /** Throws the error for a value that has been copied, as if it had been appended. */
  #refuseAt(row: number, end: number, value: unknown): never {
    this.#validity.unmark(this.#length, end);
    this.#length = row;
    throw this.#error(value);
  }

  #appendNull(value: unknown): void {
    if (value !== null || !this.#nullable) throw this.#error(value);
    this.#validity.markNull(this.#length);
    this.#values[this.#length] = 0;
  }

  #reserve(rows: number): void {
    if (rows <= this.#values.length) return;
    const values = allocateNumbers(this.#type, Math.max(rows, this.#values.length * 2));
    values.set(this.#values);
    this.#values = values;
  }

  #error(value: unknown): UsageError {
    const reason = NUMBER_REASONS[this.#type];
    return valueError(this.#place, this.#column, { row: this.#length, value, reason });
  }
}

/** Also gives all NaNs the same bits, so that equal columns have equal digests. */
function floatBounds(type: NumberType, values: Numbers, validity: ValidityBuilder): Bounds {
  const hasNulls = validity.nulls > 0;
  let min = Infinity;
  let max = -Infinity;
  let hasNan = false;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (hasNulls && validity.isNull(row)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Number.isNaN(value)) {
      hasNan = true;
      values[row] = Number.NaN;
    }
  }
  if (min <= max) return { min: encodeBound(type, min), max: encodeBound(type, max) };
  const nan = hasNan ? encodeBound(type, Number.NaN) : null;
  return { min: nan, max: nan };
}

function integerBounds(type: NumberType, values: Numbers, validity: ValidityBuilder): Bounds {
  const hasNulls = validity.nulls > 0;
  let min = Infinity;
  let max = -Infinity;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (hasNulls && validity.isNull(row)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min: encodeBound(type, min), max: encodeBound(type, max) } : NO_BOUNDS;
}

function asBytes(values: Numbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
