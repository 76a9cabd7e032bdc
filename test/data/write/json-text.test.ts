import { expect, test } from 'vitest';

import { encodeJson } from '../../../src/data/write/json-text.ts';

test.each([
  [null, 'null'],
  ['a\ud800', String.raw`"a\ud800"`],
  [{ a: 1, b: undefined, c: [true] }, '{"a":1,"c":[true]}'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
])('%j is written as %s', (value, text) => {
  expect(encodeJson(value)).toBe(text);
});

test.each([
  ['an infinite number', [Infinity]],
  ['an undefined item', [undefined]],
  ['a bigint', { a: 1n }],
  ['a function', { a: () => 1 }],
  ['a Set', new Set([1])],
  ['a typed array', Uint8Array.of(1)],
  ['a nested Map', { a: new Map() }],
])('%s is refused, because it would come back different', (_, value) => {
  expect(encodeJson(value)).toBeUndefined();
});

test('a value that holds itself is refused', () => {
  const value: Record<string, unknown> = {};
  value['self'] = value;

  expect(encodeJson(value)).toBeUndefined();
});
