import { expect, test } from 'vitest';

import { padText, stripAnsi, textWidth, truncateText } from '../../src/util/text-width.ts';

const RED = '\u001B[31mred\u001B[39m';

test.each([
  ['plain', 5],
  ['', 0],
  ['東京', 4],
  ['café', 4],
  ['cafe\u0301', 4],
  ['🚀', 2],
  ['한국어', 6],
  ['é→…━', 4],
  [RED, 3],
])('the width of %j is %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('text is padded by columns on either side', () => {
  expect(padText('東京', 6)).toBe('東京  ');
  expect(padText('7', 3, 'right')).toBe('  7');
  expect(padText('too long', 3)).toBe('too long');
});

test('text is cut by columns and never in the middle of a wide character', () => {
  expect(truncateText('abcdef', 6)).toBe('abcdef');
  expect(truncateText('abcdef', 4)).toBe('abc…');
  expect(truncateText('東京大阪', 6)).toBe('東京…');
  expect(truncateText('abc', 0)).toBe('');
});

test('a cut in coloured text closes the colour', () => {
  const cut = truncateText(`${RED} and more`, 6);
  expect(stripAnsi(cut)).toBe('red a…');
  expect(cut.endsWith('\u001B[0m')).toBe(true);
});
