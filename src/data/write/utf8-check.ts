// Checks that many values are UTF-8, as a rule without looking at single ones.

import { isAscii, isUtf8 } from 'node:buffer';

/** Finds the first of `rows` values that is not UTF-8; −1 when all are. `offsets`: where each begins, and the last ends. */
export function firstBadText(bytes: Buffer, offsets: Int32Array, rows: number): number {
  if (isAscii(bytes)) return -1;
  const isUtf8AsWhole = isUtf8(bytes);
  for (let row = 0; row < rows; row++) {
    const start = offsets[row] ?? 0;
    const end = offsets[row + 1] ?? 0;
    if (isUtf8AsWhole && !isContinuation(bytes[start]) && !isContinuation(bytes[end])) continue;
    if (!isUtf8(bytes.subarray(start, end))) return row;
  }
  return -1;
}

/** Tells whether a byte can only stand inside a character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
