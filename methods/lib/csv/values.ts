// The types that fields are read as: what the kernels need to know of them, and how messages say what is expected.

import type { ColumnType } from 'acc-engine';

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
