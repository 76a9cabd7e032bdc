// The table of conformance cases is complete and true: every case has a line, and every test it names exists.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIRST_CASE = 24;
const LAST_CASE = 83;

/** The lines of all sections, each beginning with the numbers of its cases: `- 24: …` or `- 24, 25: …`. */
const lines = readdirSync(`${ROOT}test/conformance`).flatMap((name) =>
  readFileSync(`${ROOT}test/conformance/${name}`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('- ')),
);

test('every case has a line that names tests or says why there is none', () => {
  const covered = new Set(lines.flatMap((line) => casesOf(line)));
  const cases = Array.from({ length: LAST_CASE - FIRST_CASE + 1 }, (_, i) => FIRST_CASE + i);
  expect(cases.filter((number) => !covered.has(number))).toEqual([]);
});

test('every file that is named exists', () => {
  const named = lines.flatMap((line) => line.match(/test\/[\w./-]+\.test\.ts/gu) ?? []);
  expect(named.filter((file) => !existsSync(ROOT + file))).toEqual([]);
});

test('every title that is named stands in a test file of its line', () => {
  const missing = lines.flatMap((line) => {
    const files = line.match(/test\/[\w./-]+\.test\.ts/gu) ?? [];
    const texts = files.map((file) => readFileSync(ROOT + file, 'utf8')).join('\n');
    const titles = [...line.matchAll(/"([^"]+)"/gu)].map(([, title]) => title ?? '');
    return files.length === 0 ? [] : titles.filter((title) => !texts.includes(title));
  });
  expect(missing).toEqual([]);
});

function casesOf(line: string): number[] {
  const [, numbers = ''] = /^- ([\d, –-]+)/u.exec(line) ?? [];
  return numbers.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split(/[–-]/u).map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
