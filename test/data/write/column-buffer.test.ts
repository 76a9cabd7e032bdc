import { expect, test } from 'vitest';

import { columnBuffer } from '../../../src/data/write/column-buffer.ts';
import type { ColumnBuffer } from '../../../src/data/write/column-buffer.ts';
import type { ColumnInput, InputPart } from '../../../src/data/write/column-input.ts';
import type { ColumnType } from '../../../src/model/column-type.ts';

const bufferOf = (type: ColumnType, nullable = false): ColumnBuffer =>
  columnBuffer(
    { name: 'price', type, nullable },
    { dataset: 'sales', sliceno: 3, rowsBefore: 100 },
  );

const part = (values: ColumnInput, start: number, end: number): InputPart => ({
  values,
  validity: null,
  rows: null,
  start,
  end,
});

const refused: [ColumnType, unknown, string][] = [
  ['bool', 1, 'true or false, got 1 (number)'],
  ['int32', 2 ** 31, 'an integer in [-2147483648, 2147483647], got 2147483648 (number)'],
  ['int32', -(2 ** 31) - 1, 'an integer in [-2147483648, 2147483647], got -2147483649 (number)'],
  ['int32', 1.5, 'an integer in [-2147483648, 2147483647], got 1.5 (number)'],
  ['int32', Number.NaN, 'an integer in [-2147483648, 2147483647], got NaN (number)'],
  ['int32', 1n, 'an integer in [-2147483648, 2147483647], got 1n (bigint)'],
  ['int64', 2n ** 63n, 'an integer in [-2^63, 2^63), got 9223372036854775808n (bigint)'],
  ['int64', -(2n ** 63n) - 1n, 'an integer in [-2^63, 2^63), got -9223372036854775809n (bigint)'],
  ['int64', 2 ** 63, 'an integer in [-2^63, 2^63), got 9223372036854776000 (number)'],
  ['int64', 0.5, 'an integer in [-2^63, 2^63), got 0.5 (number)'],
  ['int64', Infinity, 'an integer in [-2^63, 2^63), got Infinity (number)'],
  ['int8', 128, 'an integer in [-128, 127], got 128 (number)'],
  ['int16', -32_769, 'an integer in [-32768, 32767], got -32769 (number)'],
  ['uint8', 256, 'an integer in [0, 255], got 256 (number)'],
  ['uint8', -1, 'an integer in [0, 255], got -1 (number)'],
  ['uint16', 0.5, 'an integer in [0, 65535], got 0.5 (number)'],
  ['uint32', 2 ** 32, 'an integer in [0, 4294967295], got 4294967296 (number)'],
  ['float32', 3.5e38, 'a number in the range of 32-bit floats, got 3.5e+38 (number)'],
  ['number', '1', 'a number or bigint, got "1" (string)'],
  [
    'time',
    86_400_000_000,
    'microseconds since midnight, an integer in [0, 86400000000), got 86400000000 (number)',
  ],
  ['time', 0.5, 'microseconds since midnight, an integer in [0, 86400000000), got 0.5 (number)'],
  ['float64', '1', 'a number, got "1" (string)'],
  ['float64', 1n, 'a number, got 1n (bigint)'],
  ['date', new Date(1), 'a Date at midnight UTC, got 1970-01-01T00:00:00.001Z (Date)'],
  ['date', '2024-01-01', 'a Date at midnight UTC, got "2024-01-01" (string)'],
  [
    'datetime',
    new Date(Number.NaN),
    'a valid Date, or microseconds since 1970 as a bigint in [-2^63, 2^63), got an invalid Date',
  ],
  [
    'datetime',
    1,
    'a valid Date, or microseconds since 1970 as a bigint in [-2^63, 2^63), got 1 (number)',
  ],
  ['string', 1, 'a string, got 1 (number)'],
  [
    'string',
    'a\ud800',
    String.raw`a well-formed string (it holds half of a surrogate pair), got "a\ud800" (string)`,
  ],
  ['bytes', [1], 'a Uint8Array, got an array'],
  ['json', Number.NaN, 'a value that JSON can express, got NaN (number)'],
  ['json', new Map(), 'a value that JSON can express, got a value of class Map'],
  ['json', undefined, 'a value that JSON can express, got undefined'],
];

test.each(refused)(
  'a %s column refuses %s, naming column, value and row',
  (type, value, expected) => {
    const buffer = bufferOf(type);

    expect(() => buffer.append(value)).toThrow(
      `Expected column "price" of dataset "sales" to get ${expected} in row 100 of slice 3`,
    );
    expect(buffer.length).toBe(0);
  },
);

test.each(['bool', 'int32', 'int64', 'float64', 'date', 'datetime', 'string', 'bytes'] as const)(
  'a %s column takes null only if it is nullable',
  (type) => {
    const nullable = bufferOf(type, true);

    nullable.append(null);

    expect(nullable.batch().nulls).toBe(1);
    expect(() => bufferOf(type).append(null)).toThrow(/got null in row 100/);
    expect(() => nullable.append(undefined)).toThrow(/got undefined in row 101/);
  },
);

test('a json column that is not nullable keeps null as a JSON value', () => {
  const buffer = bufferOf('json');

  buffer.append(null);

  expect(buffer.batch().nulls).toBe(0);
  expect(String(buffer.batch().buffers[2])).toBe('null');
});

test('rows that are taken back leave neither values nor nulls', () => {
  for (const type of ['int32', 'int64', 'string'] as const) {
    const buffer = bufferOf(type, true);
    const value = type === 'string' ? 'seven' : 7;
    buffer.append(value);
    const before = buffer.batch();

    buffer.append(null);
    buffer.append(value);
    buffer.truncate(1);

    expect(buffer.batch()).toEqual(before);
  }
});

test('bounds leave out nulls and NaN, unless there is nothing but NaN', () => {
  const floats = bufferOf('float64', true);
  for (const value of [null, Number.NaN, 2, -0.5, null]) floats.append(value);
  const nans = bufferOf('float64');
  nans.append(Number.NaN);
  const bigints = bufferOf('int64', true);
  for (const value of [null, 5n, -(2n ** 40n), 2n ** 62n]) bigints.append(value);
  const nulls = bufferOf('int64', true);
  nulls.append(null);

  expect(floats.batch().bounds).toEqual({ min: -0.5, max: 2 });
  expect(nans.batch().bounds).toEqual({ min: 'NaN', max: 'NaN' });
  expect(bigints.batch().bounds).toEqual({ min: '-1099511627776', max: '4611686018427387904' });
  expect(nulls.batch().bounds).toEqual({ min: null, max: null });
});

test('datetimes know whether they are in whole milliseconds', () => {
  const whole = bufferOf('datetime');
  for (const value of [new Date(-1), new Date(8.64e15), -5_000n, (2n ** 62n / 1000n) * 1000n]) {
    whole.append(value);
  }
  const broken = bufferOf('datetime');
  broken.append(-5_001n);

  expect(whole.batch().wholeMs).toBe(true);
  expect(broken.batch().wholeMs).toBe(false);
});

test.each([0n, 1n, -1n, 2n ** 32n, -(2n ** 32n), 2n ** 31n, 2n ** 62n, -(2n ** 62n)])(
  'of the datetimes from %s µs on every thousandth is in whole milliseconds',
  (first) => {
    for (let micros = first - 1000n; micros <= first + 1000n; micros++) {
      const one = bufferOf('datetime');
      one.append(micros);
      expect([micros, one.batch().wholeMs]).toEqual([micros, micros % 1000n === 0n]);
    }
  },
);

test('typed arrays are taken as they are', () => {
  const floats = bufferOf('float64');
  const bools = bufferOf('bool');
  const bigints = bufferOf('int64');

  floats.appendAll(part(Float64Array.of(1, -0, Number.NaN, 4), 1, 3));
  bools.appendAll(part(Uint8Array.of(1, 0, 1), 0, 3));
  bigints.appendAll(part(BigInt64Array.of(-1n), 0, 1));

  expect(new Float64Array((floats.batch().buffers[1] ?? new Uint8Array()).slice().buffer)).toEqual(
    Float64Array.of(-0, Number.NaN),
  );
  expect(bools.batch().buffers[1]).toEqual(Uint8Array.of(0b101));
  expect(bigints.batch().bounds).toEqual({ min: '-1', max: '-1' });
  expect(() => bools.appendAll(part(Uint8Array.of(2), 0, 1))).toThrow(/true or false, got 2/);
});

test('bytes that are not UTF-8 are found with their row, also when two halves make a character', () => {
  const euro = Buffer.from('€');
  const whole = bufferOf('string');
  whole.append('ascii');
  whole.appendBytes(euro, 0, 3);
  const split = bufferOf('string');
  split.append('ascii');
  split.appendBytes(euro, 0, 2);
  split.appendBytes(euro, 2, 3);

  expect(String(whole.batch().buffers[2])).toBe('ascii€');
  expect(() => split.batch()).toThrow(/to get UTF-8, got .* in row 101 of slice 3/);
});

test('a json column takes JSON text as bytes and refuses other text', () => {
  const buffer = bufferOf('json');
  const text = Buffer.from('[1] [');

  buffer.appendBytes(text, 0, 3);

  expect(() => buffer.appendBytes(text, 4, 5)).toThrow(
    /to get JSON text, got "\[" \(string\) in row 101/,
  );
  expect(() => bufferOf('int32').appendBytes(text, 0, 1)).toThrow(/got a value of class Buffer/);
  expect(buffer.length).toBe(1);
});

test('text of any length and script comes out as it went in', () => {
  const texts = [
    '',
    'a',
    'é',
    'x'.repeat(1000),
    'ß'.repeat(5000),
    '🐦'.repeat(20),
    'a'.repeat(100_000),
  ];
  const buffer = bufferOf('string');

  for (const text of texts) buffer.append(text);

  expect(String(buffer.batch().buffers[2])).toBe(texts.join(''));
});
