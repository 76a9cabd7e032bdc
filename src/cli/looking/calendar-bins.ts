// Bins of whole months or years for days and datetimes, which differ in width, and short labels for bins of any length.
// All in UTC. Pure.

import { MS_PER_DAY } from '../../util/units.ts';
import type { Bins } from './histogram-bins.ts';

const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];
const US_PER_DAY = MS_PER_DAY * 1000;
const US_PER_MINUTE = 60_000_000;
/** How far from 1970 a Date reaches. */
const LAST_DAY = 100_000_000;

/** Chooses at most `most` bins of whole months; `undefined` for what lies too far away. `perDay` is 1 for days, else µs. */
export function monthBins(
  { min, max }: { min: number; max: number },
  most: number,
  perDay: number,
): Bins | undefined {
  if (Math.max(Math.abs(min), Math.abs(max)) / perDay > LAST_DAY * 0.99) return undefined;
  const [from, to] = [monthOf(min / perDay), monthOf(max / perDay)];
  for (const step of MONTH_STEPS) {
    const first = Math.floor(from / step) * step;
    const count = Math.floor((to - first) / step) + 1;
    if (count > most) continue;
    const edges = Array.from({ length: count + 1 }, (_, i) => dayOf(first + i * step) * perDay);
    const [start = 0] = edges;
    const width = ((edges[count] ?? 0) - start) / count;
    return { start, width, count, edges, months: step };
  }
  return undefined;
}

/** The label of a bin as cells, the last one without what lies beyond; `undefined` where edges are as short as can be. */
export function calendarLabel(
  type: string,
  { width, months }: Bins,
  [from, to]: readonly [from: number, to: number],
): readonly string[] | undefined {
  const isDay = type === 'date';
  if (months === undefined && (isDay || type !== 'datetime')) return undefined;
  const [perMs, last] = isDay ? [1 / MS_PER_DAY, to - 1] : [1000, to - 1];
  const text = (value: number, length: number): string => {
    const iso = new Date(Math.floor(value / perMs)).toISOString();
    // Years beyond 9999 have more digits.
    return iso.slice(0, iso.length - ISO_LENGTH + length).replace('T', ' ');
  };
  if (months !== undefined) {
    const length = months % 12 === 0 ? YEAR : MONTH;
    return between(text(from, length), text(last, length));
  }
  if (width % US_PER_DAY === 0) return between(text(from, DAY), text(last, DAY));
  if (width % US_PER_MINUTE === 0) return [text(from, MINUTE), '…', text(to, MINUTE)];
  return undefined;
}

/** Lengths of the beginnings of a date in ISO 8601 with four digits for the year. */
const [YEAR, MONTH, DAY, MINUTE, ISO_LENGTH] = [4, 7, 10, 16, 24];

function between(from: string, to: string): readonly string[] {
  return from === to ? [from] : [from, '…', to];
}

/** Months since January of the year 0, so that decades and centuries begin where people say they do. */
function monthOf(day: number): number {
  const date = new Date(Math.floor(day * MS_PER_DAY));
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The first day of a month. */
function dayOf(month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
  return date.getTime() / MS_PER_DAY;
}
