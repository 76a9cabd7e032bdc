// Days, times and moments as ISO 8601 text, as JSON lines hold them: written and read exactly, in the language of
// iso-dates.ts.

import { isoMoment } from './iso-dates.ts';
import type { DateType, Moment } from './iso-dates.ts';
import { MICROSECONDS_PER_DAY, MS_PER_DAY } from './units.ts';

/** Holds any text of at most a third as many characters. */
const scratch = Buffer.allocUnsafeSlow(192);

/** Writes microseconds since midnight, as `12:00:00` or `12:00:00.000001`. */
export function timeText(value: number): string {
  const seconds = Math.floor(value / 1_000_000);
  const rest = value - seconds * 1_000_000;
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
  return rest === 0 ? clock : `${clock}.${String(rest).padStart(6, '0')}`;
}

/** Reads a day; `undefined` for text that is none. */
export function readDate(text: string): Date | undefined {
  const moment = momentIn('date', text);
  return moment === undefined ? undefined : new Date(moment.days * MS_PER_DAY);
}

/** Reads microseconds since midnight; `undefined` for text that is no time of day. */
export function readTime(text: string): number | undefined {
  return momentIn('time', text)?.microseconds;
}

/** Reads microseconds since 1970, UTC unless the text has an offset; `undefined` for text that is no moment. */
export function readDatetime(text: string): bigint | undefined {
  const moment = momentIn('datetime', text);
  if (moment === undefined) return undefined;
  return BigInt(moment.days) * BigInt(MICROSECONDS_PER_DAY) + BigInt(moment.microseconds);
}

function momentIn(type: DateType, text: string): Moment | undefined {
  if (text.length > scratch.length / 3) {
    const bytes = Buffer.from(text);
    return isoMoment(type, bytes, 0, bytes.length);
  }
  return isoMoment(type, scratch, 0, scratch.write(text));
}
