// Looks for the elements of a date pattern in bytes. Greedy and without going back: what an element has taken it keeps.
// An element that is not there takes nothing, so that the rest of the text is what was not understood.

import { isSpace } from './cells.ts';
import { DateFields } from './date-fields.ts';
import type { ByteClass, DateElement, NumberField } from './date-pattern.ts';
import { readSpreadsheetDay } from './spreadsheet-dates.ts';

const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
].map((name) => new TextEncoder().encode(name));
const SHORT_NAME = 3;
const [LOWER_A, LOWER_M, LOWER_P] = [97, 109, 112];
const MICROSECOND_DIGITS = 6;
const LARGEST_EPOCH = 2 ** 53;

/** Matches one pattern against many texts. */
export class DateMatcher {
  /** What the last text holds. */
  readonly fields = new DateFields();
  /** Where the last match ended. */
  position = 0;
  readonly #elements: readonly DateElement[];
  /** Byte before the decimals of a spreadsheet's day. */
  readonly #point: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;

  constructor(elements: readonly DateElement[], point: number) {
    this.#elements = elements;
    this.#point = point;
  }

  /** Matches the text in `bytes[start, end)` from its start; what follows the match is not looked at. */
  match(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#end = end;
    this.position = start;
    this.fields.reset();
    return this.#run(this.#elements) === this.#elements.length || this.fields.isRestOptional;
  }

  /** Gives how many of the elements were there before one was not. */
  #run(elements: readonly DateElement[]): number {
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      if (element !== undefined && !this.#take(element)) return i;
    }
    return elements.length;
  }

  #take(element: DateElement): boolean {
    switch (element.kind) {
      case 'literal':
        return this.#takeLiteral(element.bytes);
      case 'spaces':
        while (this.#hasSpace(this.position)) this.position++;
        return true;
      case 'number':
        return this.#takeNumber(element);
      case 'month_name':
        return this.#takeMonth();
      case 'half_day':
        return this.#takeHalf();
      case 'fraction':
        return this.#takeFraction(element.digits);
      case 'epoch':
        return this.#takeEpoch(element.unit === 'second' ? 1 : 1000);
      case 'spreadsheet':
        return this.#takeSpreadsheetDay(element.epoch);
      case 'class':
        return this.#takeClass(element);
      case 'rest_optional':
        this.fields.isRestOptional = true;
        return true;
      case 'optional':
        return this.#takeOptional(element.elements, element.least);
      case 'otherwise':
        return this.fields.hasMatched || this.#run(element.elements) === element.elements.length;
      case 'ignore':
        return this.#takeIgnored(element.elements);
    }
  }

  #byte(position: number): number {
    return position < this.#end ? (this.#bytes[position] ?? 0) : -1;
  }

  #hasSpace(position: number): boolean {
    return position < this.#end && isSpace(this.#bytes[position] ?? 0);
  }

  #takeLiteral(literal: Uint8Array): boolean {
    for (let i = 0; i < literal.length; i++) {
      if (this.#byte(this.position + i) !== literal[i]) return false;
    }
    this.position += literal.length;
    return true;
  }

  /** White space counts as leading zeros, except in place of the last digit. */
  #takeNumber(element: {
    readonly field: NumberField;
    readonly low: number;
    readonly high: number;
    readonly digits: number;
  }): boolean {
    const last = this.position + element.digits;
    let position = this.position;
    while (position + 1 < last && this.#hasSpace(position)) position++;
    const first = position;
    let value = 0;
    for (; position < last; position++) {
      const digit = this.#byte(position) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (position === first || value < element.low || value > element.high) return false;
    this.position = position;
    this.#setField(element.field, value);
    return true;
  }

  #setField(field: NumberField, value: number): void {
    const { fields } = this;
    switch (field) {
      case 'Y':
        return fields.setYear(value);
      case 'C':
        return void (fields.century = value);
      case 'y':
        return void (fields.yearOfCentury = value);
      case 'm':
        return void (fields.month = value);
      case 'd':
        return void (fields.day = value);
      case 'H':
        fields.half = -1;
        return void (fields.hour = value);
      case 'I':
        return void (fields.hour = value);
      case 'M':
        return void (fields.minute = value);
      case 'S':
        return void (fields.second = value);
      case 'ignored':
    }
  }

  /** The whole name if it is there, else its first three letters. */
  #takeMonth(): boolean {
    for (const [i, name] of MONTHS.entries()) {
      let letters = 0;
      while (
        letters < name.length &&
        (this.#byte(this.position + letters) | 32) === name[letters]
      ) {
        letters++;
      }
      if (letters < SHORT_NAME) continue;
      this.position += letters === name.length ? letters : SHORT_NAME;
      this.fields.month = i + 1;
      return true;
    }
    return false;
  }

  #takeHalf(): boolean {
    const letter = this.#byte(this.position) | 32;
    if (
      (letter !== LOWER_A && letter !== LOWER_P) ||
      (this.#byte(this.position + 1) | 32) !== LOWER_M
    ) {
      return false;
    }
    this.fields.half = letter === LOWER_P ? 1 : 0;
    if (this.fields.hour > 12) this.fields.hour -= 12;
    this.position += 2;
    return true;
  }

  /** White space at the end counts as zeros; digits beyond the microsecond are read and dropped. */
  #takeFraction(digits: number): boolean {
    const last = this.position + digits;
    let position = this.position;
    let value = 0;
    let places = 0;
    for (; position < last; position++) {
      const digit = this.#byte(position) - ZERO;
      if (digit < 0 || digit > 9) break;
      if (places < MICROSECOND_DIGITS) {
        value = value * 10 + digit;
        places++;
      }
    }
    if (position === this.position) return false;
    while (position < last && this.#hasSpace(position)) position++;
    this.fields.microsecond = value * 10 ** (MICROSECOND_DIGITS - places);
    this.position = position;
    return true;
  }

  #takeEpoch(perSecond: number): boolean {
    const mark = this.#byte(this.position);
    const first = mark === MINUS || mark === PLUS ? this.position + 1 : this.position;
    let position = first;
    let value = 0;
    for (; ; position++) {
      const digit = this.#byte(position) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (position === first || value >= LARGEST_EPOCH) return false;
    const count = mark === MINUS ? -value : value;
    const seconds = Math.floor(count / perSecond);
    if (!this.fields.setSeconds(seconds)) return false;
    if (perSecond > 1) this.fields.microsecond = (count - seconds * perSecond) * 1000;
    this.fields.isInstant = true;
    this.position = position;
    return true;
  }

  #takeSpreadsheetDay(epoch: 0 | 1 | 2): boolean {
    const found = readSpreadsheetDay(this.#bytes, this.position, this.#end, {
      epoch,
      point: this.#point,
    });
    if (found === undefined || !this.fields.setSeconds(found.seconds)) return false;
    this.position = found.end;
    return true;
  }

  #takeClass({ of, low, high }: { of: ByteClass; low: number; high: number }): boolean {
    let position = this.position;
    let count = 0;
    while (count < high && position < this.#end && isIn(this.#byte(position), of)) {
      position++;
      count++;
      // The other bytes of a character beyond ASCII.
      while ((this.#byte(position) & 0xc0) === 0x80 && position < this.#end) position++;
    }
    if (count < low) return false;
    this.position = position;
    return true;
  }

  #takeOptional(elements: readonly DateElement[], least: number): boolean {
    const { position } = this;
    const saved = new DateFields();
    saved.copyFrom(this.fields);
    const isThere = this.#run(elements) >= least;
    if (!isThere) {
      this.fields.copyFrom(saved);
      this.position = position;
    }
    this.fields.hasMatched = isThere;
    return true;
  }

  #takeIgnored(elements: readonly DateElement[]): boolean {
    const saved = new DateFields();
    saved.copyFrom(this.fields);
    const isThere = this.#run(elements) === elements.length;
    this.fields.copyFrom(saved);
    return isThere;
  }
}

function isIn(byte: number, of: ByteClass): boolean {
  switch (of) {
    case 'space':
      return isSpace(byte);
    case 'nonspace':
      return !isSpace(byte);
    case 'any':
      return true;
    case 'nondigit':
      return !isDigit(byte);
    case 'symbol':
      return !isDigit(byte) && !isSpace(byte);
    case 'percent':
      return byte === 37;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}
