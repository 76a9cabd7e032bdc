// Digests of rows that do not depend on where rows lie: each row has a 128-bit hash (MurmurHash3_x86_128 by Austin
// Appleby) over its values, and a table the sum of them modulo 2^128. A row that is there twice counts twice.

import type { ColumnType } from 'acc-engine';

import { keyBytes } from '../keys/key-bytes.ts';
import { canonicalNumbers } from '../keys/number-keys.ts';
import type { ColumnView } from './column-view.ts';

const WORD = 4_294_967_296;

/** A 128-bit number as four words, the lowest first. */
export type Words = readonly [number, number, number, number];

/** Sums up hashes of rows. */
export class RowSum {
  readonly #sums = new Float64Array(4);
  readonly #hash = new Uint32Array(4);

  /** Adds all rows; `views` are those of `typedViews`. */
  add(views: readonly ColumnView[], length: number): void {
    const { bytes, offsets } = rowBytes(views, length);
    for (let row = 0; row < length; row++) {
      murmur128(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0, this.#hash);
      for (let i = 0; i < 4; i++) this.#sums[i] = (this.#sums[i] ?? 0) + (this.#hash[i] ?? 0);
      if (row % 65_536 === 65_535) this.#carry();
    }
    this.#carry();
  }

  /** The sum. */
  get words(): Words {
    const [a = 0, b = 0, c = 0, d = 0] = this.#sums;
    return [a, b, c, d];
  }

  #carry(): void {
    let carried = 0;
    for (let i = 0; i < 4; i++) {
      const sum = (this.#sums[i] ?? 0) + carried;
      carried = Math.floor(sum / WORD);
      this.#sums[i] = sum - carried * WORD;
    }
  }
}

/** Hashes of rows, one after another in 16 bytes each: the order counts. */
export function rowHashes(views: readonly ColumnView[], length: number): Uint8Array {
  const { bytes, offsets } = rowBytes(views, length);
  const hashes = new Uint32Array(length * 4);
  for (let row = 0; row < length; row++) {
    const target = hashes.subarray(row * 4, row * 4 + 4);
    murmur128(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0, target);
  }
  return new Uint8Array(hashes.buffer);
}

/** Adds 128-bit numbers. */
export function addWords(a: Words, b: Words): Words {
  let carried = 0;
  const sums = a.map((word, i) => {
    const sum = word + (b[i] ?? 0) + carried;
    carried = sum >= WORD ? 1 : 0;
    return sum % WORD;
  });
  const [first = 0, second = 0, third = 0, fourth = 0] = sums;
  return [first, second, third, fourth];
}

/** A 128-bit number in hexadecimal digits, the highest first. */
export function wordsText(words: Words): string {
  return words
    .toReversed()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
}

/** Puts equal values into one form: numbers, and JSON with members in the order of their names. */
export function typedViews(
  types: readonly ColumnType[],
  views: readonly ColumnView[],
): readonly ColumnView[] {
  return views.map((view, i) => {
    if (types[i] === 'number') return canonicalNumbers(view);
    return types[i] === 'json' ? canonicalJson(view) : view;
  });
}

/** Two columns at least, because the bytes of a single one do not tell a null from an empty text. */
function rowBytes(
  views: readonly ColumnView[],
  length: number,
): { bytes: Uint8Array; offsets: Int32Array } {
  const [view] = views;
  return keyBytes(views.length === 1 && view !== undefined ? [view, view] : views, length);
}

function canonicalJson(view: ColumnView): ColumnView {
  if (view.kind !== 'text') return view;
  const { offsets, bytes } = view.text;
  const texts = Array.from({ length: view.length }, (_, row) => {
    const text = Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString();
    return Buffer.from(text === '' ? '' : JSON.stringify(JSON.parse(text, sortedMembers)));
  });
  let at = 0;
  const ends = texts.map((text) => (at += text.length));
  return {
    ...view,
    text: { offsets: Int32Array.from([0, ...ends]), bytes: new Uint8Array(Buffer.concat(texts)) },
  };
}

function sortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const [C1, C2, C3, C4] = [0x23_9b_96_1b, 0xab_0e_97_89, 0x38_b3_4a_e5, 0xa1_e3_8b_93] as const;

/** MurmurHash3_x86_128 with seed 0 of `bytes[start, end)`, into the four words of `out`. */
export function murmur128(bytes: Uint8Array, start: number, end: number, out: Uint32Array): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = start;
  for (; at + 16 <= end; at += 16) {
    a ^= Math.imul(rotate(Math.imul(wordAt(bytes, at), C1), 15), C2);
    a = (Math.imul((rotate(a, 19) + b) | 0, 5) + 0x56_1c_cd_1b) | 0;
    b ^= Math.imul(rotate(Math.imul(wordAt(bytes, at + 4), C2), 16), C3);
    b = (Math.imul((rotate(b, 17) + c) | 0, 5) + 0x0b_ca_a7_47) | 0;
    c ^= Math.imul(rotate(Math.imul(wordAt(bytes, at + 8), C3), 17), C4);
    c = (Math.imul((rotate(c, 15) + d) | 0, 5) + 0x96_cd_1c_35) | 0;
    d ^= Math.imul(rotate(Math.imul(wordAt(bytes, at + 12), C4), 18), C1);
    d = (Math.imul((rotate(d, 13) + a) | 0, 5) + 0x32_ac_3b_17) | 0;
  }
  const rest = end - at;
  if (rest > 12) d ^= Math.imul(rotate(Math.imul(tailWord(bytes, at + 12, end), C4), 18), C1);
  if (rest > 8) c ^= Math.imul(rotate(Math.imul(tailWord(bytes, at + 8, end), C3), 17), C4);
  if (rest > 4) b ^= Math.imul(rotate(Math.imul(tailWord(bytes, at + 4, end), C2), 16), C3);
  if (rest > 0) a ^= Math.imul(rotate(Math.imul(tailWord(bytes, at, end), C1), 15), C2);
  const length = end - start;
  a ^= length;
  b ^= length;
  c ^= length;
  d ^= length;
  a = (a + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
  a = mixed(a);
  b = mixed(b);
  c = mixed(c);
  d = mixed(d);
  a = (a + b + c + d) | 0;
  out[0] = a;
  out[1] = b + a;
  out[2] = c + a;
  out[3] = d + a;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** The bytes there are before `end`, up to four. */
function tailWord(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = Math.min(4, end - at) - 1; i >= 0; i--) word = (word << 8) | (bytes[at + i] ?? 0);
  return word;
}

function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
