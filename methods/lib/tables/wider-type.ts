// The type that holds the values of two types.

import type { ColumnType } from 'acc-engine';

const SIGNED: readonly ColumnType[] = ['int8', 'int16', 'int32', 'int64'];
const UNSIGNED: readonly ColumnType[] = ['uint8', 'uint16', 'uint32'];
const FLOATS: readonly ColumnType[] = ['float32', 'float64'];

/** The narrowest type for the values of both; `undefined` when there is none. Integers and floats together are numbers. */
export function widerType(a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (a === b) return a;
  for (const family of [SIGNED, UNSIGNED, FLOATS]) {
    const [at, other] = [family.indexOf(a), family.indexOf(b)];
    if (at >= 0 && other >= 0) return family[Math.max(at, other)];
  }
  if (isInteger(a) && isInteger(b)) return SIGNED[Math.max(signedWidth(a), signedWidth(b))];
  return isNumeric(a) && isNumeric(b) ? 'number' : undefined;
}

/** Place among signed types of the narrowest that holds a type: one above for those without sign. */
function signedWidth(type: ColumnType): number {
  return Math.max(SIGNED.indexOf(type), UNSIGNED.indexOf(type) + 1);
}

function isInteger(type: ColumnType): boolean {
  return SIGNED.includes(type) || UNSIGNED.includes(type);
}

function isNumeric(type: ColumnType): boolean {
  return isInteger(type) || FLOATS.includes(type) || type === 'number';
}
