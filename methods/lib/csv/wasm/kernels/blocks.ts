// Finds the separators and line ends outside quotes in 64 bytes at a time, as bits of a mask.
// Quotes alternate between opening and closing as long as each opens where a field begins; a block in which one does not
// (a quote inside a plain field, text after a closing quote, a comment) is gone through byte by byte instead.

import { comment, isMultiline, newline, quote, separator } from './format';

/** Bytes of a block. */
export const BLOCK: i32 = 64;

/** All bits set while a block begins inside quotes. */
export let inside: u64 = 0;
/** 1 when a quote at the beginning of the block opens a field or goes on with a quoted one, as the second of two. */
export let mayOpen: u64 = 1;
/** Results of `quotedBlock`: separators and line ends outside quotes; all line ends; all quotes. */
export let structure: u64 = 0;
export let lineEnds: u64 = 0;
export let quotes: u64 = 0;

/** To be called where a record begins. */
export function beginRecord(): void {
  inside = 0;
  mayOpen = 1;
}

/** To be called after a block without quotes that began outside them, unless the next one has none either. */
export function endPlainBlock(lastByte: i32): void {
  mayOpen = u64(lastByte == separator || lastByte == newline);
}

/** The bytes of a block that equal those of `pattern`. */
export function matches(at: usize, pattern: v128): u64 {
  const a = u64(i8x16.bitmask(i8x16.eq(v128.load(at), pattern)));
  const b = u64(i8x16.bitmask(i8x16.eq(v128.load(at, 16), pattern)));
  const c = u64(i8x16.bitmask(i8x16.eq(v128.load(at, 32), pattern)));
  const d = u64(i8x16.bitmask(i8x16.eq(v128.load(at, 48), pattern)));
  return a | (b << 16) | (c << 32) | (d << 48);
}

/** The first `count` bits of a mask. */
export function firstBits(count: i32): u64 {
  return count >= BLOCK ? ~(<u64>0) : ((<u64>1) << (<u64>count)) - 1;
}

/** Where a block begins: at the first byte of a record, within a comment, or elsewhere. */
export const AT_RECORD: i32 = 1;
export const IN_COMMENT: i32 = 2;
export const ELSEWHERE: i32 = 0;

/** Handles a block of `count` bytes, at most 64, that holds quotes or begins inside them. */
export function quotedBlock(at: usize, count: i32, begin: i32): void {
  const valid = firstBits(count);
  const ends = matches(at, i8x16.splat(<i8>newline)) & valid;
  const marks = matches(at, i8x16.splat(<i8>quote)) & valid;
  const breaks = (matches(at, i8x16.splat(<i8>separator)) & valid) | ends;
  const within = prefixXor(marks) ^ inside;
  const allowed = ((breaks | marks) << 1) | mayOpen;
  lineEnds = ends;
  quotes = marks;
  if (
    (marks & within & ~allowed) != 0 ||
    (!isMultiline && (ends & within) != 0) ||
    (comment >= 0 && holdsComment(at, count, begin, ends))
  ) {
    structure = byteByByte(at, count, begin);
    return;
  }
  structure = breaks & ~within;
  inside = within >> 63 != 0 ? ~(<u64>0) : 0;
  mayOpen = ((breaks | marks) >> u64(count - 1)) & 1;
}

/** Bit i of the result tells whether an odd number of bits is set in bits 0 to i. */
function prefixXor(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}

/** Whether a comment may begin in the block or go on from the one before. */
function holdsComment(at: usize, count: i32, begin: i32, ends: u64): bool {
  if (begin == IN_COMMENT) return true;
  const first = matches(at, i8x16.splat(<i8>comment)) & firstBits(count);
  return (first & ((ends << 1) | u64(begin == AT_RECORD))) != 0;
}

const BEGIN = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSED = 3;
const COMMENT = 4;

function byteByByte(at: usize, count: i32, begin: i32): u64 {
  // Both after a separator and after a closing quote, a quote leads into quotes and all else out of them.
  let state = inside != 0 ? QUOTED : mayOpen != 0 ? CLOSED : PLAIN;
  if (begin == IN_COMMENT) state = COMMENT;
  let isLineStart = begin == AT_RECORD;
  let mask: u64 = 0;
  for (let i = 0; i < count; i++) {
    const byte = i32(load<u8>(at + i));
    const endsLine = byte == newline && (state != QUOTED || !isMultiline);
    if (endsLine || (byte == separator && state != QUOTED && state != COMMENT)) {
      mask |= (<u64>1) << (<u64>i);
      state = BEGIN;
      isLineStart = endsLine;
      continue;
    }
    if (isLineStart && byte == comment) state = COMMENT;
    else if (state != COMMENT) state = nextState(state, byte);
    isLineStart = false;
  }
  inside = state == QUOTED ? ~(<u64>0) : 0;
  mayOpen = u64(state == BEGIN || state == CLOSED);
  return mask;
}

function nextState(state: i32, byte: i32): i32 {
  if (byte != quote) return state == QUOTED ? QUOTED : PLAIN;
  if (state == QUOTED) return CLOSED;
  return state == PLAIN ? PLAIN : QUOTED;
}
