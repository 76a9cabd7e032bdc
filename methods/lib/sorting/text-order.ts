// The order of texts by their bytes, which for UTF-8 is the order of code points. Words of eight bytes are sorted as
// numbers; only texts that begin alike are compared byte by byte.

import type { TextValues } from '../tables/column-view.ts';
import { radixOrder } from './radix-order.ts';

/** Bytes that are sorted as numbers, after what all texts begin with. */
const KEY_BYTES = 8;

/** For each of the first `length` texts, how many distinct texts come before it. */
export function textRanks(text: TextValues, length: number): Uint32Array {
  const order = textOrder(text, length);
  const ranks = new Uint32Array(length);
  let rank = 0;
  for (let i = 1; i < length; i++) {
    const [before = 0, row = 0] = [order[i - 1], order[i]];
    if (compareTexts(text, before, row) !== 0) rank++;
    ranks[row] = rank;
  }
  return ranks;
}

/** Compares two texts by their bytes: negative when row `a` comes first. */
export function compareTexts({ offsets, bytes }: TextValues, a: number, b: number): number {
  const [startA, startB] = [offsets[a] ?? 0, offsets[b] ?? 0];
  const [lengthA, lengthB] = [(offsets[a + 1] ?? 0) - startA, (offsets[b + 1] ?? 0) - startB];
  const shorter = Math.min(lengthA, lengthB);
  for (let i = 0; i < shorter; i++) {
    const difference = (bytes[startA + i] ?? 0) - (bytes[startB + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

function textOrder(text: TextValues, length: number): Uint32Array {
  const skip = commonPrefix(text, length);
  const words = keyWords(text, length, skip);
  const order = radixOrder(words, length);
  const [high, low, rest] = words;
  const isAlike = (a: number, b: number): boolean =>
    high?.[a] === high?.[b] && low?.[a] === low?.[b] && rest?.[a] === rest?.[b];
  for (let start = 0; start < length;) {
    const first = order[start] ?? 0;
    let end = start + 1;
    while (end < length && isAlike(first, order[end] ?? 0)) end++;
    if (end > start + 1 && rest?.[first] === KEY_BYTES + 1) {
      order.subarray(start, end).sort((a, b) => compareTexts(text, a, b));
    }
    start = end;
  }
  return order;
}

/** The bytes after the first `skip` as two numbers, and how many bytes there are, but `KEY_BYTES + 1` if more than that. */
function keyWords({ offsets, bytes }: TextValues, length: number, skip: number): Uint32Array[] {
  const words = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
  const [high, low, rest] = words;
  if (high === undefined || low === undefined || rest === undefined) return words;
  for (let row = 0; row < length; row++) {
    const start = (offsets[row] ?? 0) + skip;
    const end = offsets[row + 1] ?? 0;
    const count = Math.min(end - start, KEY_BYTES);
    let [first, second] = [0, 0];
    for (let i = 0; i < count; i++) {
      const byte = bytes[start + i] ?? 0;
      if (i < 4) first |= byte << (24 - i * 8);
      else second |= byte << (56 - i * 8);
    }
    high[row] = first;
    low[row] = second;
    rest[row] = Math.min(end - start, KEY_BYTES + 1);
  }
  return words;
}

/** Number of bytes that all texts begin with. */
function commonPrefix({ offsets, bytes }: TextValues, length: number): number {
  const first = offsets[0] ?? 0;
  let common = (offsets[1] ?? 0) - first;
  for (let row = 1; row < length && common > 0; row++) {
    const start = offsets[row] ?? 0;
    common = Math.min(common, (offsets[row + 1] ?? 0) - start);
    let same = 0;
    while (same < common && bytes[first + same] === bytes[start + same]) same++;
    common = same;
  }
  return common;
}
