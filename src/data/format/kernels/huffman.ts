// Huffman coding of bytes as zstd's literals have it, compiled to WebAssembly. Memory belongs to the caller: all addresses
// are given.

/** Adds to four tables of 256 counts, one after another, how often each byte occurs: together they are the counts. */
export function countBytes(from: usize, length: i32, counts: usize): void {
  const end = from + usize(length);
  for (; from + 8 <= end; from += 8) {
    const bytes = load<u64>(from);
    count(counts, u32(bytes) & 0xff);
    count(counts + 1024, u32(bytes >> 8) & 0xff);
    count(counts + 2048, u32(bytes >> 16) & 0xff);
    count(counts + 3072, u32(bytes >> 24) & 0xff);
    count(counts, u32(bytes >> 32) & 0xff);
    count(counts + 1024, u32(bytes >> 40) & 0xff);
    count(counts + 2048, u32(bytes >> 48) & 0xff);
    count(counts + 3072, u32(bytes >> 56));
  }
  for (; from < end; from++) count(counts, load<u8>(from));
}

function count(counts: usize, byte: u32): void {
  const at = counts + (usize(byte) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/**
 * Writes the codes of bytes, the last byte first, and a bit behind them that is set; returns how many bytes that takes.
 * An entry of `table` is a byte's code times 256, plus its bits: 11 at most. Up to 8 bytes behind are overwritten.
 */
export function encodeBytes(from: usize, length: i32, table: usize, target: usize): i32 {
  let at = from + usize(length);
  let to = target;
  let word: u64 = 0;
  let bits: u64 = 0;
  while (at >= from + 5) {
    at -= 5;
    let entry = entryOf(table, at + 4);
    word |= (entry >> 8) << bits;
    bits += entry & 0xff;
    entry = entryOf(table, at + 3);
    word |= (entry >> 8) << bits;
    bits += entry & 0xff;
    entry = entryOf(table, at + 2);
    word |= (entry >> 8) << bits;
    bits += entry & 0xff;
    entry = entryOf(table, at + 1);
    word |= (entry >> 8) << bits;
    bits += entry & 0xff;
    entry = entryOf(table, at);
    word |= (entry >> 8) << bits;
    bits += entry & 0xff;
    store<u64>(to, word);
    to += usize(bits >> 3);
    word >>= bits & ~(<u64>7);
    bits &= 7;
  }
  while (at > from) {
    const entry = entryOf(table, --at);
    word |= (entry >> 8) << bits;
    bits += entry & 0xff;
  }
  word |= (<u64>1) << bits;
  store<u64>(to, word);
  return i32(to - target) + i32((bits + 8) >> 3);
}

function entryOf(table: usize, at: usize): u64 {
  return u64(load<u32>(table + (usize(load<u8>(at)) << 2)));
}
