// Finds where values of one width repeat bytes of values before them, always the same bytes of a value: as those of
// ascending integers, whose higher bytes are those of the value before.

const HASH_BITS: u64 = 12;
const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
/** Distances are given plus this, because lower numbers stand for the last distances: 1 for the very last. */
const DISTANCE: u32 = 3;

let last: u32 = 1;

/** The last distance of the repeats found so far. */
export function lastOffset(): u32 {
  return last;
}

/**
 * Looks for `length` bytes, 8 at most, at each `width`-th address from `at` on, and lists repeats that end before `end`: for
 * each the number of bytes since the one before, at least 1, and its distance. Copies these bytes, and those behind the last
 * repeat, to `literals`. Returns the number of repeats. `table` holds 4096 addresses, 0 at first; `before` is the last
 * distance. Eight bytes behind `end` may be read, and behind the literals written.
 */
export function findRepeats(
  from: usize,
  end: usize,
  at: usize,
  width: usize,
  length: usize,
  before: u32,
  table: usize,
  sequences: usize,
  literals: usize,
): i32 {
  const mask: u64 = length === 8 ? u64.MAX_VALUE : ((<u64>1) << u64(length * 8)) - 1;
  let anchor = from;
  let to = sequences;
  last = before;
  for (; at + length <= end; at += width) {
    const word = load<u64>(at) & mask;
    const slot = table + (usize((word * PRIME) >> (64 - HASH_BITS)) << 2);
    const candidate = usize(load<u32>(slot));
    store<u32>(slot, u32(at));
    if (candidate === 0 || (load<u64>(candidate) & mask) !== word) continue;
    const distance = u32(at - candidate);
    const size = at - anchor;
    store<u32>(to, u32(size));
    store<u32>(to, distance === last ? 1 : distance + DISTANCE, 4);
    to += 8;
    literals = copy(anchor, size, literals);
    last = distance;
    anchor = at + length;
  }
  copy(anchor, end - anchor, literals);
  return i32((to - sequences) >> 3);
}

function copy(from: usize, size: usize, target: usize): usize {
  if (size <= 8) store<u64>(target, load<u64>(from));
  else memory.copy(target, from, size);
  return target + size;
}
