import { expect, test } from 'vitest';

import { csvFormat } from '../../methods/lib/csv/format.ts';
import { beginsOutside } from '../../methods/lib/csv/scan.ts';
import { readCsv } from '../rig/csv.ts';

const FORMAT = csvFormat({
  separator: ',',
  newline: '',
  quotes: '"',
  comment: '',
  quotedNewlines: true,
});
const PIECES = ['a', '1.5', ',', '\n', '\r\n', '""', ' ', '', 'x"y', '""""', ',,'];

function isOutside(text: string): boolean {
  return beginsOutside(Buffer.from(text), FORMAT);
}

test('quotes that could not close a field tell that text begins outside quotes', () => {
  expect(isOutside('1,"a, b",2\n3,4,5\n')).toBe(true);
  expect(isOutside('1,"",2\n3,"a",5\n')).toBe(true);
  for (const unknown of [
    '',
    '1,2\n',
    'a",2\n',
    'a"\r\nb,2',
    '1,"", 2\n',
    '1,"",""\n',
    'a"',
    'a""b',
  ]) {
    expect(isOutside(unknown), unknown).toBe(false);
  }
  expect(isOutside('a"\rb,2')).toBe(true);
  expect(isOutside('a",x"y,"b",c')).toBe(false);
  expect(isOutside('a",x"y,"b"c,d')).toBe(true);
});

test('what follows a line end within quotes is never taken for the beginning of a record', () => {
  const random = generator(7);
  let found = 0;
  for (let round = 0; round < 3000; round++) {
    const fields = Array.from({ length: 12 }, () => {
      const text = Array.from({ length: random(5) }, () => PIECES[random(PIECES.length)]).join('');
      const isPlain = !/[,\r\n]|^"/u.test(text) && random(2) === 0;
      return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
    });
    let text = '';
    const ends = new Set<number>();
    for (const [i, field] of fields.entries()) {
      text += field + (i % 3 === 2 ? '\n' : ',');
      if (i % 3 === 2) ends.add(text.length);
    }
    for (let at = 0; at < text.length; at++) {
      if (text[at] !== '\n' || !isOutside(text.slice(at + 1))) continue;
      found++;
      expect(ends.has(at + 1), JSON.stringify([text, at])).toBe(true);
    }
  }
  expect(found).toBeGreaterThan(1000);
});

test('parts of a large file are the same whether their ends are evident or not', () => {
  const rows = Array.from({ length: 150_000 }, (_, i) =>
    i % 9 === 0 ? `${i},"line one, of ${i}\nline two"` : `${i},"text, ${i}"`,
  );
  const text = `a,b\n${rows.join('\n')}\n`;
  const evident = readCsv(text, { slices: 3 });
  const counted = readCsv(text, { slices: 3, linenoLabel: 'line' });
  expect(evident.rowsPerSlice).toEqual(counted.rowsPerSlice);
  expect(evident.rows).toEqual(counted.rows.map((row) => row.slice(0, 2)));
});

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return (state >>> 8) % below;
  };
}
