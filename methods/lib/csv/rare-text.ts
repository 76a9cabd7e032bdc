// The text of values of fixed width that the kernels do not write: made one by one, as strings.

import { MS_PER_DAY } from '../values/units.ts';
import { dateText, datetimeText } from './date-text.ts';
import type { FixedType } from './values.ts';

/** What a kernel leaves over: numbers with many digits, or none at all, and years without four digits. */
export function rareText(type: FixedType, value: number | bigint): string {
  if (type === 'date') return dateText(new Date(Number(value) * MS_PER_DAY));
  if (type === 'datetime') return datetimeText(BigInt(value));
  if (Object.is(value, -0)) return '-0';
  return type === 'float32' ? float32Text(Number(value)) : String(value);
}

/** The shortest text that is read as the same number of 32 bits. */
function float32Text(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
