import { expect, test } from 'vitest';

import { optionChanges, optionText } from '../../../src/key/difference/option-changes.ts';
import type { OptionData } from '../../../src/model/option-value.ts';

test.each<[string, OptionData, OptionData, string, string | undefined, string | undefined]>([
  ['a number', 0.1, 0.2, 'o', '0.1', '0.2'],
  ['a text', 'a', 'b', 'o', '"a"', '"b"'],
  ['a value inside', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, 'o.a.c', '2', '3'],
  ['a value that is new', { a: 1 }, { a: 1, b: 2 }, 'o.b', undefined, '2'],
  ['an item', [1, { a: 1 }], [1, { a: null }], 'o.1.a', '1', 'null'],
  ['the length of a list', [1], [1, 2], 'o', '[1]', '[1, 2]'],
  ['a kind', [], { a: [], b: {} }, 'o', '[]', '{ a: [], b: {} }'],
  [
    'a date',
    { $date: '2024-01-01T00:00:00.000Z' },
    { $date: '2024-02-01T00:00:00.000Z' },
    'o',
    '2024-01-01T00:00:00.000Z',
    '2024-02-01T00:00:00.000Z',
  ],
  ['a bigint', { $bigint: '1' }, 1, 'o', '1n', '1'],
  ['an odd number', { $number: 'NaN' }, { $undefined: true }, 'o', 'NaN', 'undefined'],
  ['a set', { $set: [1] }, { $set: [1, 2] }, 'o', 'Set [1]', 'Set [1, 2]'],
  ['a map', { $map: [['a', 1]] }, { $map: [['a', 2]] }, 'o', 'Map [["a", 1]]', 'Map [["a", 2]]'],
  ['bytes', { $bytes: 'AAAA' }, { $bytes: 'AAAAAAAA' }, 'o', '3 bytes', '6 bytes'],
  ['an escaped object', { $object: { $a: 1 } }, { $object: { $a: 2 } }, 'o.$a', '1', '2'],
  ['another file', { $inputFile: { path: 'a' } }, { $inputFile: { path: 'b' } }, 'o', 'a', 'b'],
])('%s is shown as a person would write it', (_what, old, present, path, before, after) => {
  expect(optionChanges({ o: old }, { o: present })).toEqual([
    { path, before, after, isFile: false },
  ]);
});

function jobFile(digest: string): OptionData {
  return { $jobFile: { name: 'f.csv', sliced: false, digest } };
}

test('a file with other content is named and not shown', () => {
  expect(optionChanges({ o: jobFile('a') }, { o: jobFile('b') })).toEqual([
    { path: 'f.csv', before: undefined, after: undefined, isFile: true },
  ]);
});

test('a file that several options were given is told once', () => {
  const [before, after] = ['1', '2'].map((digest) => ({
    a: jobFile(digest),
    b: [jobFile(digest)],
  }));
  expect(optionChanges(before ?? {}, after ?? {})).toHaveLength(1);
});

test('a file of a job is shown with its job where that is known', () => {
  expect(optionText({ $jobFile: { job: 'dev-3', name: 'f.csv', sliced: false } })).toBe(
    'dev-3/f.csv',
  );
  expect(optionText([jobFile('1'), 'x', { a: null }])).toBe('[f.csv, "x", { a: null }]');
});
