import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { csvFormat } from '../../methods/lib/csv-format.ts';
import { readBlocks } from '../../methods/lib/csv-reader.ts';
import { recordEnds } from '../../methods/lib/csv-scan.ts';
import { csvChunks } from '../../methods/lib/csv-text.ts';
import { FieldBlock } from '../../methods/lib/csv-tokenizer.ts';

const SEED = 20_240_331;
const PIECES = [',', '"', '""', '\n', '\r\n', '\r', ' ', 'a', 'é', ';', "'", '', '1.5'];
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'acc-csv-round-trip-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

it.each([
  [',', '"'],
  [';', "'"],
  ['\t', 'a'],
])(
  'random tables are read as they were written, in any number of parts (%j, %j)',
  (separator, quotes) => {
    const random = generator(SEED);
    for (let round = 0; round < 150; round++) {
      const width = 1 + random(4);
      const rows = Array.from({ length: random(12) }, () =>
        Array.from({ length: width }, () =>
          Array.from({ length: random(5) }, () => PIECES[random(PIECES.length)]).join(''),
        ),
      );
      const text = written(rows, width, { separator, quotes });
      const parts = 1 + random(5);
      expect(readInParts(text, width, { separator, quotes, parts }), text.toString()).toEqual(rows);
    }
  },
);

function written(
  rows: readonly (readonly string[])[],
  width: number,
  characters: { separator: string; quotes: string },
): Buffer {
  const columns = Array.from({ length: width }, (_, i) => ({
    name: `c${i}`,
    type: 'string' as const,
    nullable: false,
  }));
  return Buffer.concat([...csvChunks(rows, columns, characters)]);
}

function readInParts(
  text: Buffer,
  width: number,
  { parts, ...characters }: { separator: string; quotes: string; parts: number },
): string[][] {
  const path = join(directory, 'file.csv');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  const format = csvFormat(characters);
  const rows: string[][] = [];
  try {
    const size = text.length;
    const targets = Array.from({ length: parts - 1 }, (_, i) =>
      Math.floor((size * (i + 1)) / parts),
    );
    const bounds = [0, ...recordEnds({ fd, start: 0, size }, format, targets), size];
    const block = new FieldBlock(width, format);
    for (let i = 0; i < parts; i++) {
      readBlocks({ fd, start: bounds[i] ?? 0, end: bounds[i + 1] ?? 0 }, block, () => {
        for (let row = 0; row < block.rows; row++) {
          rows.push(Array.from({ length: width }, (_, column) => block.text(row * width + column)));
        }
      });
    }
  } finally {
    closeSync(fd);
  }
  return rows;
}

/** Gives whole numbers in [0, below), the same ones for each seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
