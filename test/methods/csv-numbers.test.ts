import { expect, it } from 'vitest';

import { NoValue, parseFloat64, parseInt32, parseInt64 } from '../../methods/lib/csv-numbers.ts';

/** Reads the text from the middle of other bytes, which must not matter. */
function read<T>(parse: (bytes: Buffer, start: number, end: number) => T, text: string): T {
  const bytes = Buffer.from(`9${text}9`);
  return parse(bytes, 1, bytes.length - 1);
}

it.each([
  '0',
  '-0',
  '+0',
  '1',
  '-1.5',
  '.5',
  '5.',
  '0.1',
  '0.3',
  '4.35',
  '123456789012345',
  '1234567890123456',
  '9007199254740993',
  '00000000000000000001.5',
  '0.1000000000000000055511151231257827',
  '1e5',
  '-1E-5',
  '1e-400',
  '5e-324',
  '2.2250738585072011e-308',
  '1.7976931348623157e308',
])('float64 %s is read to the last bit', (text) => {
  expect(read(parseFloat64, text)).toBe(Number(text));
});

it('float64 of up to 15 digits agrees with the language for every place of the point', () => {
  const misread: string[] = [];
  let seed = 1;
  for (let i = 0; i < 20_000; i++) {
    seed = (seed * 48_271) % 2_147_483_647;
    const digits = String(seed * 104_729).slice(0, 1 + (seed % 15));
    const dot = seed % (digits.length + 1);
    const text = `${digits.slice(0, dot)}.${digits.slice(dot)}`;
    if (read(parseFloat64, text) !== Number(text)) misread.push(text);
  }
  expect(misread).toEqual([]);
});

it.each([
  ['nan', Number.NaN],
  ['NaN', Number.NaN],
  ['inf', Infinity],
  ['-Infinity', -Infinity],
])('float64 %s is read', (text, value) => {
  expect(read(parseFloat64, text)).toBe(value);
});

it.each([
  '',
  '-',
  '.',
  '-.',
  '1,5',
  ' 1',
  '1 ',
  '0x10',
  '1e',
  '1.2.3',
  '1e999',
  '1_000',
  '--1',
  'n/a',
])('float64 refuses %j', (text) => {
  expect(() => read(parseFloat64, text)).toThrow(NoValue);
});

it.each([
  ['0', 0],
  ['-0', 0],
  ['+7', 7],
  ['007', 7],
  ['00000000000000000007', 7],
  ['2147483647', 2_147_483_647],
  ['-2147483648', -2_147_483_648],
])('int32 %s is read', (text, value) => {
  expect(read(parseInt32, text)).toBe(value);
});

it.each(['', '+', '2147483648', '-2147483649', '99999999999999999999', '1.0', '1e3', ' 1', 'x'])(
  'int32 refuses %j',
  (text) => {
    expect(() => read(parseInt32, text)).toThrow(NoValue);
  },
);

it.each([
  ['999999999999999', 999_999_999_999_999],
  ['-9223372036854775808', -9_223_372_036_854_775_808n],
  ['+9223372036854775807', 9_223_372_036_854_775_807n],
])('int64 %s is read', (text, value) => {
  expect(read(parseInt64, text)).toBe(value);
});

it.each(['', '-', '9223372036854775808', '-9223372036854775809', '1.5', '0x1'])(
  'int64 refuses %j',
  (text) => {
    expect(() => read(parseInt64, text)).toThrow(NoValue);
  },
);
