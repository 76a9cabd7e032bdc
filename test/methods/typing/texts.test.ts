import { expect, it } from 'vitest';

import { NO_VALUE, readAs } from './read-texts.ts';

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

it('bytes are kept, stripped of white space where asked for', () => {
  const texts = [' a\u0000b\t', '\u000b\f\n x ', '', '  '];
  expect(readAs('bytes', texts)).toEqual(texts);
  expect(readAs('bytesstrip', texts)).toEqual(['a\u0000b', 'x', '', '']);
  expect(readAs('string', texts)).toEqual(texts);
  expect(readAs('stringstrip', texts)).toEqual(['a\u0000b', 'x', '', '']);
});

it.each([
  ['ascii', ['tea', '\\sea', '\\364t\\351', '\u0000\t \b']],
  ['ascii:replace', ['tea', '\\sea', '\\364t\\351', '\u0000\t \b']],
  ['ascii:encode', ['tea', '\\134sea', '\\364t\\351', '\u0000\t \b']],
  ['ascii:strict', ['tea', '\\sea', NO_VALUE, '\u0000\t \b']],
])('%s', (type, expected) => {
  expect(readAs(type, ['tea', '\\sea', latin1('\u00f4t\u00e9'), '\u0000\t \b'])).toEqual(expected);
  const strip = type.replace('ascii', 'asciistrip');
  expect(
    readAs(strip, ['\t tea\r\n', '\\sea ', latin1('\u00f4t\u00e9\f'), '\u0000\t \b\t']),
  ).toEqual(expected);
});

const TEXTS = [
  'plain text\n',
  latin1('\tsj\u00f6'),
  latin1('\t\u00e5 \u00f6  '),
  '\tsjö ',
  '\r+APY-l',
];

it.each([
  ['unicode:utf-8', ['plain text\n', NO_VALUE, NO_VALUE, '\tsjö ', '\r+APY-l']],
  ['unicode', ['plain text\n', NO_VALUE, NO_VALUE, '\tsjö ', '\r+APY-l']],
  [
    'unicode:utf-8/replace',
    ['plain text\n', '\tsj\uFFFD', '\t\uFFFD \uFFFD  ', '\tsjö ', '\r+APY-l'],
  ],
  ['unicode:utf-8/ignore', ['plain text\n', '\tsj', '\t   ', '\tsjö ', '\r+APY-l']],
  ['unicode:latin-1', ['plain text\n', '\tsjö', '\tå ö  ', '\tsj\u00c3\u00b6 ', '\r+APY-l']],
  [
    'unicode:iso-8859-1/strict',
    ['plain text\n', '\tsjö', '\tå ö  ', '\tsj\u00c3\u00b6 ', '\r+APY-l'],
  ],
  ['unicode:ascii', ['plain text\n', NO_VALUE, NO_VALUE, NO_VALUE, '\r+APY-l']],
  [
    'unicode:ascii/replace',
    ['plain text\n', '\tsj\uFFFD', '\t\uFFFD \uFFFD  ', '\tsj\uFFFD\uFFFD ', '\r+APY-l'],
  ],
  ['unicode:ascii/ignore', ['plain text\n', '\tsj', '\t   ', '\tsj ', '\r+APY-l']],
  ['unicode:utf-7', ['plain text\n', NO_VALUE, NO_VALUE, NO_VALUE, '\röl']],
  [
    'unicode:utf-7/replace',
    ['plain text\n', '\tsj\uFFFD', '\t\uFFFD \uFFFD  ', '\tsj\uFFFD\uFFFD ', '\röl'],
  ],
  ['unicode:utf-7/ignore', ['plain text\n', '\tsj', '\t   ', '\tsj ', '\röl']],
  // White space is taken off before what is no text is left out.
  ['unicodestrip:utf-8/ignore', ['plain text', 'sj', ' ', 'sjö', '+APY-l']],
  ['unicodestrip:utf-8', ['plain text', NO_VALUE, NO_VALUE, 'sjö', '+APY-l']],
  ['unicodestrip:latin-1', ['plain text', 'sjö', 'å ö', 'sj\u00c3\u00b6', '+APY-l']],
])('%s', (type, expected) => {
  expect(readAs(type, TEXTS)).toEqual(expected);
});

it('other codecs, under the names they are known by', () => {
  const euro = Buffer.of(0x80, 0x41);
  expect(readAs('unicode:cp1252', [euro])).toEqual(['€A']);
  expect(readAs('unicode:windows-1252', [euro])).toEqual(['€A']);
  expect(readAs('unicode:cp1251', [Buffer.of(0xc0)])).toEqual(['А']);
  expect(readAs('unicode:shift_jis', [Buffer.of(0x93, 0xfa), Buffer.of(0x93)])).toEqual([
    '日',
    NO_VALUE,
  ]);
  expect(readAs('unicode:utf-16le', [Buffer.from('añ', 'utf16le')])).toEqual(['añ']);
  expect(readAs('unicode:utf-7/replace', ['a+b', 'a+-b', '+ALA-', '+ALA', '2+-2'])).toEqual([
    'a\uFFFD',
    'a+b',
    '°',
    '°',
    '2+2',
  ]);
});

it('what is no UTF-8 is replaced where the platform replaces it', () => {
  const texts: Uint8Array[] = [];
  let seed = 3;
  for (let i = 0; i < 3000; i++) {
    const bytes = Array.from({ length: 6 }, () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return [0x41, 0x80, 0xbf, 0xc3, 0xe0, 0xe1, 0xed, 0xf0, 0xf4, 0xa0, 0x90, 0xff][seed % 12]!;
    });
    texts.push(Uint8Array.from(bytes));
  }
  expect(readAs('unicode:utf-8/replace', texts)).toEqual(
    texts.map((bytes) => Buffer.from(bytes).toString()),
  );
});

it('json, with white space around it', () => {
  expect(
    readAs('json', ['null', '[42, {"a": "b"}]', '\r {"foo":\r"bar" }\t', 'nope', '', '"\\ud83d"']),
  ).toEqual(['null', '[42,{"a":"b"}]', '{"foo":"bar"}', NO_VALUE, NO_VALUE, '"\\ud83d"']);
});
