// Writes the values of a column as text, one after another, with offsets as in Arrow. What is rare is left to the caller:
// a function stops at such a row and gives its number, and is called again behind it.

/** Where the text ends that was written last, from the beginning of the column's text. */
let written: i32 = 0;

export function writtenText(): i32 {
  return written;
}

/** Writes integers of 1, 2, 4 or 8 bytes. */
export function writeIntegers(
  values: usize,
  size: i32,
  isSigned: bool,
  rows: i32,
  offsets: usize,
  text: usize,
): i32 {
  let to = text;
  store<i32>(offsets, 0);
  for (let row = 0; row < rows; row++) {
    let value: i64 = 0;
    if (size == 8) value = load<i64>(values + (usize(row) << 3));
    else if (size == 4) {
      const at = values + (usize(row) << 2);
      value = isSigned ? i64(load<i32>(at)) : i64(load<u32>(at));
    } else if (size == 2) {
      const at = values + (usize(row) << 1);
      value = isSigned ? i64(load<i16>(at)) : i64(load<u16>(at));
    } else {
      const at = values + usize(row);
      value = isSigned ? i64(load<i8>(at)) : i64(load<u8>(at));
    }
    to = writeInteger(to, value);
    store<i32>(offsets + (usize(row + 1) << 2), i32(to - text));
  }
  written = i32(to - text);
  return rows;
}

/** Writes `true` and `false` for bytes. */
export function writeBools(values: usize, rows: i32, offsets: usize, text: usize): i32 {
  let to = text;
  store<i32>(offsets, 0);
  for (let row = 0; row < rows; row++) {
    if (load<u8>(values + usize(row)) != 0) {
      store<u32>(to, 0x6575_7274);
      to += 4;
    } else {
      store<u32>(to, 0x736c_6166);
      store<u8>(to, 101, 4);
      to += 5;
    }
    store<i32>(offsets + (usize(row + 1) << 2), i32(to - text));
  }
  written = i32(to - text);
  return rows;
}

/**
 * Writes numbers of which at most 15 digits, 6 of them decimals, are enough: the shortest text that reads the same, as
 * every decimal of 15 digits has a double of its own.
 */
export function writeFloats(values: usize, row: i32, rows: i32, offsets: usize, text: usize): i32 {
  if (row == 0) {
    store<i32>(offsets, 0);
    written = 0;
  }
  let to = text + usize(load<i32>(offsets + (usize(row) << 2)));
  for (; row < rows; row++) {
    const value = load<f64>(values + (usize(row) << 3));
    const size = Math.abs(value);
    // The first comparison is false for what is no number.
    if (!(size < 1e9) || (value == 0 && 1 / value < 0)) break;
    let scale: f64 = 1;
    let decimals = 0;
    let whole = nearest<f64>(size);
    while (whole / scale != size && decimals < 6) {
      scale *= 10;
      decimals++;
      whole = nearest<f64>(size * scale);
    }
    // Below 1e-6 the usual text has an exponent.
    if (whole / scale != size || (size < 1e-6 && size != 0)) break;
    if (value < 0) store<u8>(to++, 45);
    if (decimals == 0) to = writeInteger(to, i64(whole));
    else {
      const unit = i64(scale);
      const digits = i64(whole);
      to = writeInteger(to, digits / unit);
      store<u8>(to++, 46);
      let rest = digits % unit;
      for (let at = to + usize(decimals) - 1; at >= to; at--) {
        store<u8>(at, u8(rest % 10) + 48);
        rest /= 10;
      }
      to += usize(decimals);
    }
    store<i32>(offsets + (usize(row + 1) << 2), i32(to - text));
  }
  written = i32(to - text);
  return row;
}

/** Writes days since 1970-01-01 as `2024-03-31`; stops at years that do not have four digits. */
export function writeDates(values: usize, row: i32, rows: i32, offsets: usize, text: usize): i32 {
  if (row == 0) store<i32>(offsets, 0);
  let to = text + usize(load<i32>(offsets + (usize(row) << 2)));
  for (; row < rows; row++) {
    const days = load<i32>(values + (usize(row) << 2));
    if (days < FIRST_DAY || days > LAST_DAY) break;
    to = writeDay(to, days);
    store<i32>(offsets + (usize(row + 1) << 2), i32(to - text));
  }
  written = i32(to - text);
  return row;
}

/** Writes microseconds since 1970-01-01 as `2024-03-31T23:59:59.000Z`, with six decimals where they are needed. */
export function writeDatetimes(
  values: usize,
  row: i32,
  rows: i32,
  offsets: usize,
  text: usize,
): i32 {
  if (row == 0) store<i32>(offsets, 0);
  let to = text + usize(load<i32>(offsets + (usize(row) << 2)));
  for (; row < rows; row++) {
    const value = load<i64>(values + (usize(row) << 3));
    let days = value / 86_400_000_000;
    let rest = value - days * 86_400_000_000;
    if (rest < 0) {
      rest += 86_400_000_000;
      days--;
    }
    if (days < FIRST_DAY || days > LAST_DAY) break;
    to = writeDay(to, i32(days));
    store<u8>(to++, 84);
    to = writeTime(to, rest, false);
    store<u8>(to++, 90);
    store<i32>(offsets + (usize(row + 1) << 2), i32(to - text));
  }
  written = i32(to - text);
  return row;
}

/** Writes microseconds since midnight as `23:59:59`, with three or six decimals where they are needed. */
export function writeTimes(values: usize, rows: i32, offsets: usize, text: usize): i32 {
  let to = text;
  store<i32>(offsets, 0);
  for (let row = 0; row < rows; row++) {
    to = writeTime(to, load<i64>(values + (usize(row) << 3)), true);
    store<i32>(offsets + (usize(row + 1) << 2), i32(to - text));
  }
  written = i32(to - text);
  return rows;
}

/** 0000-01-01 and 9999-12-31. */
const FIRST_DAY = -719_528;
const LAST_DAY = 2_932_896;

let lastDay: i32 = i32.MIN_VALUE;
/** The ten characters of the last day: `2024-03-` and `31`. */
let lastText: u64 = 0;
let lastTail: u16 = 0;

function writeInteger(to: usize, value: i64): usize {
  let rest = u64(value);
  if (value < 0) {
    store<u8>(to++, 45);
    rest = 0 - rest;
  }
  let digits = 1;
  for (let limit: u64 = 10; digits < 20 && rest >= limit; limit *= 10) {
    digits++;
    if (digits == 20) break;
  }
  for (let at = to + usize(digits) - 1; at > to; at--) {
    const next = rest / 10;
    store<u8>(at, u8(rest - next * 10) + 48);
    rest = next;
  }
  store<u8>(to, u8(rest) + 48);
  return to + usize(digits);
}

function writeTwo(to: usize, value: u32): void {
  store<u8>(to, u8(value / 10) + 48);
  store<u8>(to, u8(value % 10) + 48, 1);
}

function writeThree(to: usize, value: u32): void {
  store<u8>(to, u8(value / 100) + 48);
  writeTwo(to + 1, value % 100);
}

/** Counts in years that begin with March. Days that follow each other are often the same. */
function writeDay(to: usize, days: i32): usize {
  if (days != lastDay) {
    const shifted = u32(days + 719_468 + 146_097);
    const era = shifted / 146_097;
    const dayOfEra = shifted % 146_097;
    const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const monthFromMarch = (5 * dayOfYear + 2) / 153;
    const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    const year = yearOfEra + era * 400 - 400 + u32(month < 3);
    writeTwo(to, year / 100);
    writeTwo(to + 2, year % 100);
    store<u8>(to, 45, 4);
    writeTwo(to + 5, month);
    store<u8>(to, 45, 7);
    writeTwo(to + 8, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
    lastDay = days;
    lastText = load<u64>(to);
    lastTail = load<u16>(to, 8);
  } else {
    store<u64>(to, lastText);
    store<u16>(to, lastTail, 8);
  }
  return to + 10;
}

function writeTime(to: usize, microseconds: i64, isBare: bool): usize {
  const seconds = u32(microseconds / 1_000_000);
  const fraction = u32(microseconds - i64(seconds) * 1_000_000);
  writeTwo(to, seconds / 3600);
  store<u8>(to, 58, 2);
  writeTwo(to + 3, (seconds / 60) % 60);
  store<u8>(to, 58, 5);
  writeTwo(to + 6, seconds % 60);
  if (isBare && fraction == 0) return to + 8;
  store<u8>(to, 46, 8);
  writeThree(to + 9, fraction / 1000);
  if (fraction % 1000 == 0) return to + 12;
  writeThree(to + 12, fraction % 1000);
  return to + 15;
}
