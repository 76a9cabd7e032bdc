import { expect, test } from 'vitest';

import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  plural,
  withArticle,
} from '../../src/util/quantity.ts';

test.each([
  [0, '0.000s'],
  [3.4, '0.003s'],
  [42, '0.04s'],
  [99, '0.1s'],
  [1234, '1.2s'],
  [14_000, '14.0s'],
  [59_949, '59.9s'],
  [59_960, '1m 00s'],
  [125_000, '2m 05s'],
  [3_599_900, '1h 00m'],
  [11_220_000, '3h 07m'],
  [187_200_000, '2d 4h'],
])('%d milliseconds are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1234, '1.2 kB'],
  [65_000_000, '65 MB'],
  [999_950, '1.0 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('counts are short, numbers are whole', () => {
  expect(formatCount(812)).toBe('812');
  expect(formatCount(1_234_567)).toBe('1.2M');
  expect(formatNumber(1_234_567)).toBe('1,234,567');
  expect(formatNumber(999)).toBe('999');
});

test('nouns follow their number', () => {
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(1234, 'row')).toBe('1,234 rows');
  expect(plural(0, 'query', 'queries')).toBe('0 queries');
});

test.each([
  ['Date', 'a Date'],
  ['invalid Date', 'an invalid Date'],
  ['Error', 'an Error'],
  ['URL', 'a URL'],
  ['Uint8Array', 'a Uint8Array'],
  ['uncommon Map', 'an uncommon Map'],
])('%s with its article is %s', (word, text) => {
  expect(withArticle(word)).toBe(text);
});
