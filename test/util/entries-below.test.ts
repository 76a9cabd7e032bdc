import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { entriesBelow } from '../../src/util/entries-below.ts';

let outside = '';

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'acc-entries-'));
  mkdirSync(join(outside, 'top/deep/er'), { recursive: true });
  writeFileSync(join(outside, 'mine.txt'), '');
  writeFileSync(join(outside, 'top/deep/er/file'), '');
  symlinkSync('../..', join(outside, 'top/deep/up'));
  symlinkSync('.', join(outside, 'top/circle'));
  symlinkSync('nowhere', join(outside, 'top/broken'));
});

afterAll(() => rmSync(outside, { recursive: true }));

test('links are listed and not followed, directories come before what they hold', () => {
  const top = join(outside, 'top');
  const entries = entriesBelow(top).map((entry) => {
    const path = relative(top, join(entry.parentPath, entry.name));
    return entry.isSymbolicLink() ? `${path} (a link)` : path;
  });
  expect(entries.slice(0, 3).toSorted()).toEqual(['broken (a link)', 'circle (a link)', 'deep']);
  expect(entries.slice(3)).toEqual(['deep/er', 'deep/up (a link)', 'deep/er/file']);
});

test('a directory that is not there is an error', () => {
  expect(() => entriesBelow(join(outside, 'none'))).toThrow('ENOENT');
});
