// Reads dates and times as ISO 8601 writes them, straight from bytes: the one language of csvimport, dataset_type and
// jsonl_import. (The kernels of csvimport read its commonest forms; what they pass over comes here.)
//
//   date      2024-03-31, in the proleptic Gregorian calendar; years beyond four digits as +012024 or -000044;
//             days that a JavaScript Date holds: -271821-04-20 to +275760-09-13
//   time      23:59, 23:59:59 or 23:59:59.999; digits beyond the microsecond must be zero, because nothing is cut
//   datetime  a date, or a date, `T`, `t` or a space, and a time; then `Z`, `z`, `+02:00`, `-0230` or no zone
//
// Hours go to 23, minutes and seconds to 59, those of a zone too. White space around is of no account.

import { isSpace } from './cells.ts';

/** Types of dates: days since 1970, microseconds since midnight, microseconds since 1970. */
export type DateType = 'date' | 'time' | 'datetime';

/** Thrown for text that is no date or time. */
class NoValue extends Error {}

const MICROSECONDS_PER_MINUTE = 60_000_000;
const DATE_LENGTH = '2024-03-31'.length;
const LONG_DATE_LENGTH = '+012024-03-31'.length;
const FRACTION_DIGITS = 6;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** How far from 1970 a Date goes. */
const LAST_DAY = 100_000_000;
const ZERO = 48;
const [DASH, COLON, DOT, PLUS, SPACE, UPPER_T, LOWER_T, UPPER_Z, LOWER_Z] =
  Buffer.from('-:.+ TtZz');

/** A moment: whole days since 1970-01-01 and microseconds, not always within one day when a zone was given. */
export interface Moment {
  readonly days: number;
  readonly microseconds: number;
  /** The text says which zone its time is of. */
  readonly hasZone: boolean;
}

/** Reads `bytes[start, end)`; `undefined` for text that is no value of the type. A time is one of 1970-01-01. */
export function isoMoment(
  type: DateType,
  bytes: Uint8Array,
  start: number,
  end: number,
): Moment | undefined {
  let [from, to] = [start, end];
  while (from < to && isSpace(bytes[from] ?? 0)) from++;
  while (to > from && isSpace(bytes[to - 1] ?? 0)) to--;
  try {
    if (type === 'datetime') return datetimeIn(bytes, from, to);
    if (type === 'time') return momentOf(0, timeIn(bytes, from, to));
    return momentOf(dateIn(bytes, from, to), 0);
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
}

function momentOf(days: number, microseconds: number): Moment {
  return { days, microseconds, hasZone: false };
}

function dateIn(bytes: Uint8Array, start: number, end: number): number {
  if (start + dateLength(bytes, start) !== end) throw new NoValue();
  return dateAt(bytes, start);
}

function datetimeIn(bytes: Uint8Array, start: number, end: number): Moment {
  const position = start + dateLength(bytes, start);
  if (position > end) throw new NoValue();
  const days = dateAt(bytes, start);
  if (position === end) return momentOf(days, 0);
  const mark = bytes[position];
  if (mark !== UPPER_T && mark !== LOWER_T && mark !== SPACE) throw new NoValue();
  const time = timeAt(bytes, position + 1, end);
  const hasZone = time.end < end;
  return { days, microseconds: time.microseconds - zoneAt(bytes, time.end, end), hasZone };
}

function timeIn(bytes: Uint8Array, start: number, end: number): number {
  const time = timeAt(bytes, start, end);
  if (time.end !== end) throw new NoValue();
  return time.microseconds;
}

function dateLength(bytes: Uint8Array, start: number): number {
  return hasSign(bytes, start) ? LONG_DATE_LENGTH : DATE_LENGTH;
}

function hasSign(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === PLUS || bytes[start] === DASH;
}

function dateAt(bytes: Uint8Array, start: number): number {
  const isLong = hasSign(bytes, start);
  const yearEnd = start + (isLong ? 7 : 4);
  expectByte(bytes, yearEnd, DASH);
  expectByte(bytes, yearEnd + 3, DASH);
  const lastDigits = twoDigits(bytes, yearEnd - 4) * 100 + twoDigits(bytes, yearEnd - 2);
  const absolute = isLong ? twoDigits(bytes, start + 1) * 10_000 + lastDigits : lastDigits;
  const year = bytes[start] === DASH ? -absolute : absolute;
  const month = twoDigits(bytes, yearEnd + 1);
  const day = twoDigits(bytes, yearEnd + 4);
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) throw new NoValue();
  const days = daysSinceEpoch(year, month, day);
  const isNegativeZero = year === 0 && bytes[start] === DASH;
  if (isNegativeZero || Math.abs(days) > LAST_DAY) throw new NoValue();
  return days;
}

function monthLength(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

/** Counts in years that begin with March, so that the leap day is the last one of its year. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}

function timeAt(
  bytes: Uint8Array,
  start: number,
  end: number,
): { microseconds: number; end: number } {
  if (start + 5 > end) throw new NoValue();
  expectByte(bytes, start + 2, COLON);
  const hours = twoDigits(bytes, start);
  const minutes = twoDigits(bytes, start + 3);
  if (hours > 23 || minutes > 59) throw new NoValue();
  const whole = (hours * 60 + minutes) * MICROSECONDS_PER_MINUTE;
  if (bytes[start + 5] !== COLON || start + 5 >= end)
    return { microseconds: whole, end: start + 5 };
  if (start + 8 > end) throw new NoValue();
  const seconds = twoDigits(bytes, start + 6);
  if (seconds > 59) throw new NoValue();
  const fraction = fractionAt(bytes, start + 8, end);
  return {
    microseconds: whole + seconds * 1_000_000 + fraction.microseconds,
    end: fraction.end,
  };
}

function fractionAt(
  bytes: Uint8Array,
  start: number,
  end: number,
): { microseconds: number; end: number } {
  if (start >= end || bytes[start] !== DOT) return { microseconds: 0, end: start };
  let microseconds = 0;
  let position = start + 1;
  for (; position < end; position++) {
    const digit = (bytes[position] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    const place = position - start;
    if (place <= FRACTION_DIGITS) microseconds += digit * 10 ** (FRACTION_DIGITS - place);
    else if (digit !== 0) throw new NoValue();
  }
  if (position === start + 1) throw new NoValue();
  return { microseconds, end: position };
}

/** Reads `Z`, `+02:00`, `+0200` or nothing, as microseconds east of Greenwich. */
function zoneAt(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const mark = bytes[start];
  if ((mark === UPPER_Z || mark === LOWER_Z) && start + 1 === end) return 0;
  if (mark !== PLUS && mark !== DASH) throw new NoValue();
  const hasColon = bytes[start + 3] === COLON;
  if (start + (hasColon ? 6 : 5) !== end) throw new NoValue();
  const hours = twoDigits(bytes, start + 1);
  const minutes = twoDigits(bytes, start + (hasColon ? 4 : 3));
  if (hours > 23 || minutes > 59) throw new NoValue();
  const offset = (hours * 60 + minutes) * MICROSECONDS_PER_MINUTE;
  return mark === DASH ? -offset : offset;
}

function twoDigits(bytes: Uint8Array, start: number): number {
  const tens = (bytes[start] ?? 0) - ZERO;
  const ones = (bytes[start + 1] ?? 0) - ZERO;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw new NoValue();
  return tens * 10 + ones;
}

function expectByte(bytes: Uint8Array, index: number, byte: number | undefined): void {
  if (bytes[index] !== byte) throw new NoValue();
}
