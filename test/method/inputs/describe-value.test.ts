import { expect, test } from 'vitest';

import { DatasetChain } from '../../../src/method/dataset/dataset-chain.ts';
import { describeValue } from '../../../src/method/inputs/describe-value.ts';
import { Build } from '../../../src/urd/build.ts';

const build = new Build('table', new Promise<never>(() => {}), () => {
  throw new Error('never settled');
});

test.each<[unknown, string]>([
  [undefined, 'nothing'],
  ['3', '"3" (string)'],
  [-0, '-0 (number)'],
  [3n, '3n (bigint)'],
  [[1, 2], 'a list of 2'],
  [{}, 'an empty object'],
  [{ a: 1 }, 'an object with a'],
  [new Map(), 'a Map'],
  [new Date(Number.NaN), 'an invalid (Date)'],
  [new DatasetChain([], []), 'a chain of 0 datasets'],
  [build, 'a promise'],
])('%o is described in a few words', (value, text) => {
  expect(describeValue(value)).toBe(text);
});
