import { expect, test } from 'vitest';

import { didYouMean } from '../../src/util/nearest.ts';

test('the name that was probably meant is asked for in quotes', () => {
  expect(didYouMean('prise', ['city', 'price'])).toBe('Did you mean "price"?');
  expect(didYouMean('a"c', ['a"b'])).toBe('Did you mean "a\\"b"?');
});

test('where none is near, what else there is to say is said', () => {
  expect(didYouMean('prise', ['city'], 'It has city.')).toBe('It has city.');
  expect(didYouMean('prise', [])).toBeUndefined();
});
