import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { lastLines, outputFile } from '../../src/exec/stage-output.ts';

const directory = mkdtempSync(join(tmpdir(), 'acc-output-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fileWith(text: string): string {
  const file = join(directory, 'output');
  writeFileSync(file, text);
  return file;
}

test('each stage and slice has a file of its own', () => {
  expect(outputFile('/w/dev-1', { name: 'prepare' })).toBe('/w/dev-1/OUTPUT/prepare');
  expect(outputFile('/w/dev-1', { name: 'analysis', sliceno: 3 })).toBe('/w/dev-1/OUTPUT/3');
});

test('the last lines are those at the end, oldest first, without the end of the last line', () => {
  expect(lastLines(fileWith('a\nb\r\nc\n'), 2)).toEqual(['b', 'c']);
  expect(lastLines(fileWith('a\nb'), 5)).toEqual(['a', 'b']);
  expect(lastLines(fileWith('a\n\n'), 5)).toEqual(['a', '']);
});

test('a stage that printed nothing has no last lines', () => {
  expect(lastLines(join(directory, 'missing'), 5)).toEqual([]);
  expect(lastLines(fileWith(''), 5)).toEqual([]);
});

test('only the end of a large file is read', () => {
  const file = fileWith(`${'x'.repeat(1_000_000)}\nlast\n`);
  const [first = '', last] = lastLines(file, 2);
  expect(first.length).toBeLessThan(20_000);
  expect(last).toBe('last');
});
