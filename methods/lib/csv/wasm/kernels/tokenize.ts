// Splits records into fields: pairs of offsets in an index, row after row. Bytes are not moved.
//
//   index: start (u32), end and kind (u32) of each field of a row, then of the next row
//   kind, in the upper two bits: 0 plain, 1 in quotes (offsets are those of the text between them), 2 with doubled quotes

import {
  AT_RECORD,
  BLOCK,
  beginRecord,
  ELSEWHERE,
  endPlainBlock,
  firstBits,
  IN_COMMENT,
  inside,
  lineEnds,
  matches,
  quotedBlock,
  quotes,
  structure,
} from './blocks';
import { comment, isCrlf, newline, NONE, quote, separator } from './format';

const CR: i32 = 13;
const FIELD_BYTES: usize = 8;
const QUOTED: u32 = (<u32>1) << 30;
const DOUBLED: u32 = (<u32>2) << 30;

/** Why `tokenize` came back: out of bytes or room, or a record that is no row. */
const END: i32 = 0;
const WRONG_COUNT: i32 = 1;
const WRONG_QUOTES: i32 = 2;
const SKIPPED: i32 = 3;

let width: i32 = 1;
let allowsExtraEmpty: bool = false;
let skipsEmptyLines: bool = false;

/** Results: rows in the index, where the first record begins that was not taken, line ends before it. */
let rows: i32 = 0;
let position: i32 = 0;
let lines: i32 = 0;
/** Of a record that is no row: where it begins, where it ends without its line end, fields, its first line. */
let recordStart: i32 = 0;
let recordEnd: i32 = 0;
let recordFields: i32 = 0;
let recordLine: i32 = 0;

export function tokenizedRows(): i32 {
  return rows;
}

export function tokenizedTo(): i32 {
  return position;
}

export function tokenizedLines(): i32 {
  return lines;
}

export function oddStart(): i32 {
  return recordStart;
}

export function oddEnd(): i32 {
  return recordEnd;
}

export function oddFields(): i32 {
  return recordFields;
}

export function oddLine(): i32 {
  return recordLine;
}

export function configureRows(fields: i32, extraEmpty: bool, skipEmpty: bool): void {
  width = fields;
  allowsExtraEmpty = extraEmpty;
  skipsEmptyLines = skipEmpty;
}

/**
 * Takes records from `bytes[from, end)` into the index, beginning with row `firstRow`, until there are `maxRows` of them,
 * and stops behind a record that is no row. `firstLine` is the number of line ends before `from`; the number of line ends
 * before each row is put into `rowLines`.
 */
export function tokenize(
  bytes: usize,
  from: i32,
  end: i32,
  index: usize,
  rowLines: usize,
  firstRow: i32,
  maxRows: i32,
  firstLine: i32,
): i32 {
  const quotePattern = i8x16.splat(<i8>quote);
  const newlinePattern = i8x16.splat(<i8>newline);
  const separatorPattern = i8x16.splat(<i8>separator);
  const hasQuotes = quote != NONE;
  const lastByte = newline;
  const crlf = isCrlf;
  const columns = width;
  let row = firstRow;
  let slot = index + usize(row) * usize(columns) * FIELD_BYTES;
  let line = firstLine;
  let record = from;
  let start = from;
  let column = 0;
  /** Quotes in the present field. */
  let fieldQuotes = 0;
  let wrongQuotes = false;
  let extra = false;
  let block = from;
  position = from;
  lines = line;
  rows = row;
  beginRecord();
  if (row >= maxRows) return END;
  while (block < end) {
    const at = bytes + block;
    const size = min(BLOCK, end - block);
    const valid = firstBits(size);
    let marks: u64 = hasQuotes ? matches(at, quotePattern) & valid : 0;
    let breaks: u64 = 0;
    let ends: u64 = 0;
    if (marks != 0 || inside != 0) {
      quotedBlock(
        at,
        size,
        record == block
          ? AT_RECORD
          : comment >= 0 && i32(load<u8>(bytes + record)) == comment
            ? IN_COMMENT
            : ELSEWHERE,
      );
      breaks = structure;
      ends = lineEnds;
      marks = quotes;
    } else {
      breaks = matchesEither(at, separatorPattern, newlinePattern) & valid;
      if (hasQuotes) endPlainBlock(load<u8>(at + size - 1));
    }
    while (breaks != 0) {
      const bit = i32(ctz(breaks));
      breaks &= breaks - 1;
      const stop = block + bit;
      if (marks != 0) {
        const before = marks & firstBits(bit);
        fieldQuotes += i32(popcnt(before));
        marks ^= before;
      }
      const endsRecord = i32(load<u8>(bytes + stop)) == lastByte;
      let fieldEnd = stop;
      if (endsRecord && crlf && stop > start && i32(load<u8>(bytes + stop - 1)) == CR) fieldEnd--;
      let first = u32(start);
      let last = u32(fieldEnd);
      if (fieldQuotes != 0) {
        if (i32(load<u8>(bytes + start)) == quote) {
          const kind = quotedKind(bytes, start, fieldEnd, fieldQuotes);
          if (kind == 0) wrongQuotes = true;
          else {
            first++;
            last = (last - 1) | kind;
          }
        }
        fieldQuotes = 0;
      }
      if (column < columns) {
        store<u32>(slot, first);
        store<u32>(slot, last, 4);
        slot += FIELD_BYTES;
      } else if (fieldEnd > start && (last & 0x3fff_ffff) != first) extra = true;
      column++;
      start = stop + 1;
      if (!endsRecord) continue;
      const isOdd =
        column < columns || (column > columns && (extra || !allowsExtraEmpty)) || wrongQuotes;
      const isSkipped =
        (skipsEmptyLines && fieldEnd == record) ||
        (comment >= 0 && i32(load<u8>(bytes + record)) == comment);
      if (isOdd || isSkipped) {
        recordStart = record;
        recordEnd = fieldEnd;
        recordFields = column;
        recordLine = lines;
      }
      if (ends != 0) {
        const before = ends & firstBits(bit + 1);
        line += i32(popcnt(before));
        ends ^= before;
      } else line++;
      if (isOdd || isSkipped) {
        rows = row;
        position = start;
        lines = line;
        return isSkipped ? SKIPPED : wrongQuotes ? WRONG_QUOTES : WRONG_COUNT;
      }
      store<i32>(rowLines + (usize(row) << 2), lines);
      lines = line;
      position = start;
      row++;
      record = start;
      column = 0;
      extra = false;
      if (row == maxRows) {
        rows = row;
        return END;
      }
    }
    if (marks != 0) fieldQuotes += i32(popcnt(marks));
    if (ends != 0) line += i32(popcnt(ends));
    block += BLOCK;
  }
  rows = row;
  return END;
}

/** The bytes of a block that equal those of one pattern or the other. */
function matchesEither(at: usize, one: v128, other: v128): u64 {
  const a = v128.load(at);
  const b = v128.load(at, 16);
  const c = v128.load(at, 32);
  const d = v128.load(at, 48);
  const w = u64(i8x16.bitmask(v128.or(i8x16.eq(a, one), i8x16.eq(a, other))));
  const x = u64(i8x16.bitmask(v128.or(i8x16.eq(b, one), i8x16.eq(b, other))));
  const y = u64(i8x16.bitmask(v128.or(i8x16.eq(c, one), i8x16.eq(c, other))));
  const z = u64(i8x16.bitmask(v128.or(i8x16.eq(d, one), i8x16.eq(d, other))));
  return w | (x << 16) | (y << 32) | (z << 48);
}

/** The kind of a field that begins with a quote; 0 when its quotes are wrong. */
function quotedKind(bytes: usize, start: i32, end: i32, count: i32): u32 {
  if (end - start < 2 || i32(load<u8>(bytes + end - 1)) != quote) return 0;
  if (count == 2) return QUOTED;
  for (let i = start + 1; i < end - 1; i++) {
    if (i32(load<u8>(bytes + i)) != quote) continue;
    i++;
    if (i >= end - 1 || i32(load<u8>(bytes + i)) != quote) return 0;
  }
  return DOUBLED;
}
