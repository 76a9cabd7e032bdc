// CRC-32 of runs of bytes, by zlib, which is not loaded before the first one is asked for.

import type { crc32 } from 'node:zlib';

let compute: typeof crc32 | undefined;

/** CRC-32 of some bytes, or, with that of what stands before them, of both. */
export function checksum(bytes: Uint8Array, before = 0): number {
  compute ??= process.getBuiltinModule('node:zlib').crc32;
  return compute(bytes, before);
}
