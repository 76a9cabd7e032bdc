import { expect, test } from 'vitest';

import {
  dataFileStem,
  haveSameFiles,
  manifestFileName,
  sliceFileName,
} from '../../../src/data/manifest/dataset-files.ts';

test.each([
  ['default', 'DS/default.json'],
  ['by_Month-2.x', 'DS/by_Month-2.x.json'],
  ['', 'DS/%.json'],
  ['.', 'DS/%2E.json'],
  ['..', 'DS/%2E..json'],
  ['a/b', 'DS/a%2Fb.json'],
  ['\0', 'DS/%00.json'],
  ['%', 'DS/%25.json'],
  ['ä 🐦', 'DS/%C3%A4%20%F0%9F%90%A6.json'],
])('the dataset %j has the manifest %s', (name, file) => {
  expect(manifestFileName(name)).toBe(file);
});

test('slice files carry their number', () => {
  expect(sliceFileName(dataFileStem('a/b'), 12)).toBe('DS/a%2Fb.12.arrow');
});

test('long names stay within what file systems take, and stay different', () => {
  const names = ['🐦'.repeat(300), `${'🐦'.repeat(300)}!`, 'x'.repeat(5000)];

  const files = names.map(manifestFileName);

  expect(new Set(files).size).toBe(3);
  for (const file of files) expect(file.length).toBeLessThan(220);
});

test('names that differ only in case would share a file on some systems', () => {
  expect(haveSameFiles('Sales', 'sales')).toBe(true);
  expect(haveSameFiles('Ä', 'ä')).toBe(false);
});
