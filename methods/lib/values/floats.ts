// Reads decimal numbers straight from bytes, correct to the last bit and without making a string where that is exact:
// an integer below 2^53 and a power of ten up to 10^22 are exact doubles, so that one multiplication or division
// rounds once, as IEEE 754 asks of reading a decimal number (Clinger, 1990). Everything else is `Number(text)`.

import { latin1, NULL, skipSpace, trimEnd } from './cells.ts';
import type { Cells, ParsedCells, ReadCells } from './cells.ts';

/** How decimal numbers are written. */
export interface FloatFormat {
  /** A comma stands before the decimals, and a point nowhere. */
  readonly hasComma: boolean;
  /** Whatever follows the number is ignored. */
  readonly isPrefix: boolean;
}

const LARGEST_EXACT = 2 ** 53;
const MOST_DIGITS = 19;
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
const NAMED = /^([+-]?)(?:(inf(?:inity)?)|nan)/i;
const PLUS = 43;
const MINUS = 45;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NOUGHT = /^[+-]?[0.]*(?:e|$)/i;

/** Makes what reads float64 values: `1.5`, `-2e-3`, `inf`, `infinity` and `nan` in any case, white space around them. */
export function floatReader(format: FloatFormat): ReadCells {
  const point = format.hasComma ? COMMA : DOT;
  return (cells, into) => {
    const { bytes, starts, ends, first, step, count } = cells;
    const { values, states } = into;
    for (let cell = 0, at = first; cell < count; cell++, at += step) {
      if (states[cell] === NULL) continue;
      const value = shortFloat(bytes, starts[at] ?? 0, ends[at] ?? 0, point);
      if (value === value) values[cell] = value;
      else readRare(cells, cell, format, into);
    }
  };
}

/** Makes what reads float32 values, rounded once from the decimal number. */
export function float32Reader(format: FloatFormat): ReadCells {
  const read = floatReader(format);
  return (cells, into) => {
    read(cells, into);
    const { values, states } = into;
    for (let cell = 0; cell < cells.count; cell++) {
      if (states[cell] !== 0) continue;
      const value = values[cell] ?? 0;
      const single = isHalfway(value)
        ? roundHalfway(cells, cell, value, format)
        : Math.fround(value);
      values[cell] = single;
      if (!Number.isFinite(single) && Number.isFinite(value)) into.markBad(cell);
    }
  };
}

/** Reads a decimal number of few enough digits; NaN for everything else. */
function shortFloat(bytes: Uint8Array, start: number, end: number, point: number): number {
  const sign = start < end ? (bytes[start] ?? 0) : 0;
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  let mantissa = 0;
  let position = first;
  let decimals = 0;
  for (; position < end; position++) {
    const digit = (bytes[position] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
  }
  let digits = position - first;
  if (position < end) {
    if (bytes[position] !== point) return Number.NaN;
    const fraction = ++position;
    for (; position < end; position++) {
      const digit = (bytes[position] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return Number.NaN;
      mantissa = mantissa * 10 + digit;
    }
    decimals = position - fraction;
    digits += decimals;
  }
  // A mantissa that has been rounded on the way is at least 2^53.
  if (digits === 0 || digits > MOST_DIGITS || mantissa >= LARGEST_EXACT) return Number.NaN;
  const value = decimals === 0 ? mantissa : mantissa / (POWERS_OF_TEN[decimals] ?? 1);
  return sign === MINUS ? -value : value;
}

function readRare(cells: Cells, cell: number, format: FloatFormat, into: ParsedCells): void {
  const at = cells.first + cell * cells.step;
  const value = floatOf(cells.bytes, cells.starts[at] ?? 0, cells.ends[at] ?? 0, format);
  if (value === undefined) into.markBad(cell);
  else into.values[cell] = value;
}

/** Reads any decimal number; `undefined` for what is none, and for one beyond the largest double. */
export function floatOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  format: FloatFormat,
): number | undefined {
  const text = decimalText(bytes, start, end, format);
  if (text === undefined) return undefined;
  const named = NAMED.exec(text);
  if (named === null) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (named[2] === undefined) return Number.NaN;
  return named[1] === '-' ? -Infinity : Infinity;
}

/** The number in a cell with a point before its decimals; `undefined` when there is none. */
export function decimalText(
  bytes: Uint8Array,
  start: number,
  end: number,
  { hasComma, isPrefix }: FloatFormat,
): string | undefined {
  const first = skipSpace(bytes, start, end);
  const raw = latin1(bytes, first, trimEnd(bytes, first, end));
  const text = hasComma ? raw.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ';')) : raw;
  const found = (NUMBER.exec(text) ?? NAMED.exec(text))?.[0];
  return found !== undefined && (isPrefix || found.length === text.length) ? found : undefined;
}

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
/** The bits of a double that a single does not have, set to their half. */
const HALF = 0x10_00_00_00;

const SMALLEST_NORMAL_SINGLE = 2 ** -126;
/** Singles below the normal ones are this far apart, divided by two. */
const HALF_STEP = 2 ** -150;

/** Tells whether a double lies exactly between two singles, as the decimal number it was read from may not. */
function isHalfway(value: number): boolean {
  if (Math.abs(value) < SMALLEST_NORMAL_SINGLE) return Math.abs(value / HALF_STEP) % 2 === 1;
  DOUBLE[0] = value;
  return ((WORDS[0] ?? 0) & 0x1f_ff_ff_ff) === HALF;
}

function roundHalfway(cells: Cells, cell: number, value: number, format: FloatFormat): number {
  const at = cells.first + cell * cells.step;
  const text = decimalText(cells.bytes, cells.starts[at] ?? 0, cells.ends[at] ?? 0, format) ?? '';
  const order = compareDecimal(text, value);
  if (order === 0) return Math.fround(value);
  // A double next to it, on the side of the decimal number, is no longer halfway.
  return Math.fround(value * (1 + order * Math.sign(value) * Number.EPSILON));
}

/** −1, 0 or 1 as a decimal number is below, equal to or above a double. */
function compareDecimal(text: string, value: number): number {
  if (NOUGHT.test(text)) return -Math.sign(value);
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const digits = BigInt(`${whole.replace(/^[+-]/, '')}${decimals}`);
  const power = Number(exponent) - decimals.length;
  const [numerator, denominator] = fractionOf(Math.abs(value));
  const scale = 10n ** BigInt(Math.abs(power));
  const left = digits * denominator * (power > 0 ? scale : 1n);
  const right = numerator * (power < 0 ? scale : 1n);
  if (left === right) return 0;
  return left > right ? Math.sign(value) : -Math.sign(value);
}

/** A double as a fraction of integers. */
function fractionOf(value: number): [numerator: bigint, denominator: bigint] {
  let [numerator, denominator] = [value, 1n];
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return [BigInt(numerator), denominator];
}
