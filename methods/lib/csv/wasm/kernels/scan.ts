// Finds where records end and counts lines, without looking at fields.

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
  structure,
} from './blocks';
import { comment, newline, NONE, quote } from './format';

/** Line ends in what has been scanned, also those in quotes. */
let lines: i64 = 0;
/** How the next call begins. */
let begin: i32 = AT_RECORD;

export function scannedLines(): i64 {
  return lines;
}

/** To be called before the first `scan` of a file. */
export function beginScan(): void {
  lines = 0;
  beginScannedRecord();
}

function beginScannedRecord(): void {
  beginRecord();
  begin = AT_RECORD;
}

/**
 * Goes through `count` bytes and gives the end of the first record that ends behind offset `target`, at which it has
 * then stopped; -1 when there is none. The next call goes on where this one has stopped.
 */
export function scan(bytes: usize, count: i32, target: i32): i32 {
  const quotePattern = i8x16.splat(<i8>quote);
  const newlinePattern = i8x16.splat(<i8>newline);
  const hasQuotes = quote != NONE;
  let position = 0;
  /** Where the present record begins; -1 when that is in an earlier call. */
  let record = begin == AT_RECORD ? 0 : -1;
  while (position < count) {
    const at = bytes + position;
    const size = min(BLOCK, count - position);
    let ends = matches(at, newlinePattern) & firstBits(size);
    let recordEnds = ends;
    if (hasQuotes && (inside != 0 || (matches(at, quotePattern) & firstBits(size)) != 0)) {
      quotedBlock(at, size, beginOf(bytes, position, record));
      recordEnds = structure & lineEnds;
    } else if (hasQuotes) endPlainBlock(load<u8>(at + size - 1));
    if (recordEnds != 0) {
      if (position + size > target) {
        const late = target > position ? recordEnds & ~firstBits(target - position) : recordEnds;
        if (late != 0) {
          const end = i32(ctz(late)) + 1;
          lines += i64(popcnt(ends & firstBits(end)));
          beginScannedRecord();
          return position + end;
        }
      }
      record = position + BLOCK - i32(clz(recordEnds));
    }
    lines += i64(popcnt(ends));
    position += size;
  }
  begin = beginOf(bytes, count, record);
  return -1;
}

function beginOf(bytes: usize, position: i32, record: i32): i32 {
  if (record == position) return AT_RECORD;
  if (comment == NONE) return ELSEWHERE;
  if (record < 0) return begin;
  return i32(load<u8>(bytes + record)) == comment ? IN_COMMENT : ELSEWHERE;
}
