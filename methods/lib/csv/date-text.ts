// Writes dates and times as ISO 8601, such that iso-dates.ts reads the same again.
// The text of the last day is kept, because rows that follow each other are often of one day.

import { MS_PER_DAY } from '../values/units.ts';

const MICROSECONDS_PER_MS = 1000n;
const MIDNIGHT = 'T00:00:00.000Z';
const DIGITS = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

let lastDay = Number.NaN;
let lastDayText = '';

/** Writes the day, as `2024-03-31`. */
export function dateText(value: Date): string {
  return dayText(Math.floor(value.getTime() / MS_PER_DAY));
}

/** Writes a moment, given as a date or in microseconds, with three digits of a second or six where it needs them. */
export function datetimeText(value: Date | bigint): string {
  if (value instanceof Date) return millisecondText(value.getTime(), '');
  const rest = Number(value % MICROSECONDS_PER_MS);
  const below = rest < 0 ? rest + 1000 : rest;
  const ms = Number((value - BigInt(below)) / MICROSECONDS_PER_MS);
  return millisecondText(ms, below === 0 ? '' : (DIGITS[below] ?? ''));
}

function millisecondText(ms: number, below: string): string {
  const day = Math.floor(ms / MS_PER_DAY);
  const time = ms - day * MS_PER_DAY;
  const seconds = Math.floor(time / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${dayText(day)}T${clock}.${DIGITS[time % 1000] ?? ''}${below}Z`;
}

function dayText(day: number): string {
  if (day !== lastDay) {
    lastDayText = new Date(day * MS_PER_DAY).toISOString().slice(0, -MIDNIGHT.length);
    lastDay = day;
  }
  return lastDayText;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
