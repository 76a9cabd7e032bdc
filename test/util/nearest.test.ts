import { expect, test } from 'vitest';

import { didYouMean } from '../../src/util/nearest.ts';

test('the name that was probably meant is asked for in quotes', () => {
  expect(didYouMean('prise', ['city', 'price'])).toBe('Did you mean "price"?');
  expect(didYouMean('a"c', ['a"b'])).toBe('Did you mean "a\\"b"?');
});

test.each([
  ['prise', ['price', 'prices'], 'price'],
  ['prcie', ['price'], 'price'],
  ['Price', ['price'], 'price'],
  ['id', ['ids'], 'ids'],
  ['to', ['two', 'no'], 'two'],
  ['cta', ['cat'], 'cat'],
  ['finishd', ['unfinished', 'finished'], 'finished'],
])('%s is taken for one of %j', (name, names, meant) => {
  expect(didYouMean(name, names)).toBe(`Did you mean "${meant}"?`);
});

test.each([
  ['x', ['y', 'xy', 'a']],
  ['no', ['to', 'on', 'n']],
  ['cat', ['dog', 'act2', 'cold']],
  ['city', ['size', 'pity me']],
  ['price', ['slice', 'pieces']],
  ['name', ['name']],
])('%s is not taken for any of %j', (name, names) => {
  expect(didYouMean(name, names)).toBeUndefined();
});

test('where none is near, what else there is to say is said', () => {
  expect(didYouMean('prise', ['city'], 'It has city.')).toBe('It has city.');
  expect(didYouMean('prise', [])).toBeUndefined();
});
