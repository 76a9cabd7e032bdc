import { expect, test } from 'vitest';

import { codeFrame, framePlace } from '../../src/report/code-frame.ts';
import { textWidth } from '../../src/util/text-width.ts';

const WIDE = 100;

function at(line: number, column: number, length = 1) {
  return { file: '/p/build.ts', line, column, length };
}

test('the characters that are wrong are underlined', () => {
  const source = "const a = 1;\n  build('rank', { limt: 10 });\n";
  expect(codeFrame(source, at(2, 19, 4), WIDE)).toEqual([
    "    build('rank', { limt: 10 });",
    '                    ~~~~',
  ]);
});

test('a token is found after the place, on its line or on a later one, as a whole word', () => {
  const source = "build('rank', {\n  limter: 1,\n  limt: 10,\n});\n";
  expect(framePlace(source, at(1, 1), 'limt')).toEqual({ line: 3, column: 3, length: 4 });
  expect(framePlace(source, at(1, 1), 'rank')).toEqual({ line: 1, column: 8, length: 4 });
});

test('a token before the place on its line is not meant', () => {
  const source = "rank(build('rank'))\n";
  expect(framePlace(source, at(1, 6), 'rank')).toEqual({ line: 1, column: 13, length: 4 });
});

test('a token behind the call that is meant is another one', () => {
  const source =
    "const a = build(name, inputs);\nbuild('rank', { limt: 10 });\nfunction limt() {}\n";
  expect(framePlace(source, at(1, 11), 'limt')).toEqual({ line: 1, column: 11, length: 1 });
  expect(framePlace(source, at(2, 1), 'limt')).toEqual({ line: 2, column: 17, length: 4 });
  const nested =
    "build('rank', {\n  of: ')', // )\n  by: `(${f({ a: [1] })}`,\n  limt: 1,\n});\nlimt();";
  expect(framePlace(nested, at(1, 1), 'limt')).toEqual({ line: 4, column: 3, length: 4 });
  expect(framePlace(nested, at(1, 1), 'f2')).toEqual({ line: 1, column: 1, length: 1 });
  const typed = 'urd.build<Name>(name);\nlimt';
  expect(framePlace(typed, at(1, 5), 'limt')).toEqual({ line: 1, column: 5, length: 1 });
});

test('a place far to the right, as in a script on one line, is found at once', () => {
  const source = `${' '.repeat(100_000)}'rank', rank()\n`;
  const before = performance.now();
  expect(framePlace(source, at(1, 100_001), 'rank')).toEqual({
    line: 1,
    column: 100_002,
    length: 4,
  });
  expect(performance.now() - before).toBeLessThan(1000);
});

test('without the token the place itself is underlined, and without the line nothing is', () => {
  expect(framePlace('one line', at(1, 5, 4), 'missing')).toEqual({ line: 1, column: 5, length: 4 });
  expect(framePlace('one line', at(7, 1), undefined)).toBeUndefined();
});

test('names with a meaning in regular expressions are taken as they are', () => {
  expect(framePlace('f($a.b, x)', at(1, 1), '$a.b')).toEqual({ line: 1, column: 3, length: 4 });
});

test('tabs take the same room in both lines', () => {
  const [line = '', underline = ''] = codeFrame('\tbuild(\tx);', at(1, 9), WIDE);
  expect(line).toBe('    build(  x);');
  expect(underline.indexOf('~')).toBe(line.indexOf('x'));
});

test('wide characters before and in the place are counted as two columns', () => {
  const [line = '', underline = ''] = codeFrame("f('東京', '大阪')", at(1, 9, 4), WIDE);
  expect(textWidth(underline)).toBe(textWidth(line) - 1);
  expect(underline.trim()).toBe('~~~~~~');
});

test('a long line is cut around the place', () => {
  const source = `${'a'.repeat(300)}WRONG${'b'.repeat(300)}`;
  const [line = '', underline = ''] = codeFrame(source, at(1, 301, 5), 60);
  expect(textWidth(line)).toBeLessThanOrEqual(60);
  expect(line).toMatch(/^ {4}…a+WRONGb+…$/u);
  expect(underline.indexOf('~')).toBe(line.indexOf('WRONG'));
  expect(underline.trim()).toBe('~~~~~');
});

test('a place after the end of the line is underlined with one character', () => {
  expect(codeFrame('short', at(1, 6), WIDE)).toEqual(['    short', '         ~']);
});
