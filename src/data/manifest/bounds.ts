// The smallest and largest value of a column in the form JSON can keep: numbers stay numbers, 64-bit integers
// become decimal text (microseconds for datetime), dates are days since 1970, and what JSON lacks is named.

import type { ColumnType } from '../../model/column-type.ts';
import { MS_PER_DAY } from '../../util/units.ts';
import type { Bound, Bounds } from './dataset-part.ts';

/** Numbers that JSON has no form for. */
const NAMED_NUMBERS: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity', '-0']);
/** Furthest a Date can be from 1970. */
const LAST_DATE_MS = 8_640_000_000_000_000;

/** What a column has when it holds no value, or values without order. */
export const NO_BOUNDS: Bounds = { min: null, max: null };

/** Encodes a stored value. Bools and dates come as numbers. */
export function encodeBound(type: ColumnType, value: number | bigint): Bound {
  if (typeof value === 'bigint') return type === 'time' ? Number(value) : String(value);
  if (type === 'bool') return value === 1;
  return Number.isFinite(value) && !Object.is(value, -0) ? value : numberName(value);
}

/** Decodes to a number or bigint that compares as the column's values do. Inverse of `encodeBound`. */
export function decodeBound(type: ColumnType, bound: Bound): number | bigint | null {
  if (bound === null) return null;
  const isBigint =
    type === 'int64' ||
    type === 'datetime' ||
    (type === 'number' && typeof bound === 'string' && !NAMED_NUMBERS.has(bound));
  return isBigint ? BigInt(bound) : Number(bound);
}

/** Unites bounds of parts of one column. NaN counts only where there is nothing else. */
export function uniteBounds(type: ColumnType, parts: readonly Bounds[]): Bounds {
  let { min, max } = NO_BOUNDS;
  for (const part of parts) {
    if (goesBeyond('min', decodeBound(type, part.min), decodeBound(type, min))) min = part.min;
    if (goesBeyond('max', decodeBound(type, part.max), decodeBound(type, max))) max = part.max;
  }
  return { min, max };
}

/** Tells whether `value` goes beyond `bound`, both decoded. Anything goes beyond nothing, and any number beyond NaN. */
export function goesBeyond(
  side: 'min' | 'max',
  value: number | bigint | null,
  bound: number | bigint | null,
): boolean {
  if (value === null || bound === null) return value !== null;
  if (Number.isNaN(value) || Number.isNaN(bound)) return !Number.isNaN(value);
  return side === 'min' ? value < bound : value > bound;
}

/** Gives a bound as the value that reading the column gives: Date and number where these are exact, else bigint. */
export function boundValue(
  type: ColumnType,
  bound: Bound,
): number | bigint | boolean | Date | null {
  const value = decodeBound(type, bound);
  if (value === null) return null;
  switch (type) {
    case 'bool':
      return value === 1;
    case 'date':
      return new Date(Number(value) * MS_PER_DAY);
    case 'int64':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'datetime': {
      const ms = Number(BigInt(value) / 1000n);
      const isExact = BigInt(value) % 1000n === 0n && Math.abs(ms) <= LAST_DATE_MS;
      return isExact ? new Date(ms) : value;
    }
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64':
    case 'number':
    case 'time':
    case 'string':
    case 'bytes':
    case 'json':
      return value;
  }
}

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
