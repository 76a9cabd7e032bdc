// The hash that places rows in slices: the first 64 bits of MurmurHash3_x86_128 (A. Appleby, SMHasher), seed 0.
// Part of the meaning of stored datasets: it never changes. The 32-bit variant is taken because JavaScript multiplies
// 32-bit integers at full speed. What is hashed of which value is said at `hashValue`; whole columns: hash-column.ts.

import { UsageError } from '../model/errors.ts';
import { WORD } from '../util/units.ts';

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const TWO_63 = 9_223_372_036_854_775_808;
/** Up to here what `sliceOfWords` divides stays below 2^52. */
const MAX_SLICES = 1_048_576;

const encoder = new TextEncoder();
const float = new Float64Array(1);
const floatWords = new Uint32Array(float.buffer);
/** A hash's four words. */
const words = new Uint32Array(4);
let scratch = new Uint8Array(256);

/** Values that can be hashed. */
export type HashableValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array;

/**
 * Hashes a value to 64 bits, unsigned: null, 0, −0, '', no bytes and false to 0; an integer below 2^63, of whatever
 * type, as 8 bytes of two's complement (little-endian, as all that follows), and true as 1; a number with a fraction
 * or beyond as its float64, all NaNs as one; a bigint that is neither as the fewest bytes of two's complement; text
 * as UTF-8; a Date as microseconds since 1970. Throws `UsageError` for other values.
 */
export function hashValue(value: HashableValue): bigint {
  hashInto(value);
  return (BigInt(words[1] ?? 0) << 32n) | BigInt(words[0] ?? 0);
}

/** The slice that a row with `value` in its hash column belongs to: hash mod `slices`. See `hashValue`. */
export function hashSlice(value: HashableValue, slices: number): number {
  hashInto(value);
  return sliceOfWords(words[0] ?? 0, words[1] ?? 0, slices);
}

/** Slice of the 64-bit integer with the words `low` and `high`. */
export function sliceOfInteger(low: number, high: number, slices: number): number {
  if ((low | high) === 0) return 0;
  return sliceOf8Bytes(low, high, slices);
}

/** Slice of a number of any kind. */
export function sliceOfNumber(value: number, slices: number): number {
  const integer = value | 0;
  if (integer === value) return sliceOfInteger(integer, integer >> 31, slices);
  if (Math.floor(value) === value && value >= -TWO_63 && value < TWO_63) {
    const high = Math.floor(value / WORD);
    return sliceOf8Bytes((value - high * WORD) | 0, high | 0, slices);
  }
  float[0] = Number.isNaN(value) ? Number.NaN : value;
  return sliceOf8Bytes(floatWords[0] ?? 0, floatWords[1] ?? 0, slices);
}

/** Slice of `bytes[start, end)`. */
export function sliceOfBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  slices: number,
): number {
  if (start >= end) return 0;
  murmur3(bytes, start, end, 0, words);
  return sliceOfWords(words[0] ?? 0, words[1] ?? 0, slices);
}

/** MurmurHash3_x86_128 of `bytes[start, end)`; its four words of 32 bits, the lowest first, go into `out`. */
export function murmur3(
  bytes: Uint8Array,
  start: number,
  end: number,
  seed: number,
  out: Uint32Array,
): void {
  let h1 = seed | 0;
  let h2 = h1;
  let h3 = h1;
  let h4 = h1;
  const length = end - start;
  let at = start;
  for (const last = end - 16; at <= last; at += 16) {
    h1 = rotate(h1 ^ mix(word(bytes, at), C1, 15, C2), 19) + h2;
    h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0;
    h2 = rotate(h2 ^ mix(word(bytes, at + 4), C2, 16, C3), 17) + h3;
    h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0;
    h3 = rotate(h3 ^ mix(word(bytes, at + 8), C3, 17, C4), 15) + h4;
    h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0;
    h4 = rotate(h4 ^ mix(word(bytes, at + 12), C4, 18, C1), 13) + h1;
    h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0;
  }
  if (at < end) h1 ^= mix(tailWord(bytes, at, end), C1, 15, C2);
  if (at + 4 < end) h2 ^= mix(tailWord(bytes, at + 4, end), C2, 16, C3);
  if (at + 8 < end) h3 ^= mix(tailWord(bytes, at + 8, end), C3, 17, C4);
  if (at + 12 < end) h4 ^= mix(tailWord(bytes, at + 12, end), C4, 18, C1);
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = avalanche((h2 + h1) | 0);
  h3 = avalanche((h3 + h1) | 0);
  h4 = avalanche((h4 + h1) | 0);
  h1 = avalanche(h1) + h2 + h3 + h4;
  out[0] = h1;
  out[1] = h2 + h1;
  out[2] = h3 + h1;
  out[3] = h4 + h1;
}

/** `murmur3` of 8 bytes given as two words, and its slice: the same steps with what is zero left out. */
function sliceOf8Bytes(low: number, high: number, slices: number): number {
  const h1 = mix(low, C1, 15, C2) ^ 8;
  const h2 = mix(high, C2, 16, C3) ^ 8;
  const sum = (h1 + h2 + 16) | 0;
  const rest = avalanche((sum + 8) | 0);
  const second = avalanche((sum + h2) | 0);
  const first = (avalanche(sum) + second + rest + rest) | 0;
  return sliceOfWords(first, (second + first) | 0, slices);
}

/**
 * The hash with the words `low` and `high` modulo `slices`. Quotients of integers below 2^52 round to the right side
 * of every integer, and dividing floats is faster than dividing integers.
 */
function sliceOfWords(low: number, high: number, slices: number): number {
  if ((slices & (slices - 1)) === 0) return low & (slices - 1);
  if (slices > MAX_SLICES) {
    return Number(((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) % BigInt(slices));
  }
  const upper = high >>> 0;
  const rest = upper - Math.floor(upper / slices) * slices;
  const value = rest * WORD + (low >>> 0);
  return value - Math.floor(value / slices) * slices;
}

function hashInto(value: HashableValue): void {
  words.fill(0);
  if (typeof value === 'string') hashText(value);
  else if (typeof value === 'number') hashNumber(value);
  else if (typeof value === 'bigint') hashBigint(value);
  else if (value instanceof Uint8Array) hashBytes(value, value.length);
  else if (value instanceof Date) hashDate(value.getTime());
  else if (value === true) hashWords(1, 0);
  else if (value !== false && value !== null && value !== undefined) {
    throw new UsageError({
      code: 'cannot_hash',
      message: `Expected a value that can be hashed (null, boolean, number, bigint, string, Date or Uint8Array), got ${typeof value}`,
    });
  }
}

function hashDate(ms: number): void {
  const microseconds = ms * 1000;
  if (Number.isSafeInteger(microseconds)) hashNumber(microseconds);
  else hashBigint(BigInt(ms) * 1000n);
}

function hashText(text: string): void {
  const size = text.length * 3;
  if (size > scratch.length) scratch = new Uint8Array(size * 2);
  hashBytes(scratch, encoder.encodeInto(text, scratch).written);
}

function hashNumber(value: number): void {
  if (Math.floor(value) === value && value >= -TWO_63 && value < TWO_63) {
    const high = Math.floor(value / WORD);
    hashWords(value - high * WORD, high);
    return;
  }
  float[0] = Number.isNaN(value) ? Number.NaN : value;
  hashWords(floatWords[0] ?? 0, floatWords[1] ?? 0);
}

function hashBigint(value: bigint): void {
  if (BigInt.asIntN(64, value) === value) {
    hashWords(Number(BigInt.asUintN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  } else if (Number.isFinite(Number(value)) && BigInt(Number(value)) === value) {
    hashNumber(Number(value));
  } else {
    const bytes = twosComplement(value);
    hashBytes(bytes, bytes.length);
  }
}

function twosComplement(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -128n || rest > 127n; rest >>= 8n) bytes.push(Number(rest & 255n));
  bytes.push(Number(rest & 255n));
  return Uint8Array.from(bytes);
}

function hashWords(low: number, high: number): void {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, low, true);
  view.setInt32(4, high, true);
  if (low !== 0 || high !== 0) murmur3(bytes, 0, 8, 0, words);
}

function hashBytes(bytes: Uint8Array, length: number): void {
  if (length > 0) murmur3(bytes, 0, length, 0, words);
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** As `word`, with zeros from `end` on. */
function tailWord(bytes: Uint8Array, at: number, end: number): number {
  const count = end - at;
  if (count >= 4) return word(bytes, at);
  let value = bytes[at] ?? 0;
  if (count > 1) value |= (bytes[at + 1] ?? 0) << 8;
  if (count > 2) value |= (bytes[at + 2] ?? 0) << 16;
  return value;
}

function mix(value: number, before: number, bits: number, after: number): number {
  return Math.imul(rotate(Math.imul(value, before), bits), after);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** `fmix32` of the reference. */
function avalanche(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
