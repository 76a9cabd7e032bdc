// Chooses bins with short edges for a range of numbers, days or times: of equal width, or of whole months. Pure.

import { monthBins } from './calendar-bins.ts';

/** Bins `start + i × width`, the last one with its end. Days or microseconds for types of time. */
export interface Bins {
  readonly start: number;
  readonly width: number;
  readonly count: number;
  /** Where bins are months: all edges, `width` being the mean. */
  readonly edges?: readonly number[];
  /** Months of each bin. */
  readonly months?: number;
}

const DAY_STEPS = [1, 2, 7, 14];
/** Weeks begin on Monday, and the first one on 5 January 1970. */
const FIRST_MONDAY = 4;
const US = 1_000_000;
const US_PER_DAY = 86_400 * US;
const SECOND_STEPS = [1, 2, 5, 10, 15, 30];
const MINUTES = SECOND_STEPS.map((step) => step * 60);
const HOURS = [1, 2, 3, 6, 12].map((step) => step * 3600);
const DAYS = DAY_STEPS.map((step) => step * 86_400);
const TIME_STEPS = [...SECOND_STEPS, ...MINUTES, ...HOURS, ...DAYS].map((step) => step * US);

/** Chooses at most `most` bins that hold everything from `min` to `max`. */
export function chooseBins(
  type: string,
  { min, max }: { min: number; max: number },
  most: number,
): Bins {
  const isWhole = /^u?int|^date|^time|^datetime/u.test(type);
  for (let needed = (max - min) / most; ;) {
    const width = stepFrom(type, isWhole ? Math.max(1, needed) : needed);
    const perDay = type === 'date' ? 1 : US_PER_DAY;
    const isCalendar = type === 'date' || type === 'datetime';
    if (isCalendar && width > 14 * perDay) {
      const months = monthBins({ min, max }, most, perDay);
      if (months !== undefined) return months;
    }
    const offset = isCalendar && width >= 7 * perDay ? FIRST_MONDAY * perDay : 0;
    const start = Math.floor((min - offset) / width) * width + offset;
    // A whole number at an edge begins a bin of its own; of others the last bin holds its end.
    const reach = isWhole ? Math.floor(max) + 1 : max;
    const count = Math.max(1, Math.ceil((reach - start) / width - (isWhole ? 0 : 1e-9)));
    if (count <= most) return { start, width, count };
    needed = width * 1.001;
  }
}

/** The edges of a bin, without the noise of adding fractions. */
export function binEdges(
  { start, width, edges }: Bins,
  bin: number,
): readonly [from: number, to: number] {
  if (edges !== undefined) return [edges[bin] ?? start, edges[bin + 1] ?? start];
  return [tidy(start + bin * width), tidy(start + (bin + 1) * width)];
}

function stepFrom(type: string, needed: number): number {
  if (type === 'date') return listedStep(DAY_STEPS, needed);
  if (type === 'datetime' || type === 'time') {
    return needed < US ? decimalStep(Math.max(1, needed)) : listedStep(TIME_STEPS, needed);
  }
  return needed > 0 ? decimalStep(needed) : 1;
}

function listedStep(steps: readonly number[], needed: number): number {
  const step = steps.find((candidate) => candidate >= needed);
  const longest = steps.at(-1) ?? 1;
  return step ?? Math.ceil(decimalStep(needed / longest)) * longest;
}

/** The least of 1, 2, 5 × 10^n that is at least `needed`. */
function decimalStep(needed: number): number {
  const power = Math.floor(Math.log10(needed));
  for (const factor of [1, 2, 5, 10]) {
    const step = tidy(factor * 10 ** power);
    if (step >= needed * (1 - 1e-12)) return step;
  }
  return 10 ** (power + 1);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
