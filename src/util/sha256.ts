// SHA-256 in hex, the only hash that decides anything in acc.

import { createHash } from 'node:crypto';

/** Hashes text (as UTF-8) or bytes; 64 characters of lower case hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
