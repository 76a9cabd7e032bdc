// Reads days, times and moments as ISO 8601 writes them, in the language of the standard methods that import text:
// 2024-03-31, 23:59 or 23:59:59.999999, both with a T or a space between them and perhaps a zone behind.

const DATE = /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/;
const DATETIME = /^([+-]?\d+-\d\d-\d\d)(?:[Tt ]([\d:.]+)(?:[Zz]|([+-])(\d\d:?\d\d))?)?$/;
const NEGATIVE_ZERO = '-000000';
const MICROSECONDS_PER_MS = 1000;
const MICROSECONDS_PER_SECOND = 1_000_000;
const FRACTION_DIGITS = 6;

/** A day; `undefined` for text that is none. */
export function parseDate(text: string): Date | undefined {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? [];
  if (year === '' || year === NEGATIVE_ZERO) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isOfCalendar =
    date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
  return isOfCalendar ? date : undefined;
}

/** Microseconds since midnight; `undefined` for text that is no time of day. */
export function parseTime(text: string): number | undefined {
  const [match, hours, minutes, seconds = '0', fraction = ''] = TIME.exec(text) ?? [];
  if (match === undefined) return undefined;
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  const isExact = /^0*$/.test(fraction.slice(FRACTION_DIGITS));
  if (hour > 23 || minute > 59 || second > 59 || !isExact) return undefined;
  const whole = ((hour * 60 + minute) * 60 + second) * MICROSECONDS_PER_SECOND;
  return whole + Number(fraction.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0'));
}

/** Microseconds since 1970, UTC unless the text has an offset; `undefined` for text that is no moment. */
export function parseDatetime(text: string): bigint | undefined {
  const [, day = '', clock = '00:00', sign = '+', zone = '00:00'] = DATETIME.exec(text) ?? [];
  const date = parseDate(day);
  const time = parseTime(clock);
  const offset = parseTime(zone.includes(':') ? zone : `${zone.slice(0, 2)}:${zone.slice(2)}`);
  if (date === undefined || time === undefined || offset === undefined) return undefined;
  const east = sign === '-' ? -offset : offset;
  return BigInt(date.getTime()) * BigInt(MICROSECONDS_PER_MS) + BigInt(time - east);
}
