import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { CsvFault } from '../../methods/lib/csv-fault.ts';
import { readBlocks } from '../../methods/lib/csv-reader.ts';
import { FieldBlock } from '../../methods/lib/csv-tokenizer.ts';

const COMMA = { separator: 44, quote: 34 };
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'acc-csv-reader-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Reads bytes `[start, end)` of a file with this text. */
function read(
  text: string | Buffer,
  width: number,
  part: { start?: number; end?: number } = {},
): { rows: string[][]; blocks: number } {
  const path = join(directory, 'file.csv');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  const rows: string[][] = [];
  let blocks = 0;
  try {
    const block = new FieldBlock(width, COMMA);
    readBlocks({ fd, start: 0, end: statSync(path).size, ...part }, block, () => {
      blocks++;
      for (let row = 0; row < block.rows; row++) {
        rows.push(Array.from({ length: width }, (_, i) => block.text(row * width + i)));
      }
    });
  } finally {
    closeSync(fd);
  }
  return { rows, blocks };
}

it('only the given part is read', () => {
  expect(read('a,b\nc,d\ne,f\n', 2, { start: 4, end: 8 }).rows).toEqual([['c', 'd']]);
  expect(read('a,b\n', 2, { start: 4, end: 4 }).rows).toEqual([]);
});

it.each(['1,2', '1,2\r', '1,2\n', '"1","2"', '"1",2\r\n'])(
  'the last record may lack its line end: %j',
  (text) => {
    expect(read(text, 2).rows).toEqual([['1', '2']]);
  },
);

it('the last field of the last record may be empty', () => {
  expect(read('1,', 2).rows).toEqual([['1', '']]);
});

it('records may lie anywhere across reads', () => {
  const texts = Array.from({ length: 90_000 }, (_, i) => `${i}`.repeat(1 + (i % 5)));
  const file = texts.map((text, i) => (i % 3 === 0 ? `"${text}\n",""""` : `${text},`)).join('\r\n');
  const { rows, blocks } = read(file, 2);
  expect(rows).toEqual(texts.map((text, i) => (i % 3 === 0 ? [`${text}\n`, '"'] : [text, ''])));
  expect(blocks).toBeGreaterThan(2);
});

it('a record may be longer than one read', () => {
  const long = 'x'.repeat(3_000_000);
  expect(read(`a\n"${long}"\nb\n`, 1).rows).toEqual([['a'], [long], ['b']]);
});

it('a fault is told by its place in the file', () => {
  const text = `${'a,b\n'.repeat(300_000)}c\n`;
  expect(() => read(text, 2)).toThrow(expect.objectContaining({ offset: 1_200_000 }));
  const path = join(directory, 'file.csv');
  const fd = openSync(path, 'r');
  const block = new FieldBlock(2, COMMA);
  const places: number[] = [];
  const fail = (): void => {
    places.push(block.starts[0] ?? -1);
    if (places.length === 3) throw new CsvFault(block.starts[0] ?? -1, 'here');
  };
  const run = (): void => readBlocks({ fd, start: 4, end: 1_200_000 }, block, fail);
  expect(run).toThrow(expect.objectContaining({ offset: 4 + 2 * 4 * 32_768 }));
  closeSync(fd);
});
