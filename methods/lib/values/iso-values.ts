// Days, times and moments as ISO 8601 text, as files of JSON lines and Parquet hold them: written and read exactly.

const MS_PER_DAY = 86_400_000;
const US_PER_DAY = 86_400_000_000n;
const DATE = String.raw`(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)`;
const CLOCK = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?`;
const IS_DATE = new RegExp(`^${DATE}$`, 'u');
const IS_CLOCK = new RegExp(`^${CLOCK}$`, 'u');
const IS_MOMENT = new RegExp(`^${DATE}[T ]${CLOCK}(Z|[+-]\\d\\d:?\\d\\d)?$`, 'u');

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
export function parseDate(text: string): Date | undefined {
  const match = IS_DATE.exec(text);
  return match === null ? undefined : dayOf(match);
}

/** Reads microseconds since midnight; `undefined` for text that is no time of day. */
export function parseTime(text: string): number | undefined {
  const match = IS_CLOCK.exec(text);
  return match === null ? undefined : clockOf(match.slice(1));
}

/** Reads microseconds since 1970, UTC unless the text has an offset; `undefined` for text that is no moment. */
export function parseDatetime(text: string): bigint | undefined {
  const match = IS_MOMENT.exec(text);
  if (match === null) return undefined;
  const day = dayOf(match);
  const clock = clockOf(match.slice(4));
  const offset = offsetOf(match[8] ?? 'Z');
  if (day === undefined || clock === undefined || offset === undefined) return undefined;
  return BigInt(day.getTime() / MS_PER_DAY) * US_PER_DAY + BigInt(clock) - offset;
}

function dayOf([, year = '', month = '', day = '']: readonly string[]): Date | undefined {
  const text = `${year}-${month}-${day}`;
  const date = new Date(`${text}T00:00:00Z`);
  // A day that the month does not have comes out as another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined;
}

function clockOf(parts: readonly (string | undefined)[]): number | undefined {
  const [hours = '', minutes = '', seconds = '0', fraction = ''] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

function offsetOf(text: string): bigint | undefined {
  if (text === 'Z') return 0n;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  const signed = text.startsWith('-') ? -minutes : minutes;
  return minutes > 24 * 60 ? undefined : BigInt(signed) * 60_000_000n;
}
