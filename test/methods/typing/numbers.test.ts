import { expect, it } from 'vitest';

import { NO_VALUE, readAs } from './read-texts.ts';

it.each([
  ['int32_10', ['27', '027', ' \r27 ', '+27', '27\n']],
  ['int64_10', ['27', '00000000000000000000000000027', '\t27']],
  ['int32_8', ['33', '033', '\t000033']],
  ['int64:8', ['33', '033']],
  ['int32_16', ['1b', '0x1b', '\r001B', '0X1b']],
  ['int16:16', ['1b', '0x1B']],
  ['int64_0', ['27', '\r033', '0x1b']],
  ['int8', ['27']],
  ['uint8', ['27', '+027']],
  ['int32_10i', ['27garbage', ' 027 28', '27.9']],
  ['int64_16i', ['1bq', '0x1b ', '001b-']],
  ['int32_8i', ['339']],
  ['int64_0i', ['033garbage', '0x1bgarbage', '27g']],
  ['float32i', ['27 kg', '27e', '2.7e1e5']],
  ['float64i', ['27garbage', '27..', '270e-1x']],
])('%s reads 27 however it is written', (type, texts) => {
  expect(readAs(type, texts)).toEqual(texts.map(() => 27));
});

it.each([
  ['int8', ['128', '-129', '1O', '', ' ', '-', '1 2', '1.0']],
  ['int16', ['32768', '-32769']],
  ['int32_10', ['2147483648', '-2147483649', '99999999999999999999', '0x1b']],
  ['int32_16', ['80000000', '-80000001', 'g', '0x', '']],
  ['int32_8', ['8', '40000000000']],
  ['int64_10', ['36893488147419103231', '9223372036854775808', '-9223372036854775809']],
  ['int64_0', ['09', 'x']],
  ['uint8', ['256', '-1']],
  ['uint16', ['65536', '-1']],
  ['uint32', ['4294967296', '-1']],
  ['int32_10i', ['garbage', '', '- 1']],
  [
    'float64',
    ['', '.', '-', 'e5', '1,5', '1e', '0x10', '1_000', 'nano', 'in', '1e999', '--1', '1 2'],
  ],
  ['float32', ['.', '1e39', '-3.5e38']],
  ['number', ['forty two', '', '42L', '1e999', '.', '0x5', '--1']],
  ['number:int', ['7.5', '7e2', 'nan', 'inf', '.']],
  ['bool', ['yes', '', '2', 'truest']],
  ['floatbool', ['', 'no', '1 yes']],
  ['floatbooli', ['yes', '']],
])('%s refuses what it cannot hold', (type, texts) => {
  expect(readAs(type, texts)).toEqual(texts.map(() => NO_VALUE));
});

it('the limits of integers are read exactly', () => {
  expect(
    readAs('int64', ['9223372036854775807', '-9223372036854775808', '9007199254740993']),
  ).toEqual([9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 9_007_199_254_740_993n]);
  expect(readAs('int32', ['2147483647', '-2147483648', '-0'])).toEqual([
    2_147_483_647, -2_147_483_648, 0,
  ]);
  expect(readAs('uint32', ['4294967295', '-0'])).toEqual([4_294_967_295, 0]);
  expect(readAs('int64_16', ['-8000000000000000', '7fffffffffffffff'])).toEqual([
    -9_223_372_036_854_775_808n,
    9_223_372_036_854_775_807n,
  ]);
});

const HARD =
  '0 | 1 | -1.5 | .5 | 5. | 0.1 | 0.3 | 4.35 | 123456789012345 | 1234567890123456 | 9007199254740993 | 9007199254740992.5 | 00000000000000000001.5 | 1e5 | -1E-5 | 1e-400 | 0.1000000000000000055511151231257827 | 5e-324 | 2.2250738585072011e-308 | 8.5e22 | 1e23 | 1.7976931348623157e308 | 0.000000000000000000012345 | 12345678901.2345678 | 900719925474099.3';

it.each([...HARD.split(' | '), ' 1.5 '])('float64 %s is read to the last bit', (text) => {
  expect(readAs('float64', [text])).toEqual([Number(text)]);
});

it('float64 agrees with the language for 30,000 decimal numbers of up to 19 digits', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  const texts = Array.from({ length: 30_000 }, () => {
    const digits = Array.from({ length: 1 + random(19) }, () => random(10)).join('');
    const point = random(digits.length + 1);
    return `${random(2) === 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  });
  expect(readAs('float64', texts)).toEqual(texts.map(Number));
});

it('inf and nan are read in any case', () => {
  expect(readAs('float64', ['+Inf', '-inF', 'nan', 'NaN', 'INF', 'infinity', '-0'])).toEqual([
    Infinity,
    -Infinity,
    Number.NaN,
    Number.NaN,
    Infinity,
    Infinity,
    -0,
  ]);
  expect(readAs('number', ['+Inf', '-inF', 'NAN'])).toEqual(['Infinity', '-Infinity', 'NaN']);
});

it('float32 is rounded once, from the decimal number and not from the nearest float64', () => {
  expect(
    readAs('float32', [
      '1.2',
      '1.000000059604644775390625',
      '1.00000005960464477540',
      '1.00000005960464477538',
    ]),
  ).toEqual([Math.fround(1.2), 1, 1 + 2 ** -23, 1]);
  expect(
    readAs('float32', [
      '16777217',
      '16777217.0000000000000000001',
      '-16777217.0000000000000000001',
    ]),
  ).toEqual([16_777_216, 16_777_218, -16_777_218]);
  // Between the two smallest singles.
  expect(
    readAs('float32', [
      '7.006492321624085e-46',
      '7.0064923216240854e-46',
      '7.00649232162408535e-46',
    ]),
  ).toEqual([0, 2 ** -149, 0]);
});

it('a comma before the decimals', () => {
  const settings = { hasComma: true };
  expect(readAs('float64', ['1,5', '1.0', '9', ',5', '1,5,5'], settings)).toEqual([
    1.5,
    NO_VALUE,
    9,
    0.5,
    NO_VALUE,
  ]);
  expect(readAs('float32', ['1,5'], settings)).toEqual([1.5]);
  expect(readAs('number', ['42', '42,0', '42,0000000', '43,', ',0', '42.0'], settings)).toEqual([
    '42',
    '42',
    '42',
    '43',
    '0',
    NO_VALUE,
  ]);
});

it('number keeps integers of any size, and floats', () => {
  expect(
    readAs('number', [
      '42',
      '42.0',
      '42.0000000',
      '43.',
      '.0',
      '-0',
      '1.50',
      '5e-1',
      ' 7 ',
      '+07',
      '1e22',
      `-${'9'.repeat(200)}`,
    ]),
  ).toEqual([
    '42',
    '42',
    '42',
    '43',
    '0',
    '-0',
    '1.5',
    '0.5',
    '7',
    '7',
    '1e+22',
    `-${'9'.repeat(200)}`,
  ]);
  expect(readAs('number:int', ['42', '7.00', '43.', '-0.0'])).toEqual(['42', '7', '43', '0']);
});

it('words for false, and numbers that are', () => {
  const no = ['', '0', 'FALSE', 'f', 'FaLSe', 'no', 'off', 'NIL', 'NULL'];
  const yes = ['y', 'jao', 'well, sure', ' ', 'true', '1', '00'];
  expect(readAs('strbool', [...no, ...yes])).toEqual([...no.map(() => 0), ...yes.map(() => 1)]);
  expect(
    readAs('floatbool', ['0', '-0', '1', '1004', '0.00001', 'inf', '-1', ' 0 ', '0.00', 'nan']),
  ).toEqual([0, 0, 1, 1, 1, 1, 1, 0, 0, 1]);
  expect(readAs('floatbooli', ['1 yes', '0 no', '0.00 also no', 'inf yes', ' 0.01y'])).toEqual([
    1, 0, 0, 1, 1,
  ]);
  expect(readAs('bool', ['1', '0', 'true', 'FALSE', ' True '])).toEqual([1, 0, 1, 0, 1]);
});
