// Values of any type but json as the text that names them.

import type { ColumnType } from 'acc-engine';

import { isNullAt } from './column-view.ts';
import type { ColumnView } from './column-view.ts';

const MS_PER_DAY = 86_400_000;
const MICROS_PER_SECOND = 1_000_000n;

/** Gives each value as text: dates as 2024-05-06, datetimes with T and Z, times as 07:08:09, null as "null". */
export function valueTexts(type: ColumnType, view: ColumnView | undefined): readonly string[] {
  if (view === undefined) return [];
  return Array.from({ length: view.length }, (_, row) =>
    isNullAt(view.validity, row) ? 'null' : valueText(type, view, row),
  );
}

function valueText(type: ColumnType, view: ColumnView, row: number): string {
  if (view.kind !== 'fixed') {
    const { offsets, bytes } = view.kind === 'codes' ? view.dictionary : view.text;
    const at = view.kind === 'codes' ? (view.codes[row] ?? 0) : row;
    return Buffer.from(bytes.subarray(offsets[at], offsets[at + 1])).toString();
  }
  const value = view.values[row] ?? 0;
  if (type === 'bool') return value === 1 ? 'true' : 'false';
  if (type === 'date') return new Date(Number(value) * MS_PER_DAY).toISOString().slice(0, 10);
  if (type === 'time') return microsText(BigInt(value)).slice('1970-01-01T'.length, -1);
  if (type === 'datetime') return microsText(BigInt(value));
  return String(value);
}

/** Fractions of seconds only where there are any. */
function microsText(micros: bigint): string {
  const rest = ((micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND;
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, -'.000Z'.length);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  return `${seconds}${fraction}Z`;
}
