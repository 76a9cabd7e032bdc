// The table that operations on datasets are measured with: six columns of usual kinds, the same bytes on every machine.
// 10 million rows are about 660 MB: id, user (8 characters of 100,000 distinct), price, ts, flag, and text of some 300 million
// distinct, an eighth of it quoted.

import { closeSync, openSync, writeSync } from 'node:fs';

/** Types of its columns. */
export const TABLE_TYPES = {
  id: 'int64',
  user: 'string',
  price: 'float64',
  ts: 'datetime',
  flag: 'bool',
  text: 'string',
} as const;

const ROWS_PER_WRITE = 20_000;
const USERS = 100_000;
const SYLLABLES = 'am bir ce del em fjo gro hea is je kno lar'.split(' ');
const FIRST_SECOND = Date.UTC(2019, 0, 1) / 1000;
const SECONDS = 5 * 365 * 86_400;

/** Writes the table as a CSV file with a header. */
export function writeTableCsv(path: string, rows: number): void {
  const random = xorshift(20_240_229);
  const users = Array.from({ length: USERS }, () => {
    const letters = Array.from({ length: 8 }, () => LETTERS[random() % LETTERS.length]);
    return letters.join('');
  });
  const file = openSync(path, 'w');
  writeSync(file, 'id,user,price,ts,flag,text\n');
  for (let start = 0; start < rows; start += ROWS_PER_WRITE) {
    const lines: string[] = [];
    for (let id = start; id < Math.min(rows, start + ROWS_PER_WRITE); id++) {
      const price = (random() % 10_000_000) / 100;
      const ts = timestamp(FIRST_SECOND + (random() % SECONDS));
      const text = textOf(random);
      lines.push(
        `${id},${users[random() % USERS]},${price.toFixed(2)},${ts},${random() & 1},${text}\n`,
      );
    }
    writeSync(file, lines.join(''));
  }
  closeSync(file);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

function textOf(random: () => number): string {
  const words = Array.from({ length: 3 }, () => wordOf(random));
  return random() % 8 === 0 ? `"${words.join(', ')}"` : `${words.join(' ')} ${random() % 100}`;
}

function wordOf(random: () => number): string {
  return Array.from({ length: 2 }, () => SYLLABLES[random() % SYLLABLES.length]).join('');
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Marsaglia's 32-bit generator with shifts 13, 17, 5; gives integers from 0 to 2^32 − 1. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
