// Digests of rows that do not depend on where rows lie: each row has a 128-bit hash (MurmurHash3_x86_128 by Austin
// Appleby) over its values, and a table the sum of them modulo 2^128. A row that is there twice counts twice.

import { murmur3 } from 'acc-engine';
import type { ColumnType } from 'acc-engine';

import { keyBytes } from '../keys/key-bytes.ts';
import { canonicalNumbers } from '../keys/number-keys.ts';
import { WORD } from '../values/units.ts';
import type { ColumnView } from './column-view.ts';

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
      murmur3(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0, 0, this.#hash);
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
    murmur3(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0, 0, target);
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
