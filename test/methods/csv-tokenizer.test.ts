import { describe, expect, it } from 'vitest';

import { NO_QUOTE } from '../../methods/lib/csv-format.ts';
import { DOUBLED, FieldBlock, PLAIN, QUOTED, undouble } from '../../methods/lib/csv-tokenizer.ts';

const COMMA = { separator: 44, quote: 34 };

function split(text: string, width: number, format = COMMA): string[][] {
  const block = new FieldBlock(width, format);
  const bytes = Buffer.from(text);
  expect(block.split(bytes, 0, bytes.length)).toBe(bytes.length);
  return Array.from({ length: block.rows }, (_, row) =>
    Array.from({ length: width }, (_unused, column) => block.text(row * width + column)),
  );
}

describe('records', () => {
  it('end with a line feed, with or without a carriage return before it', () => {
    expect(split('a,b\nc,d\r\ne,f\n', 2)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('may hold empty fields, in quotes or not', () => {
    expect(split(',,\n"",,""\n', 3)).toEqual([
      ['', '', ''],
      ['', '', ''],
    ]);
  });

  it('keep separators, line ends and doubled quotes that are in quotes', () => {
    expect(split('"a,b","c\r\nd"\n"e ""f""",""""\n', 2)).toEqual([
      ['a,b', 'c\r\nd'],
      ['e "f"', '"'],
    ]);
  });

  it('keep a quote within a field that does not begin with one', () => {
    expect(split('37\'38.8"N,5" pipe\n', 2)).toEqual([['37\'38.8"N', '5" pipe']]);
  });

  it('keep a carriage return that ends no line', () => {
    expect(split('a\rb,c\n"d\r",\r\n', 2)).toEqual([
      ['a\rb', 'c'],
      ['d\r', ''],
    ]);
  });

  it('take quotes as they are where there is no quote character', () => {
    expect(split('"a,b"\n', 2, { separator: 44, quote: NO_QUOTE })).toEqual([['"a', 'b"']]);
  });

  it('may consist of one empty field', () => {
    expect(split('\n""\n\r\n', 1)).toEqual([[''], [''], ['']]);
  });
});

describe('a record that does not end within the bytes', () => {
  it.each(['a', 'a,', 'a,b', 'a,b\r', '"a', '"a"', '"a""', '"a"\r', '"a","b\n'])(
    'is left for later: %j',
    (rest) => {
      const block = new FieldBlock(2, COMMA);
      const bytes = Buffer.from(`x,y\n${rest}`);
      expect(block.split(bytes, 0, bytes.length)).toBe(4);
      expect(block.rows).toBe(1);
    },
  );

  it('is not completed by bytes beyond the end', () => {
    const block = new FieldBlock(2, COMMA);
    const bytes = Buffer.from('a,b\n"c","d"\ne,f\n');
    for (let end = 0; end < 4; end++) expect(block.split(bytes, 0, end)).toBe(0);
    for (let end = 4; end < 12; end++) expect(block.split(bytes, 0, end)).toBe(4);
    expect(block.split(bytes, 0, 12)).toBe(12);
  });
});

describe('faults', () => {
  it.each([
    ['a,b\nc\n', 4, 'expected 2 fields as in the header line, got 1'],
    ['a,b\n\n', 4, 'expected 2 fields as in the header line, got 1'],
    ['a,b\nc,d\ne,f,g\n', 8, 'expected 2 fields as in the header line, got 3'],
    ['"a"b,c\n', 3, 'text after a closing quote (a quote within a quoted field must be doubled)'],
    ['"a"\rb,c\n', 3, 'text after a closing quote (a quote within a quoted field must be doubled)'],
    ['"a"\r,c\n', 3, 'text after a closing quote (a quote within a quoted field must be doubled)'],
  ])('name the place: %j', (text, offset, message) => {
    expect(() => split(text, 2)).toThrow(expect.objectContaining({ offset, message }));
  });
});

it('a block takes as many rows as it has room for, and at least one', () => {
  const narrow = new FieldBlock(2, COMMA);
  const bytes = Buffer.from('a,b\n'.repeat(40_000));
  const next = narrow.split(bytes, 0, bytes.length);
  expect(next).toBe(32_768 * 4);
  expect(narrow.split(bytes, next, bytes.length)).toBe(bytes.length);
  const wide = new FieldBlock(100_000, COMMA);
  expect(wide.split(Buffer.from(`${','.repeat(99_999)}\n`), 0, 100_000)).toBe(100_000);
});

it('a block says how each field is written', () => {
  const block = new FieldBlock(3, COMMA);
  block.split(Buffer.from('a,"b","""c"\n'), 0, 12);
  expect([...block.kinds.subarray(0, 3)]).toEqual([PLAIN, QUOTED, DOUBLED]);
  block.split(Buffer.from('a,b,c\n'), 0, 6);
  expect([...block.kinds.subarray(0, 3)]).toEqual([PLAIN, PLAIN, PLAIN]);
});

it('a block says whether its records are UTF-8', () => {
  const block = new FieldBlock(1, COMMA);
  block.split(Buffer.from('é\n'), 0, 3);
  expect(block.isUtf8).toBe(true);
  block.split(Buffer.from('é\n', 'latin1'), 0, 2);
  expect(block.isUtf8).toBe(false);
});

it('doubled quotes become one', () => {
  const bytes = Buffer.from('x""a""""b');
  const target = Buffer.alloc(9);
  const length = undouble({ bytes, start: 1, end: 9 }, target, 34);
  expect(target.toString('utf8', 0, length)).toBe('"a""b');
});
