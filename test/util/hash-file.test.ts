import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { hashFileSync } from '../../src/util/hash-file.ts';
import { sha256 } from '../../src/util/sha256.ts';

const directory = mkdtempSync(join(tmpdir(), 'acc-hash-'));
afterAll(() => rmSync(directory, { recursive: true }));

test.each([0, 1, 256 * 1024, 1_000_003])('a file of %d bytes is hashed whole', (sizeBytes) => {
  const content = Buffer.alloc(sizeBytes, 'acc');
  const path = join(directory, String(sizeBytes));
  writeFileSync(path, content);
  expect(hashFileSync(path)).toEqual({ sizeBytes, sha256: sha256(content) });
});
