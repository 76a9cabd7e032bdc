// Puts the texts of columns together as the lines of a CSV file.
//
//   column, 32 bytes: address of offsets, of text, of validity (0: no nulls), mode, address and length of what a null is,
//                     address of codes (0: none), longest text; with codes, offsets and text are those of a dictionary
//   marks: address and length of separator, line separator and quote

/** How a column's text is put in quotes. */
const NEVER: u32 = 0;
const ALWAYS: u32 = 2;
/** The empty text, too, because without quotes it is a null. */
const NEEDED_OR_EMPTY: u32 = 3;

const COLUMN_BYTES: usize = 32;
/** Rows whose room is looked after together. */
const BLOCK_ROWS: i32 = 64;

let separatorAt: usize = 0;
let separatorLength: i32 = 0;
let lineEndAt: usize = 0;
let lineEndLength: i32 = 0;
let quoteAt: usize = 0;
let quoteLength: i32 = 0;

/** Results: bytes written; the column whose text would need quotes where there are none, or -1. */
let joined: i32 = 0;
let refused: i32 = -1;

export function joinedBytes(): i32 {
  return joined;
}

export function refusedColumn(): i32 {
  return refused;
}

export function configureJoin(
  separator: usize,
  separatorBytes: i32,
  lineEnd: usize,
  lineEndBytes: i32,
  quote: usize,
  quoteBytes: i32,
): void {
  separatorAt = separator;
  separatorLength = separatorBytes;
  lineEndAt = lineEnd;
  lineEndLength = lineEndBytes;
  quoteAt = quote;
  quoteLength = quoteBytes;
}

/**
 * Writes rows from `row` on and returns the first that was not written, because fewer than `room` bytes are left for it
 * or it cannot be written. Up to 16 bytes behind are overwritten.
 */
export function join(
  columns: usize,
  count: i32,
  row: i32,
  rows: i32,
  target: usize,
  room: i32,
): i32 {
  let to = target;
  let roomEnd = row;
  joined = 0;
  refused = -1;
  for (; row < rows; row++) {
    if (row == roomEnd) {
      const left = i64(room) - i64(to - target);
      roomEnd = min(row + BLOCK_ROWS, rows);
      if (mostBytes(columns, count, row, roomEnd) > left) roomEnd = row + 1;
      if (mostBytes(columns, count, row, roomEnd) > left) break;
    }
    const start = to;
    let column = columns;
    for (let i = 0; i < count; i++) {
      if (i > 0) to = put(to, separatorAt, separatorLength);
      const validity = load<u32>(column, 8);
      if (validity != 0 && (load<u8>(validity + (row >> 3)) & ((<u8>1) << u8(row & 7))) == 0) {
        to = put(to, load<u32>(column, 16), load<i32>(column, 20));
      } else {
        const codes = load<u32>(column, 24);
        const place = codes == 0 ? u32(row) : load<u32>(codes + (u32(row) << 2));
        const offsets = load<u32>(column) + (place << 2);
        const from = load<u32>(offsets);
        const text = load<u32>(column, 4) + from;
        const length = i32(load<u32>(offsets, 4) - from);
        const mode = load<u32>(column, 12);
        if (mode == NEVER || (mode != ALWAYS && !needsQuotes(text, length, mode))) {
          to = put(to, text, length);
        } else if (quoteLength > 0) {
          to = putQuoted(to, text, length);
        } else {
          refused = i;
          joined = i32(start - target);
          return row;
        }
      }
      column += COLUMN_BYTES;
    }
    to = put(to, lineEndAt, lineEndLength);
  }
  joined = i32(to - target);
  return row;
}

/**
 * Writes the texts that codes stand for one after another, with their offsets; returns their bytes. Up to 16 bytes behind
 * are overwritten. The loop goes on with the next text while it waits for memory, as `join` cannot.
 */
export function lookUp(
  codes: usize,
  rows: i32,
  offsets: usize,
  text: usize,
  toOffsets: usize,
  toText: usize,
): i32 {
  let to = toText;
  store<u32>(toOffsets, 0);
  for (let row = 0; row < rows; row++) {
    const place = offsets + (usize(load<u32>(codes + (usize(row) << 2))) << 2);
    const from = load<u32>(place);
    to = put(to, text + usize(from), i32(load<u32>(place, 4) - from));
    store<u32>(toOffsets + (usize(row) << 2), u32(to - toText), 4);
  }
  return i32(to - toText);
}

/** More than some rows can take: each quote in them may be doubled. */
export function mostBytes(columns: usize, count: i32, row: i32, end: i32): i64 {
  let other = i64(lineEndLength) + 32;
  let bytes: i64 = 0;
  for (let i = 0; i < count; i++) {
    const column = columns + usize(i) * COLUMN_BYTES;
    if (load<u32>(column, 24) == 0) {
      const offsets = load<u32>(column);
      bytes += i64(load<u32>(offsets + (u32(end) << 2)) - load<u32>(offsets + (u32(row) << 2)));
    } else {
      other += i64(load<u32>(column, 28)) * 2;
    }
    other += i64(quoteLength * 2 + separatorLength) + i64(load<i32>(column, 20));
  }
  return bytes * 2 + other * i64(end - row);
}

function put(to: usize, from: usize, length: i32): usize {
  if (length <= 16) v128.store(to, v128.load(from));
  else memory.copy(to, from, usize(length));
  return to + usize(length);
}

/** The text with its quotes doubled, in quotes. */
function putQuoted(to: usize, from: usize, length: i32): usize {
  to = put(to, quoteAt, quoteLength);
  const first = load<u8>(quoteAt);
  const end = from + usize(length);
  while (from < end) {
    const byte = load<u8>(from);
    if (byte == first && startsWith(from, end, quoteAt, quoteLength)) {
      to = put(to, quoteAt, quoteLength);
      to = put(to, quoteAt, quoteLength);
      from += usize(quoteLength);
    } else {
      store<u8>(to++, byte);
      from++;
    }
  }
  return put(to, quoteAt, quoteLength);
}

function startsWith(at: usize, end: usize, word: usize, length: i32): bool {
  if (at + usize(length) > end) return false;
  for (let i = 0; i < length; i++) {
    if (load<u8>(at + usize(i)) != load<u8>(word + usize(i))) return false;
  }
  return true;
}

/** Whether a separator, a quote or a line end is in the text. */
function needsQuotes(text: usize, length: i32, mode: u32): bool {
  if (length == 0) return mode == NEEDED_OR_EMPTY;
  const lineFeed = i8x16.splat(10);
  const carriage = i8x16.splat(13);
  const separator = i8x16.splat(separatorLength > 0 ? load<i8>(separatorAt) : 10);
  const quote = i8x16.splat(quoteLength > 0 ? load<i8>(quoteAt) : 10);
  const lineEnd = i8x16.splat(lineEndLength > 0 ? load<i8>(lineEndAt) : 10);
  for (let i = 0; i < length; i += 16) {
    const part = v128.load(text + usize(i));
    const special = v128.or(
      v128.or(i8x16.eq(part, lineFeed), i8x16.eq(part, carriage)),
      v128.or(i8x16.eq(part, separator), v128.or(i8x16.eq(part, quote), i8x16.eq(part, lineEnd))),
    );
    let found = u32(i8x16.bitmask(special));
    if (length - i < 16) found &= ((<u32>1) << u32(length - i)) - 1;
    while (found != 0) {
      if (isSpecial(text + usize(i) + usize(ctz(found)), text + usize(length))) return true;
      found &= found - 1;
    }
  }
  return false;
}

/** Of the quote its beginning is enough, as it may go on in what follows. */
function isSpecial(at: usize, end: usize): bool {
  const byte = load<u8>(at);
  if (byte == 10 || byte == 13) return true;
  if (quoteLength > 0 && byte == load<u8>(quoteAt)) return true;
  return (
    (separatorLength > 0 && mayGoOn(at, end, separatorAt, separatorLength)) ||
    (lineEndLength > 0 && mayGoOn(at, end, lineEndAt, lineEndLength))
  );
}

/** Whether a word stands here, or begins here and may go on behind the text. */
function mayGoOn(at: usize, end: usize, word: usize, length: i32): bool {
  const rest = i32(end - at);
  return startsWith(at, end, word, min(rest, length));
}
