// Compares rows of columns that change under the same arrays: by words of 32 bits where values have some, else by text.

import { isNullAt } from '../tables/column-view.ts';
import type { ColumnView, TextValues } from '../tables/column-view.ts';
import { compareNumbers, dictionaryRanks, globalWords, nullWord, numberAt } from './sort-keys.ts';
import type { SortColumn } from './sort-keys.ts';
import { compareTexts } from './text-order.ts';

/** What is known of the rows by one column. */
interface KeyPart {
  readonly column: SortColumn;
  readonly view: ColumnView;
  /** In the order in which they count, the one for nulls first, if there are any; texts have no others. */
  readonly words: readonly Uint32Array[];
  /** Words of rows that are to be compared from now on. */
  readonly wordsOf: (rows: ColumnView) => readonly Uint32Array[];
  /** The ascending order of two rows that words do not tell apart. */
  readonly compare: ((a: number, b: number) => number) | null;
}

/** Compares rows by some columns, the first counting most. */
export class RowComparison {
  readonly #parts: readonly KeyPart[];
  /** Words of all parts, where no part needs anything else. */
  readonly #words: readonly Uint32Array[] | null;

  constructor(keys: readonly { readonly column: SortColumn; readonly view: ColumnView }[]) {
    this.#parts = keys.map(keyPart);
    this.#words = this.#parts.some(({ compare }) => compare !== null)
      ? null
      : this.#parts.flatMap(({ words }) => words);
  }

  /** Makes rows `[start, start + count)` comparable, after they have been put there; `start` is a multiple of 8. */
  prepare(start: number, count: number): void {
    for (const { view, words, wordsOf } of this.#parts) {
      const found = wordsOf(viewPart(view, start, count));
      found.forEach((word, i) => words[i]?.set(word, start));
    }
  }

  /** Negative when row `a` comes first, 0 when nothing tells the rows apart. */
  compare(a: number, b: number): number {
    if (this.#words !== null) return compareWords(this.#words, a, b);
    for (const { column, view, words, compare } of this.#parts) {
      const order = compareWords(words, a, b);
      if (order !== 0) return order;
      if (compare === null || isNullAt(view.validity, a)) continue;
      const found = compare(a, b);
      if (found !== 0) return column.descending ? -found : found;
    }
    return 0;
  }
}

function compareWords(words: readonly Uint32Array[], a: number, b: number): number {
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const difference = (word[a] ?? 0) - (word[b] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function keyPart(key: { readonly column: SortColumn; readonly view: ColumnView }): KeyPart {
  const { column, view } = key;
  const nulls = view.validity === null ? 0 : 1;
  const room = (count: number): Uint32Array[] =>
    Array.from({ length: count + nulls }, () => new Uint32Array(view.length));
  if (view.kind === 'fixed') {
    const width =
      view.values.BYTES_PER_ELEMENT === 8 || view.values instanceof Float32Array ? 2 : 1;
    return {
      ...key,
      words: room(width),
      wordsOf: (rows) => globalWords(column, rows),
      compare: null,
    };
  }
  if (view.kind === 'codes') {
    const ranks = dictionaryRanks(column.type, view.dictionary);
    const wordsOf = (rows: ColumnView): Uint32Array[] => rankWords(column, rows, ranks);
    return { ...key, words: room(1), wordsOf, compare: null };
  }
  const wordsOf = (rows: ColumnView): Uint32Array[] => nullWords(column, rows);
  const { text } = view;
  const compare =
    column.type === 'number'
      ? (a: number, b: number) => compareNumbers(numberAt(text, a), numberAt(text, b))
      : (a: number, b: number) => compareTexts(text, a, b);
  return { ...key, words: room(0), wordsOf, compare };
}

function nullWords(column: SortColumn, rows: ColumnView): Uint32Array[] {
  return rows.validity === null ? [] : [nullWord(column, rows)];
}

function rankWords(column: SortColumn, rows: ColumnView, ranks: Uint32Array): Uint32Array[] {
  if (rows.kind !== 'codes') throw new Error('Internal error: texts lost their dictionary');
  const word = new Uint32Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    if (isNullAt(rows.validity, row)) continue;
    const rank = ranks[rows.codes[row] ?? 0] ?? 0;
    word[row] = column.descending ? ~rank : rank;
  }
  return [...nullWords(column, rows), word];
}

/** Some rows; `start` is a multiple of 8. */
function viewPart(view: ColumnView, start: number, length: number): ColumnView {
  const validity = view.validity?.subarray(start / 8) ?? null;
  const end = start + length;
  switch (view.kind) {
    case 'fixed':
      return { ...view, length, validity, values: view.values.subarray(start, end) };
    case 'codes':
      return { ...view, length, validity, codes: view.codes.subarray(start, end) };
    case 'text': {
      const text: TextValues = {
        offsets: view.text.offsets.subarray(start, end + 1),
        bytes: view.text.bytes,
      };
      return { ...view, length, validity, text };
    }
  }
}
