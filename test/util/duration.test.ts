import { expect, test } from 'vitest';

import { durationMs } from '../../src/util/duration.ts';

test.each([
  [1500, 1500],
  [0.2, 1],
  ['250ms', 250],
  ['90s', 90_000],
  ['1.5m', 90_000],
  [' 2 h ', 7_200_000],
  ['1d', 86_400_000],
])('%j is %d ms', (value, ms) => {
  expect(durationMs(value)).toBe(ms);
});

test.each([
  0,
  -1,
  Number.NaN,
  Infinity,
  '5',
  '',
  'm',
  '-5s',
  '0s',
  '5 weeks',
  '1e3s',
  null,
  undefined,
])('%j is no length of time', (value) => {
  expect(durationMs(value)).toBe(undefined);
});
