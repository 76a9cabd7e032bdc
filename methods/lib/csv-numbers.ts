// Reads numbers straight from bytes, without making a string where that is exact: up to 15 digits are exact in a
// double, and dividing two exact doubles rounds once, which is what IEEE 754 asks of reading a decimal number.

/** Thrown for text that has no value in the wanted type; the caller knows where the text stands. */
export class NoValue extends Error {}

const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;

/** Reads a decimal number, correct to the last bit; also `nan`, `inf` and `infinity` in any case. */
export function parseFloat64(bytes: Buffer, start: number, end: number): number {
  const sign = bytes[start];
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  let mantissa = 0;
  let dot = -1;
  let position = first;
  for (; position < end; position++) {
    const digit = (bytes[position] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (digit === DOT - ZERO && dot === -1) dot = position;
    else break;
  }
  const digits = position - first - (dot === -1 ? 0 : 1);
  if (position < end || digits === 0 || digits > EXACT_DIGITS) {
    return parseRareFloat(bytes.toString('latin1', start, end));
  }
  const decimals = dot === -1 ? 0 : position - dot - 1;
  const value = mantissa / (POWERS_OF_TEN[decimals] ?? 1);
  return sign === MINUS ? -value : value;
}

function parseRareFloat(text: string): number {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text.toLowerCase() === 'nan') return Number.NaN;
  throw new NoValue();
}

/** Reads an integer that fits into 32 bits. */
export function parseInt32(bytes: Buffer, start: number, end: number): number {
  const value = parseSmallInteger(bytes, start, end) ?? Number(parseInteger(bytes, start, end));
  // The bitwise operator cuts to 32 bits; a value it changes did not fit.
  if ((value | 0) !== value) throw new NoValue();
  return value;
}

/** Reads an integer that fits into 64 bits: as a number where it is safe to. */
export function parseInt64(bytes: Buffer, start: number, end: number): number | bigint {
  const small = parseSmallInteger(bytes, start, end);
  if (small !== undefined) return small;
  const value = parseInteger(bytes, start, end);
  if (BigInt.asIntN(64, value) !== value) throw new NoValue();
  return value;
}

/** Reads an integer of at most 15 digits; `undefined` for a longer one and for anything else. */
function parseSmallInteger(bytes: Buffer, start: number, end: number): number | undefined {
  const sign = bytes[start];
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  if (first === end || end - first > EXACT_DIGITS) return undefined;
  let value = 0;
  for (let position = first; position < end; position++) {
    const digit = (bytes[position] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return sign === MINUS && value !== 0 ? -value : value;
}

/** Reads an integer of any length. */
function parseInteger(bytes: Buffer, start: number, end: number): bigint {
  const text = bytes.toString('latin1', start, end);
  if (!INTEGER.test(text)) throw new NoValue();
  return text.startsWith('+') ? BigInt(text.slice(1)) : BigInt(text);
}
