import { expect, test } from 'vitest';

import { sequenceDiff } from '../../../src/key/difference/sequence-diff.ts';

function diff(before: string, after: string): readonly [string, string] {
  const { removed, added } = sequenceDiff(before.split(''), after.split(''));
  return [removed.map((i) => before[i]).join(''), added.map((i) => after[i]).join('')];
}

test.each([
  ['', '', '', ''],
  ['abc', 'abc', '', ''],
  ['abc', '', 'abc', ''],
  ['', 'abc', '', 'abc'],
  ['abcd', 'abxd', 'c', 'x'],
  ['abab', 'ab', 'ab', ''],
  ['abcdef', 'bcxef', 'ad', 'x'],
])('%j to %j takes out %j and puts in %j', (before, after, removed, added) => {
  expect(diff(before, after)).toEqual([removed, added]);
});

test('sequences too long to compare differ in all between their common ends', () => {
  const long = Array.from({ length: 2100 }, (_, index) => `before ${index}`);
  const other = Array.from({ length: 2100 }, (_, index) => `after ${index}`);
  const { removed, added } = sequenceDiff(['same', ...long], ['same', ...other]);
  expect([removed.length, removed[0], added.length]).toEqual([2100, 1, 2100]);
});
