import { expect, test } from 'vitest';

import {
  fileStem,
  manifestFileName,
  sliceFileName,
} from '../../../src/data/manifest/dataset-files.ts';
import { DatasetNames } from '../../../src/data/manifest/dataset-names.ts';

const fileOf = (name: string): string => manifestFileName(fileStem(name));

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
  expect(fileOf(name)).toBe(file);
});

test('slice files carry their number', () => {
  expect(sliceFileName(fileStem('a/b'), 12)).toBe('DS/a%2Fb.12.arrow');
});

test('long names stay within what file systems take, and stay different', () => {
  const names = ['🐦'.repeat(300), `${'🐦'.repeat(300)}!`, 'x'.repeat(5000)];

  const files = names.map(fileOf);

  expect(new Set(files).size).toBe(3);
  for (const file of files) expect(file.length).toBeLessThan(220);
});

test('names that differ only in case have files that a file system without case tells apart', () => {
  const names = new DatasetNames();
  const all = ['Sales', 'sales', 'SALES', 'X'.repeat(300), 'x'.repeat(300), 'Ä', 'ä'];

  const stems = all.map((name) => {
    expect(names.has(name)).toBe(false);
    const stem = names.freeStem(name);
    names.add({ name, stem });
    expect(names.has(name)).toBe(true);
    return stem;
  });

  expect(stems[0]).toBe('DS/Sales');
  expect(new Set(stems.map((stem) => stem.toLowerCase())).size).toBe(all.length);
  names.remove('DS/Sales');
  expect(names.has('Sales')).toBe(false);
  expect(names.has('sales')).toBe(true);
});
