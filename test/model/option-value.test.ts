import { expect, test } from 'vitest';

import {
  decodeOption,
  encodeFileByReference,
  encodeOption,
  filesIn,
} from '../../src/model/option-value.ts';
import type { OptionData } from '../../src/model/option-value.ts';

const FILE = { kind: 'input_file', path: 'a.csv' } as const;

function encode(value: unknown): OptionData {
  return encodeOption(
    value,
    'o',
    (object) => (object === FILE ? FILE : undefined),
    encodeFileByReference,
  );
}

test('files are found at any depth, also inside an object that had to be escaped', () => {
  expect(filesIn(encode({ a: [{ b: FILE }] }))).toEqual([FILE]);
  expect(filesIn(encode({ $a: { b: [FILE] } }))).toEqual([FILE]);
});

test.each([
  { $inputFile: { path: 'a.csv' } },
  { $inputFile: 'text' },
  { $jobFile: { job: 'dev-1', name: 'a', sliced: false } },
  { $object: { $inputFile: { path: 'a.csv' } } },
])('an object that looks like an encoded file is none: %o', (value) => {
  const data = encode({ deep: [value] });
  expect(filesIn(data)).toEqual([]);
  expect(decodeOption(data, () => 'a file')).toEqual({ deep: [value] });
});
