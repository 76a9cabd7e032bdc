import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { NO_QUOTE } from '../../methods/lib/csv-format.ts';
import { recordEnds } from '../../methods/lib/csv-scan.ts';

const COMMA = { separator: 44, quote: 34 };
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'acc-csv-scan-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function scan(text: string, targets: readonly number[], format = COMMA): number[] {
  const path = join(directory, 'file.csv');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  try {
    return recordEnds({ fd, start: 0, size: Buffer.byteLength(text) }, format, targets);
  } finally {
    closeSync(fd);
  }
}

it('a target gives the end of the record that holds it', () => {
  const text = 'a,b\n"c\n",d\ne,f\n';
  expect(scan(text, [0, 3, 4, 6, 10, 11, 14])).toEqual([4, 4, 11, 11, 11, 15, 15]);
});

it('the last record may have no line end', () => {
  expect(scan('a\nb', [0, 2])).toEqual([2, 3]);
  expect(scan('a\n"b"', [0, 3])).toEqual([2, 5]);
});

it('a quote within a field opens nothing', () => {
  expect(scan('5",b\nc,d\n', [0, 5])).toEqual([5, 9]);
});

it('quotes mean nothing where there is no quote character', () => {
  expect(scan('"a\nb"\n', [0, 3], { separator: 44, quote: NO_QUOTE })).toEqual([3, 6]);
});

it('a quote that is never closed is a fault at that quote', () => {
  expect(() => scan('a,"b\nc,d\n', [0])).toThrow(
    expect.objectContaining({ offset: 2, message: 'a quote is opened here and never closed' }),
  );
  expect(() => scan('a,"b""', [0])).toThrow(expect.objectContaining({ offset: 2 }));
});

it('text after a closing quote is a fault', () => {
  expect(() => scan('a,"b"c\n', [0])).toThrow(expect.objectContaining({ offset: 5 }));
});

it.each([0, 1, 2, 3, 4, 5, 6])(
  'reads of 1 MB may cut a record anywhere (shifted by %d)',
  (shift) => {
    const record = 'a,"b ""\n"","",\r\n""",""\r\n';
    const text = `${'x'.repeat(shift)},\n${record.repeat(120_000)}`;
    const targets = Array.from({ length: 400 }, (_, i) => Math.floor((text.length * i) / 400));
    const first = shift + 2;
    const expected = targets.map((target) =>
      target < first
        ? first
        : first + (Math.floor((target - first) / record.length) + 1) * record.length,
    );
    expect(scan(text, targets)).toEqual(expected);
  },
);
