// How the text of one field becomes a value of each type: for the fields that the kernels leave over, and for messages.

import type { ColumnType } from 'acc-engine';

import { parseDate, parseMoment } from './csv-dates.ts';
import { NoValue, parseFloat64, parseInt64 } from './csv-numbers.ts';

const [ZERO, ONE] = Buffer.from('01');
const SOME_DAY = Buffer.from('1970-01-01T');
const MICROSECONDS_PER_DAY = 86_400_000_000;

/** Types of which a field is a value of fixed width. */
export type FixedType = Exclude<ColumnType, 'number' | 'string' | 'bytes' | 'json'>;

/** Smallest and largest value of the integer types, and their bytes. */
export const INTEGERS = {
  int8: { size: 1, least: -128n, most: 127n },
  int16: { size: 2, least: -32_768n, most: 32_767n },
  int32: { size: 4, least: -2_147_483_648n, most: 2_147_483_647n },
  int64: { size: 8, least: -9_223_372_036_854_775_808n, most: 9_223_372_036_854_775_807n },
  uint8: { size: 1, least: 0n, most: 255n },
  uint16: { size: 2, least: 0n, most: 65_535n },
  uint32: { size: 4, least: 0n, most: 4_294_967_295n },
} as const;

/** Name of an integer type. */
export type IntegerType = keyof typeof INTEGERS;

/** How each type is written, for the message about a field that is not. */
export const WRITTEN: Readonly<Record<ColumnType, string>> = {
  bool: 'true, false, 1 or 0',
  ...(Object.fromEntries(
    Object.entries(INTEGERS).map(([type, { least, most }]) => [
      type,
      type === 'int64'
        ? 'a whole number of at most 64 bits'
        : `a whole number from ${least} to ${most}`,
    ]),
  ) as Record<IntegerType, string>),
  float32: 'as 12.5 or 1e-3',
  float64: 'as 12.5 or 1e-3',
  number: 'as 12.5, 1e-3 or a whole number of any length',
  date: 'as 2024-03-31',
  time: 'as 23:59:59.5',
  datetime: 'as 2024-03-31T23:59:59.5+02:00',
  string: 'text in UTF-8',
  bytes: 'any bytes',
  json: 'as {"a": [1]}',
};

/** Names of the types a column can be imported as. */
export const IMPORTED_TYPES: readonly ColumnType[] = Object.keys(WRITTEN) as ColumnType[];

/** Tells whether a name is that of an integer type. */
export function isIntegerType(type: ColumnType): type is IntegerType {
  return Object.hasOwn(INTEGERS, type);
}

/**
 * Reads a field as it is stored: days of a date, microseconds of a time or datetime, 0 or 1 of a bool. Throws `NoValue`.
 */
export function parseFixed(type: FixedType, field: Buffer): number | bigint {
  if (isIntegerType(type)) return parseInteger(type, field);
  switch (type) {
    case 'bool':
      return parseBool(field);
    case 'float32':
      return Math.fround(parseFloat64(field, 0, field.length));
    case 'float64':
      return parseFloat64(field, 0, field.length);
    case 'date':
      return parseDate(field, 0, field.length);
    case 'time':
      return parseTime(field);
    case 'datetime': {
      const { days, microseconds } = parseMoment(field, 0, field.length);
      return BigInt(days) * BigInt(MICROSECONDS_PER_DAY) + BigInt(microseconds);
    }
  }
}

/** Reads a number of type `number`: a whole one is exact, however long. Throws `NoValue`. */
export function parseNumber(field: Buffer): number | bigint {
  const text = field.toString('latin1');
  if (!/^[+-]?\d+$/u.test(text)) return parseFloat64(field, 0, field.length);
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}

function parseInteger(type: IntegerType, field: Buffer): bigint {
  const value = BigInt(parseInt64(field, 0, field.length));
  const { least, most } = INTEGERS[type];
  if (value < least || value > most) throw new NoValue();
  return value;
}

function parseBool(field: Buffer): number {
  const digit = field.length === 1 ? field[0] : undefined;
  if (digit === ONE) return 1;
  if (digit === ZERO) return 0;
  const word = field.length > 5 ? '' : field.toString('latin1').toLowerCase();
  if (word !== 'true' && word !== 'false') throw new NoValue();
  return word === 'true' ? 1 : 0;
}

function parseTime(field: Buffer): bigint {
  if (field.length > 15) throw new NoValue();
  const moment = Buffer.concat([SOME_DAY, field]);
  const { microseconds } = parseMoment(moment, 0, moment.length);
  if (microseconds < 0 || microseconds >= MICROSECONDS_PER_DAY) throw new NoValue();
  return BigInt(microseconds);
}
