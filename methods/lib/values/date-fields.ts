// What a date pattern finds in a text, and which moment that is. Fields that are missing are those of 1970-01-01 00:00.

import { daysSinceEpoch, isDay } from './calendar.ts';
import { MICROSECONDS_PER_DAY } from './units.ts';

/** Largest and smallest second since 1970 within the years 1 to 9999. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** Fields of the text that is being read; made once per column. */
export class DateFields {
  /** −1 when there is none. */
  century = -1;
  yearOfCentury = 70;
  month = 1;
  day = 1;
  hour = 0;
  minute = 0;
  second = 0;
  microsecond = 0;
  /** −1 when the hour is one of 24; 0 for AM, 1 for PM. */
  half = -1;
  /** The text gave seconds or milliseconds since 1970 UTC: no time zone is applied. */
  isInstant = false;
  /** The rest of the pattern may be missing. */
  isRestOptional = false;
  /** The last optional group was there. */
  hasMatched = false;

  reset(): void {
    this.century = -1;
    this.yearOfCentury = 70;
    this.month = 1;
    this.day = 1;
    this.hour = 0;
    this.minute = 0;
    this.second = 0;
    this.microsecond = 0;
    this.half = -1;
    this.isInstant = false;
    this.isRestOptional = false;
    this.hasMatched = false;
  }

  copyFrom(other: DateFields): void {
    this.century = other.century;
    this.yearOfCentury = other.yearOfCentury;
    this.month = other.month;
    this.day = other.day;
    this.hour = other.hour;
    this.minute = other.minute;
    this.second = other.second;
    this.microsecond = other.microsecond;
    this.half = other.half;
    this.isInstant = other.isInstant;
    this.isRestOptional = other.isRestOptional;
    this.hasMatched = other.hasMatched;
  }

  /** Takes over a moment; `false` when it lies outside the years 1 to 9999. */
  setSeconds(seconds: number): boolean {
    if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return false;
    const at = new Date(seconds * 1000);
    this.setYear(at.getUTCFullYear());
    this.month = at.getUTCMonth() + 1;
    this.day = at.getUTCDate();
    this.hour = at.getUTCHours();
    this.minute = at.getUTCMinutes();
    this.second = at.getUTCSeconds();
    this.half = -1;
    return true;
  }

  setYear(year: number): void {
    this.century = Math.floor(year / 100);
    this.yearOfCentury = year % 100;
  }

  /** Days since 1970-01-01; NaN for a day that no calendar has. Two-digit years are those from 1969 to 2068. */
  days(): number {
    const { yearOfCentury } = this;
    const century = this.century === -1 ? (yearOfCentury < 69 ? 20 : 19) : this.century;
    const year = century * 100 + yearOfCentury;
    if (year < 1 || !isDay(year, this.month, this.day)) return Number.NaN;
    return daysSinceEpoch(year, this.month, this.day);
  }

  /** Microseconds since midnight. */
  timeOfDay(): number {
    let { hour } = this;
    if (this.half !== -1) {
      if (hour === 12) hour = 0;
      if (this.half === 1) hour += 12;
    }
    return ((hour * 60 + this.minute) * 60 + this.second) * 1_000_000 + this.microsecond;
  }

  /** Microseconds since 1970, exact from 1684 to 2255; NaN for a day that no calendar has. */
  microseconds(): number {
    return this.days() * MICROSECONDS_PER_DAY + this.timeOfDay();
  }
}
