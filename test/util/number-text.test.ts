import { expect, test } from 'vitest';

import { decodeNumber, encodeNumber } from '../../src/util/number-text.ts';

const decoded = (text: string): number | bigint => {
  const bytes = Buffer.from(text);
  return decodeNumber(bytes, 0, bytes.length);
};

test.each([
  0,
  -0,
  1,
  -999_999_999_999_999,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  -(2 ** 63),
  1e21,
  0.1,
  5e-324,
  Number.MAX_VALUE,
  Number.NaN,
  Infinity,
  -Infinity,
  2n ** 53n,
  -(10n ** 300n),
])('%s comes back as it was', (value) => {
  expect(decoded(encodeNumber(value))).toBe(value);
});

test('a bigint that is a safe integer comes back as a number', () => {
  expect(decoded(encodeNumber(-5n))).toBe(-5);
});
