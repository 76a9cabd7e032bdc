import { expect, test } from 'vitest';

import { ANSI_COLOURS } from '../../src/report/colour.ts';
import { tableLines } from '../../src/report/table.ts';
import { stripAnsi, textWidth } from '../../src/util/text-width.ts';

test('columns line up, to the left or to the right, without trailing blanks', () => {
  const rows = [
    ['job', 'rows'],
    ['dev-1', '7'],
    ['dev-100', '1,234'],
  ];
  expect(tableLines(rows, { right: [1], indent: '  ' })).toEqual([
    '  job       rows',
    '  dev-1        7',
    '  dev-100  1,234',
  ]);
});

test('rows may be short, and what ends one makes no column wider', () => {
  const rows = [['a', 'b', 'c'], ['ab', 'b', 'c'], ['a long text about everything']];
  expect(tableLines(rows)).toEqual(['a   b  c', 'ab  b  c', 'a long text about everything']);
});

test('colours and wide characters do not disturb the columns', () => {
  const rows = [
    [ANSI_COLOURS.red('東京'), 'x'],
    ['abcd', 'y'],
  ];
  const lines = tableLines(rows).map(stripAnsi);
  expect(lines).toEqual(['東京  x', 'abcd  y']);
});

test('lines are cut to the width that is given', () => {
  const [line = ''] = tableLines([['abcdef', '大阪大阪']], { width: 12 });
  expect(textWidth(line)).toBeLessThanOrEqual(12);
  expect(line).toBe('abcdef  大…');
});
