// The text form of numbers and bigints that loses nothing: an integer beyond ±(2^53 − 1) written in digits is a bigint,
// one with an exponent a number. Within those limits a bigint and a number of the same value are the same.

const ZERO = 48;
const MINUS = 45;
/** Digits that are always exact. */
const SAFE_DIGITS = 15;
const DIGITS = /^-?\d+$/;

/** Writes a number or bigint. */
export function encodeNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return value.toExponential();
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Reads what `encodeNumber` has written in `bytes[start, end)`. */
export function decodeNumber(bytes: Buffer, start: number, end: number): number | bigint {
  const isNegative = bytes[start] === MINUS;
  let at = isNegative ? start + 1 : start;
  if (end - at > SAFE_DIGITS) return decodeText(bytes.toString('latin1', start, end));
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return decodeText(bytes.toString('latin1', start, end));
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

function decodeText(text: string): number | bigint {
  const number = Number(text);
  return DIGITS.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
