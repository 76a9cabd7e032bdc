// The outline of a zstd frame (RFC 8878): its head, and the heads of its blocks. Unaware of what blocks hold.

const MAGIC = 0xfd_2f_b5_28;
/** A frame of a single segment, whose length follows in 4 bytes. */
const DESCRIPTOR = 0xa0;
const FRAME_HEAD = 9;
const RAW = 0;
const COMPRESSED = 2;

/** The most that a block may hold. */
export const BLOCK_BYTES: number = 1 << 17;
/** Bytes in front of a block. */
export const BLOCK_HEAD = 3;

/** Writes the head of a frame of `length` bytes; gives where it ends. */
export function writeFrameHead(bytes: Buffer, length: number, target: number): number {
  bytes.writeUInt32LE(MAGIC, target);
  bytes[target + 4] = DESCRIPTOR;
  bytes.writeUInt32LE(length, target + 5);
  return target + FRAME_HEAD;
}

/** Writes the head of a block that is `size` bytes long in the frame. */
export function writeBlockHead(
  bytes: Buffer,
  target: number,
  block: { readonly size: number; readonly isRaw: boolean; readonly isLast: boolean },
): void {
  const type = block.isRaw ? RAW : COMPRESSED;
  bytes.writeUIntLE(Number(block.isLast) | (type << 1) | (block.size << 3), target, BLOCK_HEAD);
}
