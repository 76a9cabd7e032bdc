// Orders rows by unsigned 32-bit words, stably: a radix sort by the last word first, eleven bits at a time.

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Numbers of the rows `[0, length)` in ascending order of their words, the first word counting most. */
export function radixOrder(words: readonly Uint32Array[], length: number): Uint32Array {
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  let spare = new Uint32Array(length);
  let keys = new Uint32Array(length);
  let spareKeys = new Uint32Array(length);
  const counts = new Uint32Array(DIGITS);
  for (const word of words.toReversed()) {
    const differing = differingBits(word, length);
    if (differing === 0) continue;
    for (let i = 0; i < length; i++) keys[i] = word[order[i] ?? 0] ?? 0;
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (((differing >>> shift) & (DIGITS - 1)) === 0) continue;
      startOfDigits(keys, shift, counts);
      for (let i = 0; i < length; i++) {
        const key = keys[i] ?? 0;
        const digit = (key >>> shift) & (DIGITS - 1);
        const to = counts[digit] ?? 0;
        counts[digit] = to + 1;
        spareKeys[to] = key;
        spare[to] = order[i] ?? 0;
      }
      [keys, spareKeys] = [spareKeys, keys];
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Bits that are not the same in all rows. */
function differingBits(word: Uint32Array, length: number): number {
  const first = word[0] ?? 0;
  let bits = 0;
  for (let i = 1; i < length; i++) bits |= (word[i] ?? 0) ^ first;
  return bits;
}

function startOfDigits(keys: Uint32Array, shift: number, counts: Uint32Array): void {
  counts.fill(0);
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] ?? 0) >>> shift) & (DIGITS - 1);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = counts[digit] ?? 0;
    counts[digit] = start;
    start += count;
  }
}
