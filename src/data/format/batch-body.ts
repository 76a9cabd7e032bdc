// Lays out the body of a record batch: buffers one after another at multiples of 64 bytes, compressed where that helps.
// Floats never are: they rarely shrink, and sums over them are to run at the speed of memory.

import { checksum } from '../../util/checksum.ts';
import type { BufferPlace, ColumnLayout } from './arrow-decoding.ts';
import type { BufferPacker } from './buffer-packer.ts';
import type { Codec } from './codecs.ts';

const ALIGNMENT = 64;
const PADDING = new Uint8Array(ALIGNMENT);
/** Stands for the plain length in front of a buffer that is not compressed in a batch where others are. */
const NOT_COMPRESSED = -1n;

/** Validity, offsets and bytes. */
const TEXT_BUFFERS = 3;
const OFFSET_BYTES = 4;

/** One column's part of a record batch. */
export interface BatchColumnBuffers {
  readonly nulls: number;
  readonly buffers: readonly Uint8Array[];
  /** Its buffers stay as they are. */
  readonly isPlain?: boolean;
  /** Bytes of each value; left out when that varies, or is less than a byte. */
  readonly valueBytes?: number;
}

/** The body of a record batch, and where things are in it. */
export interface BatchBody {
  readonly layouts: readonly ColumnLayout[];
  readonly parts: readonly Uint8Array[];
  readonly length: number;
  /** CRC-32 of each column's bytes. */
  readonly checksums: readonly number[];
  readonly codec: Codec | null;
}

/** Lays out columns. Without a packer nothing is compressed. */
export function layOutBody(
  columns: readonly BatchColumnBuffers[],
  packer: BufferPacker | null,
): BatchBody {
  const compressed = packer === null ? null : compressColumns(columns, packer);
  const codec = compressed === null ? null : (packer?.codec ?? null);
  const parts: Uint8Array[] = [];
  const checksums: number[] = [];
  let length = 0;
  const layouts = columns.map(({ nulls, buffers }, column) => {
    let crc = 0;
    let padding: Uint8Array = PADDING.subarray(0, 0);
    const places = buffers.map((buffer, i): BufferPlace => {
      const stored = compressed === null ? [buffer] : framed(buffer, compressed[column]?.[i]);
      const size = totalLength(stored);
      const place = { offset: length, length: size };
      crc = [padding, ...stored].reduce((before, part) => checksum(part, before), crc);
      padding = paddingFor(size);
      if (size > 0) parts.push(...stored, padding);
      length += size + padding.length;
      return place;
    });
    checksums.push(crc);
    return { nulls, buffers: places };
  });
  return { layouts, parts, length, checksums, codec };
}

/** Bytes up to the next multiple of 64. */
export function paddingFor(length: number): Uint8Array {
  return PADDING.subarray(0, (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
}

/** Bytes of all parts together. */
export function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Compresses what is worth it; `null` when nothing is. */
function compressColumns(
  columns: readonly BatchColumnBuffers[],
  packer: BufferPacker,
): readonly (readonly (Uint8Array | undefined)[])[] | null {
  packer.begin();
  let isAny = false;
  const compressed = columns.map(({ buffers, isPlain = false, valueBytes: width = 0 }, column) =>
    buffers.map((buffer, index) => {
      if (isPlain) return undefined;
      const isOffsets = index === 1 && buffers.length === TEXT_BUFFERS;
      const valueBytes = isOffsets ? OFFSET_BYTES : index === 1 ? width : 0;
      const bytes = packer.pack(buffer, { column, index, isOffsets, valueBytes });
      isAny ||= bytes !== undefined;
      return bytes;
    }),
  );
  return isAny ? compressed : null;
}

/** A buffer in a batch where some are compressed: its plain length is in front. */
function framed(buffer: Uint8Array, compressed: Uint8Array | undefined): readonly Uint8Array[] {
  if (buffer.length === 0) return [];
  const prefix = Buffer.alloc(8);
  prefix.writeBigInt64LE(compressed === undefined ? NOT_COMPRESSED : BigInt(buffer.length));
  return [prefix, compressed ?? buffer];
}
