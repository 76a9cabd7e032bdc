// Bools as they are stored, one bit each, least significant bit first, and as they are looked at, one byte each.

/** The four bytes that four bits become. */
const FOUR_BYTES = Uint32Array.from({ length: 16 }, (_, bits) =>
  [0, 1, 2, 3].reduce((bytes, bit) => bytes | (((bits >> bit) & 1) << (bit * 8)), 0),
);

/** Makes a byte, 0 or 1, of each of the first `rows` bits. */
export function unpackBits(bits: Uint8Array, rows: number): Uint8Array {
  const length = (rows + 7) >> 3;
  const words = new Uint32Array(length * 2);
  for (let i = 0; i < length; i++) {
    const eight = bits[i] ?? 0;
    words[i * 2] = FOUR_BYTES[eight & 15] ?? 0;
    words[i * 2 + 1] = FOUR_BYTES[eight >> 4] ?? 0;
  }
  return new Uint8Array(words.buffer, 0, rows);
}

/** Makes a bit of each byte, which must be 0 or 1. Bits beyond the last are clear. */
export function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  const whole = values.length >> 3;
  for (let i = 0; i < whole; i++) {
    let eight = 0;
    for (let bit = 0; bit < 8; bit++) eight |= (values[i * 8 + bit] ?? 0) << bit;
    bits[i] = eight;
  }
  for (let row = whole * 8; row < values.length; row++) {
    bits[whole] = (bits[whole] ?? 0) | ((values[row] ?? 0) << (row & 7));
  }
  return bits;
}
