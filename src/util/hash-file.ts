// SHA-256 of a file's content, read in one pass with one buffer whatever the file's size.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 256 * 1024;

/** Hashes a file synchronously; 64 characters of lower case hex, and the number of bytes that were hashed. */
export function hashFileSync(path: string): {
  readonly sizeBytes: number;
  readonly sha256: string;
} {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const fd = openSync(path, 'r');
  try {
    let sizeBytes = 0;
    for (;;) {
      const count = readSync(fd, buffer, 0, CHUNK_BYTES, null);
      if (count === 0) return { sizeBytes, sha256: hash.digest('hex') };
      hash.update(buffer.subarray(0, count));
      sizeBytes += count;
    }
  } finally {
    closeSync(fd);
  }
}
