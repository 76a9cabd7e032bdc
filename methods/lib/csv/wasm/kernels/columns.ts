// Takes one column out of the index that `tokenize` has made: text is copied together, values of fixed width are parsed.
// A parser stops at the first field that it cannot read in the commonest way and says where; the caller reads that one.

import { quote } from './format';

const KIND_SHIFT: u32 = 30;
const END_MASK: u32 = 0x3fff_ffff;
const DOUBLED: u32 = 2;

/** Nulls of the column taken last. */
let nulls: i32 = 0;

export function takenNulls(): i32 {
  return nulls;
}

/** The place of the field of a row, at which a kernel begins that may have been called for the rows before. */
function begin(field: usize, stride: usize, row: i32): usize {
  if (row == 0) nulls = 0;
  return field + stride * usize(row);
}

/** Makes a row null; false where the column has no nulls. */
function tookNull(validity: usize, row: i32): bool {
  if (validity == 0) return false;
  markNull(validity, row);
  return true;
}

/** Clears the bit of a row. */
function markNull(validity: usize, row: i32): void {
  const at = validity + (usize(row) >> 3);
  store<u8>(at, load<u8>(at) & ~((<u8>1) << u8(row & 7)));
  nulls++;
}

/**
 * Copies the text of a column together and returns the number of its bytes; `offsets` gets one more than there are rows.
 * `field` is the column's first field in the index and `stride` the distance to that of the next row. Where `validity`
 * is not 0 an empty field that is not in quotes is null; its bits must be set. Up to 16 bytes behind are overwritten.
 */
export function takeText(
  bytes: usize,
  field: usize,
  stride: usize,
  rows: i32,
  offsets: usize,
  target: usize,
  validity: usize,
): i32 {
  nulls = 0;
  let to = target;
  store<i32>(offsets, 0);
  for (let row = 0; row < rows; row++) {
    const start = load<u32>(field);
    const end = load<u32>(field, 4);
    const length = i32((end & END_MASK) - start);
    const from = bytes + usize(start);
    if (length <= 16) {
      v128.store(to, v128.load(from));
      to += usize(length);
      if (length == 0 && validity != 0 && end >>> KIND_SHIFT == 0) markNull(validity, row);
    } else {
      memory.copy(to, from, usize(length));
      to += usize(length);
    }
    if (end >>> KIND_SHIFT == DOUBLED) to = undouble(to - usize(length), to);
    offsets += 4;
    store<i32>(offsets, i32(to - target));
    field += stride;
  }
  return i32(to - target);
}

/** The same for a column in Latin-1, which becomes UTF-8. */
export function takeLatin1(
  bytes: usize,
  field: usize,
  stride: usize,
  rows: i32,
  offsets: usize,
  target: usize,
  validity: usize,
): i32 {
  nulls = 0;
  let to = target;
  store<i32>(offsets, 0);
  for (let row = 0; row < rows; row++) {
    const start = load<u32>(field);
    const end = load<u32>(field, 4);
    const stop = end & END_MASK;
    const isDoubled = end >>> KIND_SHIFT == DOUBLED;
    if (stop == start && validity != 0 && end >>> KIND_SHIFT == 0) markNull(validity, row);
    for (let i = start; i < stop; i++) {
      const byte = load<u8>(bytes + usize(i));
      if (byte < 0x80) {
        store<u8>(to++, byte);
      } else {
        store<u8>(to++, 0xc0 | (byte >> 6));
        store<u8>(to++, 0x80 | (byte & 0x3f));
      }
      if (isDoubled && i32(byte) == quote) i++;
    }
    offsets += 4;
    store<i32>(offsets, i32(to - target));
    field += stride;
  }
  return i32(to - target);
}

/** Makes two quotes one, in place, and returns the new end. */
function undouble(start: usize, end: usize): usize {
  let to = start;
  for (let from = start; from < end; from++) {
    const byte = load<u8>(from);
    store<u8>(to++, byte);
    if (i32(byte) == quote) from++;
  }
  return to;
}

/** Reads integers of at most 18 digits into values of 1, 2, 4 or 8 bytes within [least, most]; see `takeText`. */
export function takeIntegers(
  bytes: usize,
  field: usize,
  stride: usize,
  row: i32,
  rows: i32,
  target: usize,
  size: i32,
  least: i64,
  most: i64,
  validity: usize,
): i32 {
  field = begin(field, stride, row);
  for (; row < rows; row++) {
    const start = load<u32>(field);
    const end = load<u32>(field, 4) & END_MASK;
    field += stride;
    let value: i64 = 0;
    if (start == end) {
      if (!tookNull(validity, row)) return row;
    } else {
      let at = bytes + usize(start);
      const stop = bytes + usize(end);
      const isNegative = load<u8>(at) == 45;
      if (isNegative) at++;
      if (at == stop || stop - at > 18) return row;
      do {
        const digit = u32(load<u8>(at)) - 48;
        if (digit > 9) return row;
        value = value * 10 + i64(digit);
      } while (++at < stop);
      if (isNegative) value = -value;
      if (value < least || value > most) return row;
    }
    if (size == 4) store<i32>(target + (usize(row) << 2), i32(value));
    else if (size == 8) store<i64>(target + (usize(row) << 3), value);
    else if (size == 2) store<i16>(target + (usize(row) << 1), i16(value));
    else store<i8>(target + usize(row), i8(value));
  }
  return rows;
}

/**
 * Reads decimal numbers of at most 15 digits without exponent: they are exact in a double, and so is a power of ten up
 * to 22, so that the one division is rounded as IEEE 754 asks of reading a decimal number.
 */
export function takeFloats(
  bytes: usize,
  field: usize,
  stride: usize,
  row: i32,
  rows: i32,
  target: usize,
  validity: usize,
): i32 {
  field = begin(field, stride, row);
  for (; row < rows; row++) {
    const start = load<u32>(field);
    const end = load<u32>(field, 4) & END_MASK;
    field += stride;
    let value: f64 = 0;
    if (start == end) {
      if (!tookNull(validity, row)) return row;
    } else {
      let at = bytes + usize(start);
      const stop = bytes + usize(end);
      const isNegative = load<u8>(at) == 45;
      if (isNegative) at++;
      if (at == stop || stop - at > 16) return row;
      let mantissa: i64 = 0;
      let scale: f64 = 0;
      let digits = 0;
      do {
        const byte = u32(load<u8>(at));
        const digit = byte - 48;
        if (digit <= 9) {
          mantissa = mantissa * 10 + i64(digit);
          scale *= 10;
          digits++;
        } else if (byte == 46 && scale == 0) scale = 1;
        else return row;
      } while (++at < stop);
      if (digits == 0 || digits > 15) return row;
      value = f64(mantissa);
      if (scale > 1) value /= scale;
      if (isNegative) value = -value;
    }
    store<f64>(target + (usize(row) << 3), value);
  }
  return rows;
}

/** Reads `true`, `false`, `1` and `0` into bytes. */
export function takeBools(
  bytes: usize,
  field: usize,
  stride: usize,
  row: i32,
  rows: i32,
  target: usize,
  validity: usize,
): i32 {
  field = begin(field, stride, row);
  for (; row < rows; row++) {
    const start = load<u32>(field);
    const length = (load<u32>(field, 4) & END_MASK) - start;
    const at = bytes + usize(start);
    field += stride;
    let value: u8 = 0;
    if (length == 0) {
      if (!tookNull(validity, row)) return row;
    } else if (length == 1) {
      value = load<u8>(at) - 48;
      if (value > 1) return row;
    } else if (length == 4 && load<u32>(at) == 0x6575_7274) {
      value = 1;
    } else if (length != 5 || load<u32>(at) != 0x736c_6166 || load<u8>(at, 4) != 101) {
      return row;
    }
    store<u8>(target + usize(row), value);
  }
  return rows;
}

/** Reads `2024-03-31` as days since 1970-01-01. */
export function takeDates(
  bytes: usize,
  field: usize,
  stride: usize,
  row: i32,
  rows: i32,
  target: usize,
  validity: usize,
): i32 {
  field = begin(field, stride, row);
  for (; row < rows; row++) {
    const start = load<u32>(field);
    const length = (load<u32>(field, 4) & END_MASK) - start;
    field += stride;
    let value = 0;
    if (length == 0) {
      if (!tookNull(validity, row)) return row;
    } else {
      if (length != 10) return row;
      value = daysAt(bytes + usize(start));
      if (value == NO_DATE) return row;
    }
    store<i32>(target + (usize(row) << 2), value);
  }
  return rows;
}

/**
 * Reads `2024-03-31 23:59:59`, with a space or a T, up to six decimals and a Z, or a date alone, as microseconds since
 * 1970-01-01 00:00 UTC.
 */
export function takeDatetimes(
  bytes: usize,
  field: usize,
  stride: usize,
  row: i32,
  rows: i32,
  target: usize,
  validity: usize,
): i32 {
  field = begin(field, stride, row);
  for (; row < rows; row++) {
    const start = load<u32>(field);
    const length = (load<u32>(field, 4) & END_MASK) - start;
    const at = bytes + usize(start);
    field += stride;
    let value: i64 = 0;
    if (length == 0) {
      if (!tookNull(validity, row)) return row;
    } else {
      if (length != 10 && (length < 19 || length > 27)) return row;
      const days = daysAt(at);
      if (days == NO_DATE) return row;
      const seconds = length >= 19 ? secondsAt(at + 10) : 0;
      if (seconds < 0) return row;
      const fraction = length > 19 ? fractionAt(at + 19, at + usize(length)) : 0;
      if (fraction < 0) return row;
      value = (i64(days) * 86_400 + i64(seconds)) * 1_000_000 + i64(fraction);
    }
    store<i64>(target + (usize(row) << 3), value);
  }
  return rows;
}

const NO_DATE: i32 = i32.MIN_VALUE;

/** Two digits as a number; more than 99 when they are none. */
function twoDigits(at: usize): u32 {
  const tens = u32(load<u8>(at)) - 48;
  const ones = u32(load<u8>(at, 1)) - 48;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/** Days since 1970-01-01, counted in years that begin with March, so that the leap day is the last one of its year. */
function daysAt(at: usize): i32 {
  const century = twoDigits(at);
  const yearOfCentury = twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  if (century > 99 || yearOfCentury > 99 || load<u8>(at, 4) != 45 || load<u8>(at, 7) != 45)
    return NO_DATE;
  if (month < 1 || month > 12 || day < 1 || day > 31) return NO_DATE;
  const year = century * 100 + yearOfCentury;
  if (day > 28 && day > monthLength(year, month)) return NO_DATE;
  const marchYear = month > 2 ? year + 400 : year + 399;
  const dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  const leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400;
  return i32(marchYear * 365 + leapDays + dayOfYear) - 719_468 - 146_097;
}

function monthLength(year: u32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

/** Seconds since midnight of `?23:59:59`; -1 when it is no time. */
function secondsAt(at: usize): i32 {
  const mark = load<u8>(at);
  if ((mark != 32 && (mark | 32) != 116) || load<u8>(at, 3) != 58 || load<u8>(at, 6) != 58)
    return -1;
  const hours = twoDigits(at + 1);
  const minutes = twoDigits(at + 4);
  const seconds = twoDigits(at + 7);
  if (hours > 23 || minutes > 59 || seconds > 59) return -1;
  return i32(hours * 3600 + minutes * 60 + seconds);
}

/** Microseconds of `.123456Z`, the Z or all else left out; -1 when it is anything else. */
function fractionAt(at: usize, end: usize): i32 {
  if (load<u8>(end - 1) == 90) end--;
  if (at == end) return 0;
  if (load<u8>(at) != 46 || end - at < 2 || end - at > 7) return -1;
  let value = 0;
  for (let i = at + 1; i < at + 7; i++) {
    const digit = i < end ? u32(load<u8>(i)) - 48 : 0;
    if (digit > 9) return -1;
    value = value * 10 + i32(digit);
  }
  return value;
}
