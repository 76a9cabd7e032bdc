// The proleptic Gregorian calendar from the year 1 to 9999: days since 1970-01-01 from year, month and day.
// Counted in years that begin with March, so that the leap day is the last one of its year.

const LAST_YEAR = 9999;
const MONTH_LENGTHS = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/** By month, from 1: days of the year before it. */
export const DAYS_BEFORE_MONTH: Int32Array = Int32Array.from([
  0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275,
]);

/** By year: days from 1970-01-01 to the last day before its March. */
export const DAYS_BEFORE_YEAR: Int32Array = Int32Array.from(
  { length: LAST_YEAR + 1 },
  (_, year) => {
    const century = Math.floor(year / 100);
    return year * 365 + Math.floor(year / 4) - century + Math.floor(century / 4) - 719_469;
  },
);

/** Tells whether there is such a day; `month` is 1 to 12. */
export function isDay(year: number, month: number, day: number): boolean {
  return day > 0 && (day <= 28 || day <= monthLength(year, month));
}

function monthLength(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month] ?? 0);
}

function isLeap(year: number): boolean {
  return (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const before = DAYS_BEFORE_YEAR[month > 2 ? year : year - 1] ?? Number.NaN;
  return before + (DAYS_BEFORE_MONTH[month] ?? 0) + day;
}
