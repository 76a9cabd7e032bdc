import { describe, expect, test } from 'vitest';

import { merge } from '../../../src/method/stage/merge.ts';

describe('merge', () => {
  test('numbers and bigints add', () => {
    expect(merge([1, 2, 3.5])).toBe(6.5);
    expect(merge([1n, 2n ** 70n])).toBe(2n ** 70n + 1n);
  });

  test('sets unite and arrays concatenate in slice order', () => {
    expect(merge([new Set([1, 2]), new Set([2, 3])])).toEqual(new Set([1, 2, 3]));
    expect(merge([[1, 2], [], [3]])).toEqual([1, 2, 3]);
  });

  test('Maps and records merge by key, down to the leaves', () => {
    const one = new Map([['a', { n: 1, seen: new Set(['x']) }]]);
    const two = new Map([
      ['a', { n: 2, seen: new Set(['y']) }],
      ['b', { n: 5, seen: new Set<string>() }],
    ]);
    expect(merge([one, two])).toEqual(
      new Map([
        ['a', { n: 3, seen: new Set(['x', 'y']) }],
        ['b', { n: 5, seen: new Set() }],
      ]),
    );
  });

  test('keys stay in the order in which they are first met', () => {
    expect([...merge([new Map([['z', 1]]), new Map([['a', 1]])]).keys()]).toEqual(['z', 'a']);
  });

  test('what is given is not changed', () => {
    const one = { list: [1], deep: new Map([['k', new Set([1])]]) };
    merge([one, { list: [2], deep: new Map([['k', new Set([2])]]) }]);
    expect(one).toEqual({ list: [1], deep: new Map([['k', new Set([1])]]) });
  });

  test('slices that returned nothing do not take part', () => {
    expect(merge([undefined, 2, undefined, 3])).toBe(5);
    expect(merge([undefined, undefined])).toBe(undefined);
    expect(merge([])).toBe(undefined);
  });

  test('a member that is undefined in one slice is taken from the others', () => {
    expect(merge<{ a?: number | undefined }>([{ a: undefined }, { a: 2 }])).toEqual({ a: 2 });
  });

  test('empty values merge with full ones of their kind', () => {
    expect(merge([new Map<string, number>(), new Map([['a', 1]]), new Map()])).toEqual(
      new Map([['a', 1]]),
    );
  });

  test('a record may have a member named __proto__', () => {
    const merged = merge([JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}')]);
    expect(Object.entries(merged as object)).toEqual([['__proto__', 3]]);
  });

  test.each([
    [['a', 'b'], 'Cannot merge the results of analysis: a string cannot be merged'],
    [[{ a: { b: 'x' } }], 'Cannot merge the results of analysis at a.b: a string cannot be merged'],
    [
      [new Map([['k', [1]]]), new Map([['k', 1]])],
      'Cannot merge the results of analysis at {"k"}: slices returned different kinds: array, number',
    ],
    [
      [1, 2n],
      'Cannot merge the results of analysis: slices returned different kinds: number, bigint',
    ],
    [[new Date(0)], 'Cannot merge the results of analysis: a Date cannot be merged'],
    [[null, null], 'Cannot merge the results of analysis: null cannot be merged'],
    [
      [[1], new Set([1])],
      'Cannot merge the results of analysis: slices returned different kinds: array, set',
    ],
  ])('kinds that cannot be merged are an error naming the path: %o', (values, message) => {
    expect(() => merge<unknown>(values)).toThrow(message);
  });

  test('long arrays concatenate without copying them once per slice', () => {
    const slices = Array.from({ length: 200 }, () => Array.from({ length: 1000 }, (_, i) => i));
    expect(merge(slices)).toHaveLength(200_000);
  });
});
