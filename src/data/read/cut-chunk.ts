// Takes some consecutive rows out of a chunk. Values are not copied but for bits that begin within a byte.

import type { ColumnChunk } from '../format/slice-reader.ts';

/** The `rows` rows of a chunk from `start` on. `isBits`: its values are bits, as those of bools are. */
export function cutChunk(
  chunk: ColumnChunk,
  { start, rows, isBits }: { readonly start: number; readonly rows: number; isBits: boolean },
): ColumnChunk {
  if (start === 0 && rows === chunk.rows) return chunk;
  const validity = chunk.validity === null ? null : cutBits(chunk.validity, start, rows);
  const cut = { ...chunk, rows, validity };
  if (chunk.offsets.length > 0) {
    return { ...cut, offsets: chunk.offsets.subarray(start, start + rows + 1) };
  }
  if (isBits) return { ...cut, bytes: Buffer.from(cutBits(chunk.bytes, start, rows)) };
  const width = Math.floor(chunk.bytes.length / chunk.rows);
  return { ...cut, bytes: chunk.bytes.subarray(start * width, (start + rows) * width) };
}

function cutBits(bits: Uint8Array, start: number, count: number): Uint8Array {
  const from = start >> 3;
  const shift = start & 7;
  const bytes = (count + 7) >> 3;
  if (shift === 0) return bits.subarray(from, from + bytes);
  const cut = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) {
    cut[i] = ((bits[from + i] ?? 0) >> shift) | ((bits[from + i + 1] ?? 0) << (8 - shift));
  }
  return cut;
}
