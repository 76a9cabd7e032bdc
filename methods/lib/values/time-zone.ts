// Local time of a zone to UTC, by the zone rules of the platform (Intl). An hour that comes twice in autumn is taken
// the first time it comes; one that is left out in spring is taken as if the clock had not been put forward yet
// (as `compatible` of Temporal, and RFC 5545).

import { MS_PER_DAY } from './units.ts';

/** Stretch of time whose changes are looked for together, and the step in which they are: none hides within a day. */
const BLOCK = 64 * MS_PER_DAY;
/** After so many days the Gregorian calendar, and with it every yearly rule, repeats itself. */
const CYCLE = 146_097 * MS_PER_DAY;
const LAST_RULED = Date.UTC(2500, 0);
const FIRST_RULED = Date.UTC(1800, 0);
/** The largest difference to UTC that any zone ever had is below 16 hours. */
const MARGIN = MS_PER_DAY;

/** A stretch of time with one difference to UTC. */
interface Period {
  /** In milliseconds since 1970. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Milliseconds east of Greenwich. */
  readonly offset: number;
}

/** A time zone. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #blocks = new Map<number, readonly Period[]>();
  /** Where the last time was found. */
  #period: Period = { start: 0, end: 0, offset: 0 };

  /** Throws `RangeError` for a name that the platform does not know. */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  }

  /** The difference to UTC at a local time given in milliseconds as if it were UTC: subtract it. */
  offsetAtLocal(local: number): number {
    const { start, end, offset } = this.#period;
    const guess = local - offset;
    if (guess >= start + MARGIN && guess < end - MARGIN) return offset;
    const before = this.#offsetAt(local - MARGIN);
    const after = this.#offsetAt(local + MARGIN);
    if (before !== after && this.#offsetAt(local - before) !== before) {
      if (this.#offsetAt(local - after) === after) return after;
    }
    return before;
  }

  #offsetAt(utc: number): number {
    const time = inRuledTime(utc);
    if (time < this.#period.start || time >= this.#period.end) this.#period = this.#find(time);
    return this.#period.offset;
  }

  #find(time: number): Period {
    const block = Math.floor(time / BLOCK);
    let periods = this.#blocks.get(block);
    if (periods === undefined) {
      periods = this.#periodsOf(block * BLOCK);
      this.#blocks.set(block, periods);
    }
    const period = periods.find(({ end }) => time < end);
    if (period === undefined) throw new Error('Internal error: a time outside its block');
    return period;
  }

  #periodsOf(start: number): readonly Period[] {
    const periods: Period[] = [];
    let from = start;
    let offset = this.#measure(start);
    for (let time = start; time < start + BLOCK; time += MS_PER_DAY) {
      const next = this.#measure(time + MS_PER_DAY);
      if (next === offset) continue;
      const change = this.#changeBetween(time, time + MS_PER_DAY, offset);
      periods.push({ start: from, end: change, offset });
      [from, offset] = [change, next];
    }
    periods.push({ start: from, end: start + BLOCK, offset });
    return periods;
  }

  /** The first millisecond after `start` that has not the offset of `start`. */
  #changeBetween(start: number, end: number, offset: number): number {
    let [low, high] = [start, end];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#measure(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }

  #measure(utc: number): number {
    const whole = Math.floor(utc / 1000) * 1000;
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(whole)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const local = new Date(0);
    local.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
    local.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']));
    return local.getTime() - whole;
  }
}

/** A time with the same rules among the years that are looked at: before 1800 no zone had changes. */
function inRuledTime(utc: number): number {
  if (utc < FIRST_RULED) return FIRST_RULED;
  return utc < LAST_RULED ? utc : LAST_RULED - CYCLE + ((utc - LAST_RULED) % CYCLE);
}
