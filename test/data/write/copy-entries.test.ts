import { expect, test } from 'vitest';

import { textSize } from '../../../src/data/write/column-input.ts';
import { EntryCopier } from '../../../src/data/write/copy-entries.ts';

const ROWS = 200;
const CODES = Int32Array.from({ length: ROWS }, (_, i) => (i * 7) % 10);

function dictionaryOf(texts: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } {
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) offsets[i + 1] = (offsets[i] ?? 0) + text.length;
  // In memory of its own, and at its end.
  return { offsets, bytes: Uint8Array.from(Buffer.from(texts.join(''))) };
}

const digits = (length: (i: number) => number): string[] =>
  Array.from({ length: 10 }, (_, i) => String(i).repeat(length(i)));

const texts: readonly [string, string[]][] = [
  ['none', digits(() => 0)],
  ['one byte each', digits(() => 1)],
  ['eight bytes each', digits(() => 8)],
  ['64 bytes each', digits(() => 64)],
  ['68 bytes each', digits(() => 68)],
  ['different lengths', digits((i) => i * i)],
];
const picks: readonly (Int32Array | Uint32Array | null)[] = [
  null,
  Int32Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i),
  Uint32Array.from({ length: ROWS }, (_, i) => i >> 1),
];
const bitmaps = [null, new Uint8Array(25).fill(0b1011_0111)];

test.each(texts)('texts of %s are copied wherever they begin', (_, entries) => {
  const dictionary = dictionaryOf(entries);
  const copier = new EntryCopier();
  const plain = { offsets: new Int32Array(0), bytes: new Uint8Array(0) };
  const text = { ...plain, type: 'string', codes: CODES, dictionary } as const;
  const target = { bytes: new Uint8Array(40_000), offsets: new Int32Array(ROWS + 10), row: 2 };
  for (const rows of picks) {
    for (const validity of bitmaps) {
      for (const [start, size] of [
        [0, 0],
        [3, 4],
        [5, 8],
        [9, 5],
      ] as const) {
        const part = { values: text, validity, rows, start, end: ROWS };
        const isNull = (row: number): boolean =>
          validity !== null && (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0;
        const expected = Array.from({ length: ROWS - start }, (__, i) => {
          const row = rows?.[start + i] ?? start + i;
          return isNull(row) ? '' : entries[CODES[row] ?? 0];
        });

        const end = copier.copy(text, part, { ...target, size });

        const ends = target.offsets.subarray(3, 3 + ROWS - start);
        const copied = Array.from(ends, (to, i) =>
          Buffer.from(target.bytes.subarray(i === 0 ? size : ends[i - 1], to)).toString(),
        );
        expect(copied).toEqual(expected);
        expect(end).toBe(ends.at(-1));
        expect(textSize(text, part)).toBeGreaterThanOrEqual(end - size);
      }
    }
  }
});

test('the size of many long texts is not overestimated', () => {
  const dictionary = dictionaryOf(['x'.repeat(100_000), 'y']);
  const codes = new Int32Array(1000).fill(1);
  const text = { offsets: new Int32Array(0), bytes: new Uint8Array(0), codes, dictionary };
  expect(textSize(text, { rows: null, start: 0, end: 1000 })).toBe(1000);
  expect(textSize(text, { rows: null, start: 0, end: 10 })).toBe(1_000_000);
});
