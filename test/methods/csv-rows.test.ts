import { expect, it } from 'vitest';

import { parseSimply, readCsv } from '../rig/csv.ts';

const FILES = 2000;
const PIECES = [
  ',',
  ',',
  ',',
  '"',
  '"',
  '""',
  '\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  'a',
  'bc',
  '#',
  ';',
  '',
  '1.5',
];

it('2000 generated files are read as a simple parser reads them, in any number of parts', () => {
  const random = generator(20_240_331);
  for (let i = 0; i < FILES; i++) {
    const text = i % 2 === 0 ? wildText(random) : writtenText(random);
    const expected = parseSimply(text, { separator: ',', quote: '"' });
    const [head] = expected;
    if (head === undefined || head.isBad || new Set(head.fields).size < head.fields.length)
      continue;
    if (head.fields.some((field) => field.includes('\r'))) continue;
    const width = head.fields.length;
    const records = expected.slice(1);
    const good = records.filter(({ fields, isBad }) => !isBad && fields.length === width);
    const bad = records.filter((record) => !good.includes(record));
    const settings = { allowBad: true, linenoLabel: 'line', slices: 1 + random(5) };
    const content = readCsv(text, settings);
    expect(content.rows, JSON.stringify(text)).toEqual(
      good.map(({ fields, line }) => [...fields, BigInt(line)]),
    );
    expect(content.bad, JSON.stringify(text)).toEqual(
      bad.map((record) => [record.line, record.text]),
    );
  }
});

/** Any bytes that mean something. */
function wildText(random: (below: number) => number): string {
  const pieces = Array.from({ length: random(120) }, () => PIECES[random(PIECES.length)]);
  return `a,b\n${pieces.join('')}`;
}

/** Records of the same width, with fields of any length in quotes. */
function writtenText(random: (below: number) => number): string {
  const width = 1 + random(4);
  const rows = Array.from({ length: random(30) }, () =>
    Array.from({ length: width }, () => {
      const pieces = Array.from(
        { length: random(random(8) === 0 ? 60 : 5) },
        () => PIECES[random(PIECES.length)],
      );
      return `"${pieces.join('').replaceAll('"', '""')}"`;
    }).join(','),
  );
  const names = Array.from({ length: width }, (_, i) => `c${i}`).join(',');
  return [names, ...rows].join(random(2) === 0 ? '\n' : '\r\n') + (random(2) === 0 ? '\n' : '');
}

/** Gives whole numbers in [0, below), the same ones for each seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
