import type { DatasetWriter } from 'acc-engine';
import { describe, expect, it } from 'vitest';

import { CellWriter } from '../../methods/lib/csv-cells.ts';
import type { ImportedColumn } from '../../methods/lib/csv-cells.ts';
import { FieldBlock } from '../../methods/lib/csv-tokenizer.ts';

const COMMA = { separator: 44, quote: 34 };

/** Writes the records of `text` to columns `a`, `b` … of these types and returns the rows that were written. */
function write(text: string | Buffer, ...types: readonly string[]): unknown[][] {
  const columns = types.map((type, i): ImportedColumn => ({
    name: String.fromCharCode(97 + i),
    type: type.replace('?', '') as ImportedColumn['type'],
    nullable: type.endsWith('?'),
  }));
  const rows: unknown[][] = [];
  let row: unknown[] = [];
  const columnWriter = {
    append: (value: unknown) => row.push(value),
    appendBytes: (bytes: Uint8Array, start: number, end: number) =>
      row.push(Buffer.from(bytes.subarray(start, end)).toString('latin1')),
  };
  const writer = {
    columns: Object.fromEntries(columns.map(({ name }) => [name, columnWriter])),
    endRow: () => {
      rows.push(row);
      row = [];
    },
  };
  const block = new FieldBlock(columns.length, COMMA);
  const bytes = Buffer.from(text as string);
  block.split(bytes, 0, bytes.length);
  new CellWriter(writer as unknown as DatasetWriter, columns, COMMA).write(block);
  return rows;
}

it('each type is read from its text', () => {
  const text =
    'true,-7,9007199254740993,0.1,2024-03-31,2024-03-31T12:00:00.001+01:00,é,{"x":[1]}\n';
  const types = ['bool', 'int32', 'int64', 'float64', 'date', 'datetime', 'string', 'json'];
  expect(write(text.replace('{"x":[1]}', '"{""x"":[1]}"'), ...types)).toEqual([
    [
      true,
      -7,
      9_007_199_254_740_993n,
      0.1,
      new Date('2024-03-31'),
      new Date('2024-03-31T11:00:00.001Z'),
      'Ã©',
      { x: [1] },
    ],
  ]);
});

it('a datetime that is not in whole milliseconds is given in microseconds', () => {
  expect(write('1970-01-01T00:00:00.000001Z\n1969-12-31T23:59:59.999999Z\n', 'datetime')).toEqual([
    [1n],
    [-1n],
  ]);
});

it('truth is written in words of any case or as a digit', () => {
  expect(write('True\nFALSE\n1\n0\n', 'bool')).toEqual([[true], [false], [true], [false]]);
});

it('a quoted field is read like one without quotes', () => {
  expect(write('"12","a ""b"""\n', 'int32', 'string')).toEqual([[12, 'a "b"']]);
});

it('a field longer than the scratch buffer may hold doubled quotes', () => {
  const long = 'x'.repeat(5000);
  expect(write(`"${long}"""\n`, 'string')).toEqual([[`${long}"`]]);
});

it('an empty field is a null where the column may hold one', () => {
  expect(write(',,\n"","",""\n', 'int32?', 'string?', 'string')).toEqual([
    [null, null, ''],
    [null, '', ''],
  ]);
});

it('a bytes column takes any bytes', () => {
  expect(write(Buffer.from('\u00FF,x\n', 'latin1'), 'bytes', 'string')).toEqual([['\u00FF', 'x']]);
});

describe('a field that has no value in its column is a fault at its place', () => {
  it.each([
    ['yes\n', 'bool', 'expected bool (true, false, 1 or 0), got "yes"'],
    ['\u0010\n', 'bool', 'expected bool (true, false, 1 or 0), got "\\u0010"'],
    [
      '3000000000\n',
      'int32',
      'expected int32 (a whole number from -2147483648 to 2147483647), got "3000000000"',
    ],
    ['"1,5"\n', 'float64', 'expected float64 (as 12.5 or 1e-3), got "1,5"'],
    ['31.3.2024\n', 'date', 'expected date (as 2024-03-31), got "31.3.2024"'],
    ['{\n', 'json', 'expected json (as {"a": [1]}), got "{"'],
    [
      '\n',
      'float64',
      'expected float64 (as 12.5 or 1e-3), got "" (declare { type: \'float64\', nullable: true } to read empty fields as null)',
    ],
  ])('%j as %s', (text, type, message) => {
    const offset = text.startsWith('"') ? 3 : 2;
    expect(() => write(`x,${text}`, 'string', type)).toThrow(
      expect.objectContaining({ offset, message: `column "b": ${message}` }),
    );
  });

  it('also where it is not UTF-8', () => {
    expect(() => write(Buffer.from('a\né\n', 'latin1'), 'string')).toThrow(
      expect.objectContaining({
        offset: 2,
        message:
          'column "a": expected text in UTF-8, got "\uFFFD" (declare it as \'bytes\' to keep them as they are)',
      }),
    );
  });
});
