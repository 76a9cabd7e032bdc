// Columns whose values are JavaScript numbers or nearly so: bool, int32, float64 and date.
// Bools are kept as bytes while they are collected and packed into bits for the batch.

import type { UsageError } from '../../model/errors.ts';
import { encodeBound, NO_BOUNDS } from '../manifest/bounds.ts';
import type { Bounds, DeclaredColumn } from '../manifest/dataset-part.ts';
import type { ColumnBatch, ColumnBuffer } from './column-buffer.ts';
import { ValidityBuilder } from './validity.ts';
import { valueError } from './value-error.ts';
import type { WritePlace } from './value-error.ts';

type NumberType = 'bool' | 'int32' | 'float64' | 'date';
type Numbers = Float64Array | Int32Array | Uint8Array;

const MS_PER_DAY = 86_400_000;
const FIRST_CAPACITY = 1024;

const REASONS: Readonly<Record<NumberType, string>> = {
  bool: 'true or false',
  int32: 'an integer in [-2147483648, 2147483647]',
  float64: 'a number',
  date: 'a Date at midnight UTC',
};

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
    this.#values = allocate(column.type, FIRST_CAPACITY);
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

  appendAll(values: ArrayLike<unknown>, start: number, end: number): void {
    if (isCopyable(this.#type, values)) {
      this.#reserve(this.#length + end - start);
      this.#values.set(values.subarray(start, end), this.#length);
      this.#length += end - start;
    } else if (this.#type === 'bool' && values instanceof Uint8Array) {
      for (let i = start; i < end; i++) this.append(bit(values[i]));
    } else {
      for (let i = start; i < end; i++) this.append(values[i]);
    }
  }

  appendBytes(bytes: Uint8Array): void {
    throw this.#error(bytes);
  }

  truncate(length: number): void {
    this.#validity.unmark(length, this.#length);
    this.#length = Math.min(length, this.#length);
  }

  batch(): ColumnBatch {
    const rows = this.#length;
    const values = this.#values.subarray(0, rows);
    const isNull =
      this.#validity.nulls === 0 ? undefined : (row: number) => this.#validity.isNull(row);
    const bounds =
      values instanceof Float64Array
        ? floatBounds(values, isNull)
        : integerBounds(values, isNull, this.#type);
    const bytes = values instanceof Uint8Array ? packBits(values) : asBytes(values);
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

  #appendNull(value: unknown): void {
    if (value !== null || !this.#nullable) throw this.#error(value);
    this.#validity.markNull(this.#length);
    this.#values[this.#length] = 0;
  }

  #reserve(rows: number): void {
    if (rows <= this.#values.length) return;
    const values = allocate(this.#type, Math.max(rows, this.#values.length * 2));
    values.set(this.#values);
    this.#values = values;
  }

  #error(value: unknown): UsageError {
    const reason = REASONS[this.#type];
    return valueError(this.#place, this.#column, { row: this.#length, value, reason });
  }
}

/** Gives the stored number; `undefined` for everything the type does not hold. */
function toNumber(type: NumberType, value: unknown): number | undefined {
  switch (type) {
    case 'float64':
      return typeof value === 'number' ? value : undefined;
    case 'int32':
      return typeof value === 'number' && (value | 0) === value ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'date': {
      const days = value instanceof Date ? value.getTime() / MS_PER_DAY : Number.NaN;
      return Number.isInteger(days) ? days : undefined;
    }
  }
}

function allocate(type: NumberType, length: number): Numbers {
  if (type === 'float64') return new Float64Array(length);
  return type === 'bool' ? new Uint8Array(length) : new Int32Array(length);
}

function isCopyable(
  type: NumberType,
  values: ArrayLike<unknown>,
): values is Float64Array | Int32Array {
  if (type === 'float64') return values instanceof Float64Array;
  return type !== 'bool' && values instanceof Int32Array;
}

function bit(byte: unknown): unknown {
  return byte === 0 || byte === 1 ? byte === 1 : byte;
}

/** Also gives all NaNs the same bits, so that equal columns have equal digests. */
function floatBounds(values: Float64Array, isNull: ((row: number) => boolean) | undefined): Bounds {
  let min = Infinity;
  let max = -Infinity;
  let hasNan = false;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (isNull?.(row) === true) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Number.isNaN(value)) {
      hasNan = true;
      values[row] = Number.NaN;
    }
  }
  if (min <= max) return { min: encodeBound('float64', min), max: encodeBound('float64', max) };
  const nan = hasNan ? encodeBound('float64', Number.NaN) : null;
  return { min: nan, max: nan };
}

function integerBounds(
  values: Int32Array | Uint8Array,
  isNull: ((row: number) => boolean) | undefined,
  type: NumberType,
): Bounds {
  let min = Infinity;
  let max = -Infinity;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (isNull?.(row) === true) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min: encodeBound(type, min), max: encodeBound(type, max) } : NO_BOUNDS;
}

function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let row = 0; row < values.length; row++) {
    bits[row >> 3] = (bits[row >> 3] ?? 0) | ((values[row] ?? 0) << (row & 7));
  }
  return bits;
}

function asBytes(values: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
