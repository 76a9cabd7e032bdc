// What each column type of JavaScript numbers takes and how it is stored: as a table, because they differ in nothing else.

import { MS_PER_DAY } from '../../util/units.ts';

/** Types that NumberBuffer holds. */
export type NumberType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'float32'
  | 'float64'
  | 'date';

/** How numbers are stored. Bools are bytes here; dates are days since 1970. */
export type Numbers =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** What a value must be, as the end of a sentence. */
export const NUMBER_REASONS: Readonly<Record<NumberType, string>> = {
  bool: 'true or false',
  int8: 'an integer in [-128, 127]',
  int16: 'an integer in [-32768, 32767]',
  int32: 'an integer in [-2147483648, 2147483647]',
  uint8: 'an integer in [0, 255]',
  uint16: 'an integer in [0, 65535]',
  uint32: 'an integer in [0, 4294967295]',
  float32: 'a number in the range of 32-bit floats',
  float64: 'a number',
  date: 'a Date at midnight UTC',
};

/** Furthest from 0 that a stored value may be, where the array can hold more: bools are 0 or 1, dates as far as a Date. */
export const STORED_LIMITS: Readonly<Partial<Record<NumberType, number>>> = {
  bool: 1,
  date: 100_000_000,
};

const ARRAYS = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  date: Int32Array,
} as const;

/** Makes memory for values of a type. */
export function allocateNumbers(type: NumberType, length: number): Numbers {
  return new ARRAYS[type](length);
}

/** Tells whether an array holds values of a type in the form in which they are stored. */
export function isStoredForm(type: NumberType, values: ArrayLike<unknown>): values is Numbers {
  return values instanceof ARRAYS[type];
}

/** Gives the stored number; `undefined` for everything the type does not hold. A float32 is rounded, but not to infinity. */
export function toNumber(type: NumberType, value: unknown): number | undefined {
  if (typeof value !== 'number') return notNumber(type, value);
  switch (type) {
    case 'float64':
      return value;
    case 'int32':
      return (value | 0) === value ? value : undefined;
    case 'float32':
      return Number.isFinite(Math.fround(value)) || !Number.isFinite(value) ? value : undefined;
    case 'int8':
      return (value << 24) >> 24 === value ? value : undefined;
    case 'int16':
      return (value << 16) >> 16 === value ? value : undefined;
    case 'uint8':
      return (value & 0xff) === value ? value : undefined;
    case 'uint16':
      return (value & 0xffff) === value ? value : undefined;
    case 'uint32':
      return value >>> 0 === value ? value : undefined;
    case 'bool':
    case 'date':
      return undefined;
  }
}

function notNumber(type: NumberType, value: unknown): number | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? Number(value) : undefined;
  if (type !== 'date' || !(value instanceof Date)) return undefined;
  const days = value.getTime() / MS_PER_DAY;
  return Number.isInteger(days) ? days : undefined;
}
