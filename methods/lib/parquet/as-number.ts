// Integers of a Parquet file as numbers of the column type that was asked for. An integer type refuses by itself what it
// cannot hold; a float must not round an integer, as it does fractions.

import type { ColumnType } from 'acc-engine';

const INTEGERS: ReadonlySet<ColumnType> = new Set<ColumnType>([
  'int8',
  'int16',
  'int32',
  'uint8',
  'uint16',
  'uint32',
]);

/** Tells whether values of the type are JavaScript numbers, no bigints. */
export function isNumberType(type: ColumnType): boolean {
  return INTEGERS.has(type) || type === 'float32' || type === 'float64';
}

/** Gives the number that an integer is; as it was where an integer type will refuse it, `undefined` where a float would round it. */
export function numberFrom(type: ColumnType, integer: bigint): number | bigint | undefined {
  const number = Number(integer);
  const held = type === 'float32' ? Math.fround(number) : number;
  if (Number.isFinite(held) && BigInt(held) === integer) return held;
  return INTEGERS.has(type) ? integer : undefined;
}
