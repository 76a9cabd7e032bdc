// Reads integers straight from bytes. White space around them is allowed, and a prefix of 0x in base 16.
// Base 0 is what C means by it: 0x is hexadecimal, a leading 0 octal, everything else decimal.

import { isSpace, latin1, NULL, skipSpace, trimEnd } from './cells.ts';
import type { Cells, ParsedCells, ReadCells } from './cells.ts';

/** How integers are written, and which ones the type can hold. */
export interface IntegerFormat {
  readonly base: 0 | 8 | 10 | 16;
  /** Whatever follows the number is ignored. */
  readonly isPrefix: boolean;
  readonly min: bigint;
  readonly max: bigint;
}

/** Digits that are exact in a double whatever they are. */
const EXACT_DIGITS = 15;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;
const LOWER_X = 120;

const DIGITS: Readonly<Record<8 | 10 | 16, RegExp>> = {
  8: /^[0-7]+/,
  10: /^[0-9]+/,
  16: /^[0-9a-f]+/i,
};
const BIGINT_PREFIX: Readonly<Record<8 | 10 | 16, string>> = { 8: '0o', 10: '', 16: '0x' };

/** Makes what reads integers of one format. */
export function integerReader(format: IntegerFormat): ReadCells {
  const [min, max] = [Number(format.min), Number(format.max)];
  const isDecimal = format.base === 10;
  return (cells, into) => {
    const { bytes, starts, ends, first, step, count } = cells;
    const { values, states } = into;
    for (let cell = 0, at = first; cell < count; cell++, at += step) {
      if (states[cell] === NULL) continue;
      const value = isDecimal ? shortInteger(bytes, starts[at] ?? 0, ends[at] ?? 0) : Number.NaN;
      if (value >= min && value <= max) values[cell] = value;
      else readLong(cells, cell, format, into);
    }
  };
}

/** Reads a decimal integer of at most 15 digits; NaN for everything else. */
function shortInteger(bytes: Uint8Array, start: number, end: number): number {
  const sign = start < end ? (bytes[start] ?? 0) : 0;
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  if (first === end || end - first > EXACT_DIGITS) return Number.NaN;
  let value = 0;
  for (let position = first; position < end; position++) {
    const digit = (bytes[position] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return sign === MINUS ? 0 - value : value;
}

function readLong(cells: Cells, cell: number, format: IntegerFormat, into: ParsedCells): void {
  const at = cells.first + cell * cells.step;
  const start = cells.starts[at] ?? 0;
  const value = longInteger(cells.bytes, start, cells.ends[at] ?? 0, format);
  if (value === undefined || value < format.min || value > format.max) into.markBad(cell);
  else putInteger(into, cell, value);
}

/** Stores an integer of any size. */
export function putInteger(into: ParsedCells, cell: number, value: bigint): void {
  const number = Number(value);
  into.values[cell] = number;
  if (!Number.isSafeInteger(number)) into.wide.set(cell, value);
}

/** Reads an integer of any length; `undefined` when there is none. */
export function longInteger(
  bytes: Uint8Array,
  start: number,
  end: number,
  { base, isPrefix }: Pick<IntegerFormat, 'base' | 'isPrefix'>,
): bigint | undefined {
  let position = skipSpace(bytes, start, end);
  const sign = position < end ? (bytes[position] ?? 0) : 0;
  if (sign === MINUS || sign === PLUS) position++;
  const text = latin1(bytes, position, isPrefix ? end : trimEnd(bytes, position, end));
  const hasX = (base === 0 || base === 16) && isHexadecimal(bytes, position, end);
  const actual = base === 0 ? baseOf(text, hasX) : base;
  const digits = DIGITS[actual].exec(hasX ? text.slice(2) : text)?.[0];
  if (digits === undefined) return undefined;
  if (!isPrefix && digits.length + (hasX ? 2 : 0) !== text.length) return undefined;
  const value = BigInt(BIGINT_PREFIX[actual] + digits);
  return sign === MINUS ? -value : value;
}

function baseOf(text: string, hasX: boolean): 8 | 10 | 16 {
  if (hasX) return 16;
  return text.startsWith('0') ? 8 : 10;
}

/** A lone `0x` is a zero before something else, as C has it. */
function isHexadecimal(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 3 || bytes[start] !== ZERO) return false;
  if (((bytes[start + 1] ?? 0) | 32) !== LOWER_X) return false;
  return DIGITS[16].test(String.fromCharCode(bytes[start + 2] ?? 0));
}

/** Tells whether there is nothing but white space. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    if (!isSpace(bytes[position] ?? 0)) return false;
  }
  return true;
}
