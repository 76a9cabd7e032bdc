// Values of any type but json as the text that names them: different values of a column have different names, equal ones
// the same in whatever type.

import { isUtf8 } from 'node:buffer';

import type { ColumnType } from 'acc-engine';

import { canonicalNumbers } from '../keys/number-keys.ts';
import { MS_PER_DAY } from '../values/units.ts';
import { isNullAt } from './column-view.ts';
import type { ColumnView } from './column-view.ts';

const MICROS_PER_SECOND = 1_000_000n;
/** How far from 1970 dates are written as such. */
const LAST_DAY = 100_000_000;
const LAST_MICRO = BigInt(LAST_DAY) * BigInt(MS_PER_DAY) * 1000n;

/**
 * Gives each value as text: dates as 2024-05-06, datetimes with T and Z, times as 07:08:09, null as `null` and the text
 * null in quotes. Of bytes, what is no UTF-8 is written as `\xFF`. Dates that a Date cannot hold are numbers.
 */
export function valueTexts(type: ColumnType, view: ColumnView | undefined): readonly string[] {
  if (view === undefined) return [];
  const same = type === 'number' ? canonicalNumbers(view) : view;
  return Array.from({ length: same.length }, (_, row) =>
    isNullAt(same.validity, row) ? 'null' : valueText(type, same, row),
  );
}

function valueText(type: ColumnType, view: ColumnView, row: number): string {
  if (view.kind !== 'fixed') {
    const { offsets, bytes } = view.kind === 'codes' ? view.dictionary : view.text;
    const at = view.kind === 'codes' ? (view.codes[row] ?? 0) : row;
    return textName(bytes.subarray(offsets[at], offsets[at + 1]));
  }
  const value = view.values[row] ?? 0;
  if (type === 'bool') return value === 1 ? 'true' : 'false';
  if (type === 'date') return dayText(Number(value));
  if (type === 'time') return microsText(BigInt(value)).slice('1970-01-01T'.length, -1);
  if (type === 'datetime') return microsText(BigInt(value));
  const text = String(value);
  // As columns of type number write it.
  return text.includes('e+') ? String(BigInt(value)) : text;
}

/** Texts that stand for something else are marked: the name of nulls, and bytes. */
function textName(bytes: Uint8Array): string {
  const text = isUtf8(bytes) ? Buffer.from(bytes).toString() : undefined;
  if (text === undefined) return latin1Name(bytes);
  if (/^("*)null\1$/u.test(text)) return `"${text}"`;
  return text.replaceAll(/\\(?=x[\dA-F]{2})/gu, String.raw`\x5C`);
}

/** Bytes that are characters of ASCII as these, all others as their number: names of this kind are for no text. */
function latin1Name(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const char = String.fromCodePoint(byte);
    return byte < 128 && char !== '\\' ? char : byteName(byte);
  }).join('');
}

function byteName(byte: number): string {
  return String.raw`\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function dayText(day: number): string {
  if (Math.abs(day) > LAST_DAY) return String(day);
  return new Date(day * MS_PER_DAY).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** Fractions of seconds only where there are any. */
function microsText(micros: bigint): string {
  if (micros > LAST_MICRO || micros < -LAST_MICRO) return String(micros);
  const rest = ((micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND;
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, -'.000Z'.length);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  return `${seconds}${fraction}Z`;
}
