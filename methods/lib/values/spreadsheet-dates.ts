// Moments as spreadsheets count them: in days since one of three epochs, with a fraction for the time of day.
// Epoch 0 is 1899-12-30 (LibreOffice), 1 is 1899-12-31 with a leap day in 1900 (Lotus, Excel), 2 is 1904-01-01 (Mac).

import { latin1 } from './cells.ts';

const NUMBER = /^([+-]?)(\d{1,15})/;
/** Day 25569 of epoch 0 is 1970-01-01. */
const UNIX_EPOCH = 25_569;
const MAC_EPOCH = 1462;
/** Days before this one are off by the leap day that 1900 did not have. */
const FIRST_RIGHT_DAY = 61;
const FIRST_DAY = -693_593;
const LAST_DAY = 2_958_465;
/** Some programs write negative days as unsigned 32-bit integers. */
const FIRST_WRAPPED = 0xf000_0000;
const SECONDS_PER_DAY = 86_400;

/** Reads a day at `start`, to the whole second; `undefined` when there is none or it is not in the years 1 to 9999. */
export function readSpreadsheetDay(
  bytes: Uint8Array,
  start: number,
  end: number,
  { epoch, point }: { readonly epoch: 0 | 1 | 2; readonly point: number },
): { readonly seconds: number; readonly end: number } | undefined {
  const text = latin1(bytes, start, end);
  const [whole, sign, digits] = NUMBER.exec(text) ?? [];
  if (whole === undefined || /^\d/.test(text.slice(whole.length))) return undefined;
  const count = sign === '-' ? -Number(digits) : Number(digits);
  const isWrapped = count > FIRST_WRAPPED;
  let days = isWrapped ? count - 2 ** 32 : count;
  if (isWrapped && days >= 0) return undefined;
  if (epoch === 2) days += MAC_EPOCH;
  if (epoch === 1 && days < FIRST_RIGHT_DAY) days++;
  const decimals = decimalsAt(text, whole.length, point);
  const part = Math.min(Math.round(Number(`0.${decimals}`) * SECONDS_PER_DAY), SECONDS_PER_DAY - 1);
  const seconds = sign === '-' ? -part : part;
  if (days < FIRST_DAY || days > LAST_DAY || (days === FIRST_DAY && seconds < 0)) return undefined;
  const length = whole.length + (decimals === '' ? 0 : decimals.length + 1);
  return { seconds: (days - UNIX_EPOCH) * SECONDS_PER_DAY + seconds, end: start + length };
}

/** The digits after a decimal point; empty when there is none. */
function decimalsAt(text: string, position: number, point: number): string {
  if (text.charCodeAt(position) !== point) return '';
  return /^\d*/.exec(text.slice(position + 1))?.[0] ?? '';
}
