// Half-open ranges of values: what bounds say about them, and which rows of a chunk are within.
// NaN is in no range, and neither is null; a float column is checked row by row, as bounds do not tell of NaN.

import type { ColumnType } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import { MS_PER_DAY, WORD } from '../../util/units.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { decodeBound } from '../manifest/bounds.ts';
import type { Bounds } from '../manifest/dataset-part.ts';
import { isNull } from '../write/validity.ts';
import { quote } from '../write/value-error.ts';
import { fillValues } from './fill-values.ts';
import { integers, plainNumbers } from './typed-values.ts';

/** A limit as authors give it; `null` leaves the end open. */
export type RangeValue = number | bigint | boolean | Date | null;

/** The rows wanted: those with `start` ≤ value < `stop` in a column. */
export interface RangeRequest {
  readonly column: string;
  readonly start: RangeValue;
  readonly stop: RangeValue;
}

/** Limits that compare as decoded bounds do. */
export interface RangeLimits {
  readonly start: number | bigint | null;
  readonly stop: number | bigint | null;
}

/** Some rows of a chunk. */
export interface ChunkRows {
  readonly start: number;
  readonly count: number;
}

/** Brings limits into the form of a column's type. Throws `UsageError` where they have none. */
export function rangeLimits(type: ColumnType, range: RangeRequest): RangeLimits {
  return { start: limit(type, range, range.start), stop: limit(type, range, range.stop) };
}

/** Tells how many of the values between bounds are in a range, apart from nulls. */
export function overlap(
  type: ColumnType,
  bounds: Bounds,
  { start, stop }: RangeLimits,
): 'none' | 'some' | 'all' {
  const min = decodeBound(type, bounds.min);
  const max = decodeBound(type, bounds.max);
  if (min === null || max === null || Number.isNaN(min)) return 'none';
  if ((start !== null && max < start) || (stop !== null && min >= stop)) return 'none';
  const isInside = (start === null || min >= start) && (stop === null || max < stop);
  return isInside && !mayHoldNaN(type) ? 'all' : 'some';
}

/** Tells whether a column may hold values of a range. */
export function mayHold(
  column: Bounds & { readonly type: ColumnType },
  range: RangeRequest,
): boolean {
  const limits = rangeLimits(column.type, range);
  if (limits.start === null && limits.stop === null) return true;
  return overlap(column.type, column, limits) !== 'none';
}

/** Finds the rows of a chunk that are in a range; puts their numbers, counted from `rows.start`, into `selected`. */
export class RangeSelector {
  readonly #type: ColumnType;
  readonly #limits: RangeLimits;
  readonly #low: number;
  readonly #high: number;
  /** Whether every value read is exact as a float64. */
  readonly #isExact: boolean;
  readonly #floats = new Float64Array(1024);
  readonly #values: unknown[] = [];

  /** `bounds` are those of all that will be read. */
  constructor(type: ColumnType, limits: RangeLimits, bounds: Bounds) {
    this.#type = type;
    this.#limits = limits;
    this.#low = Number(limits.start ?? -Infinity);
    this.#high = Number(limits.stop ?? Infinity);
    this.#isExact = type !== 'number' && isSafe(type, bounds);
  }

  /** Returns how many there are. At most 1024 rows at a time. */
  select(chunk: ColumnChunk, rows: ChunkRows, selected: Int32Array): number {
    const found = this.#isExact
      ? this.#selectFloats(chunk, rows, selected)
      : this.#selectValues(chunk, rows, selected);
    const { validity } = chunk;
    if (validity === null || found === 0) return found;
    let kept = 0;
    for (let i = 0; i < found; i++) {
      const row = selected[i] ?? 0;
      if (!isNull(validity, rows.start + row)) selected[kept++] = row;
    }
    return kept;
  }

  #selectFloats(chunk: ColumnChunk, rows: ChunkRows, selected: Int32Array): number {
    const floats = this.#floats;
    toFloats(this.#type, chunk, rows, floats);
    const low = this.#low;
    const high = this.#high;
    const isOpen = this.#limits.stop === null;
    let found = 0;
    for (let row = 0; row < rows.count; row++) {
      const value = floats[row] ?? 0;
      if (value >= low && (value < high || isOpen)) selected[found++] = row;
    }
    return found;
  }

  #selectValues(chunk: ColumnChunk, rows: ChunkRows, selected: Int32Array): number {
    const { start, stop } = this.#limits;
    const values = this.#values as (number | bigint | null)[];
    const plain = this.#type === 'number' ? 'number' : 'int64';
    fillValues(plain, 'bigint')(chunk, values, rows);
    let found = 0;
    for (let row = 0; row < rows.count; row++) {
      const value = values[row] ?? Number.NaN;
      const isFrom = start === null ? !Number.isNaN(value) : value >= start;
      if (isFrom && (stop === null || value < stop)) selected[found++] = row;
    }
    return found;
  }
}

function limit(type: ColumnType, range: RangeRequest, value: RangeValue): number | bigint | null {
  if (value === null) return null;
  const limited = limitOf(type, value);
  if (limited !== undefined && !Number.isNaN(limited)) return limited;
  throw new UsageError({
    code: 'invalid_range',
    message: `Expected the range of column ${quote(range.column)} to be from ${expectedLimit(type)} to another, got ${describe(value)}`,
    hint: 'Give `{ column: [start, stop] }`, with null for an end that is open.',
    token: range.column,
  });
}

function limitOf(type: ColumnType, value: Exclude<RangeValue, null>): number | bigint | undefined {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'date':
      return value instanceof Date ? value.getTime() / MS_PER_DAY : undefined;
    case 'datetime':
      if (typeof value === 'bigint') return value;
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? BigInt(value.getTime()) * 1000n
        : undefined;
    case 'string':
    case 'bytes':
    case 'json':
      throw new UsageError({
        code: 'invalid_range',
        message: `A range needs a column whose values have an order: numbers, bools, dates or times, not ${type}`,
        hint: 'Use `filters` instead.',
      });
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64':
    case 'number':
    case 'time':
      return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
  }
}

function expectedLimit(type: ColumnType): string {
  if (type === 'bool') return 'a boolean';
  if (type === 'date') return 'a Date';
  return type === 'datetime' ? 'a Date or microseconds as a bigint' : 'a number';
}

function describe(value: unknown): string {
  return value instanceof Date ? `the Date ${String(value)}` : `${String(value)} (${typeof value})`;
}

function mayHoldNaN(type: ColumnType): boolean {
  return type === 'float64' || type === 'float32' || type === 'number';
}

function isSafe(type: ColumnType, bounds: Bounds): boolean {
  const min = decodeBound(type, bounds.min) ?? 0;
  const max = decodeBound(type, bounds.max) ?? 0;
  if (typeof min === 'number' && typeof max === 'number') return true;
  return min >= Number.MIN_SAFE_INTEGER && max <= Number.MAX_SAFE_INTEGER;
}

function toFloats(
  type: ColumnType,
  chunk: ColumnChunk,
  { start, count }: ChunkRows,
  out: Float64Array,
): void {
  switch (type) {
    case 'bool':
      for (let i = 0; i < count; i++) out[i] = isNull(chunk.bytes, start + i) ? 0 : 1;
      break;
    case 'int64':
    case 'time':
    case 'datetime':
      wordsToFloats(integers(chunk), { start, count }, out);
      break;
    case 'date':
      out.set(integers(chunk).subarray(start, start + count));
      break;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64':
      out.set(plainNumbers(type, chunk).subarray(start, start + count));
      break;
    case 'number':
    case 'string':
    case 'bytes':
    case 'json':
      throw new Error(`Internal error: a range of ${type} is not checked as floats`);
  }
}

function wordsToFloats(words: Int32Array, { start, count }: ChunkRows, out: Float64Array): void {
  for (let i = 0; i < count; i++) {
    const at = (start + i) * 2;
    out[i] = (words[at + 1] ?? 0) * WORD + ((words[at] ?? 0) >>> 0);
  }
}
