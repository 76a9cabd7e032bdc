// Takes the buffers of a column out of the bytes that were read, and decompresses them where they are compressed.

import type { BufferPlace } from './arrow-decoding.ts';
import type { Codec } from './codecs.ts';
import { decompress } from './codecs.ts';

/** In front of each buffer of a batch that has a codec: its plain length. */
const PREFIX_BYTES = 8;
const NOT_COMPRESSED = -1;
const ALIGNMENT = 64;

/** What the bytes of a column are. */
export interface StoredColumn {
  /** Within the body of the record batch. */
  readonly buffers: readonly BufferPlace[];
  /** Where the bytes begin in there. */
  readonly start: number;
  readonly codec: Codec | null;
  /** Gives memory for decompressed bytes. */
  readonly memory: { readonly takePlain: (length: number) => Buffer };
}

/** Gives the plain buffers of a column: parts of `stored`, or of the column's memory. */
export function plainBuffers(stored: Buffer, column: StoredColumn): readonly Buffer[] {
  const { buffers, start, codec, memory } = column;
  const views = buffers.map(({ offset, length }) =>
    stored.subarray(offset - start, offset - start + length),
  );
  if (codec === null) return views;
  const lengths = views.map(plainLength);
  const total = lengths.reduce((sum, length) => sum + aligned(Math.max(0, length)), 0);
  const plain = memory.takePlain(total);
  let at = 0;
  return views.map((view, i) => {
    const length = lengths[i] ?? 0;
    if (length === NOT_COMPRESSED) return view.subarray(PREFIX_BYTES);
    const target = plain.subarray(at, at + length);
    at += aligned(length);
    if (length > 0) decompress(codec, view.subarray(PREFIX_BYTES), target);
    return target;
  });
}

function plainLength(buffer: Buffer): number {
  return buffer.length === 0 ? 0 : Number(buffer.readBigInt64LE());
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
