// The dictionaries of columns of text in the memory of the kernels, where they stay as long as batches refer to them:
// the text of a row is then found by its code, and not written out first.

import { aligned } from './kernel.ts';
import type { KernelMemory } from './kernel.ts';

/** Distinct texts, one after another. */
export interface Dictionary {
  readonly length: number;
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Where a dictionary is. */
export interface PlacedDictionary {
  readonly offsetsAt: number;
  readonly textAt: number;
  /** Bytes of its longest text. */
  readonly longest: number;
}

/** Texts of a chunk, or what they are found by. */
interface PlacedTexts {
  readonly offsetsAt: number;
  readonly textAt: number;
  /** 0 where texts stand one after another. */
  readonly codesAt: number;
  /** The first address behind. */
  readonly next: number;
}

/** Dictionaries with longer texts stay where they are, as a chunk of these may take much memory. */
const SHORT_BYTES = 256;
/** Kernels read behind a text. */
const SLACK = 64;

/** The dictionary of a batch's column; `null` when it has none. */
export function dictionaryOf(data: object | undefined): Dictionary | null {
  return data !== undefined && 'dictionary' in data
    ? ((data.dictionary as Dictionary | null | undefined) ?? null)
    : null;
}

/** The dictionaries of some columns. */
export class PlacedDictionaries {
  /** The first address behind them. */
  end: number;
  readonly #memory: KernelMemory;
  readonly #start: number;
  #dictionaries: readonly (Dictionary | null)[] = [];
  #places: readonly (PlacedDictionary | null)[] = [];

  constructor(memory: KernelMemory, start: number) {
    this.#memory = memory;
    this.#start = start;
    this.end = start;
  }

  /** Copies the dictionaries of all columns, unless they are those that are there. */
  place(dictionaries: readonly (Dictionary | null)[]): void {
    const known = this.#dictionaries;
    if (known.length > 0 && dictionaries.every((one, i) => one === known[i])) return;
    this.end = this.#start;
    this.#dictionaries = dictionaries;
    this.#places = dictionaries.map((one) => (one === null ? null : this.#copy(one)));
  }

  /** Where that of a column is. */
  at(column: number): PlacedDictionary | null {
    return this.#places[column] ?? null;
  }

  /** Makes texts of codes, behind `at`: written out where they are short, which is faster than to find them one by one. */
  refer(
    codes: Int32Array,
    { offsetsAt, textAt, longest }: PlacedDictionary,
    at: number,
  ): PlacedTexts {
    const codesAt = aligned(at);
    const end = aligned(codesAt + codes.length * 4);
    this.#memory.reserve(end);
    new Int32Array(this.#memory.bytes.buffer, codesAt, codes.length).set(codes);
    if (longest > SHORT_BYTES) return { offsetsAt, textAt, codesAt, next: end };
    const toText = aligned(end + (codes.length + 1) * 4);
    this.#memory.reserve(toText + codes.length * longest + SLACK);
    const { run } = this.#memory;
    const length = run.lookUp(codesAt, codes.length, offsetsAt, textAt, end, toText);
    return { offsetsAt: end, textAt: toText, codesAt: 0, next: toText + length + SLACK };
  }

  #copy({ length, offsets, bytes }: Dictionary): PlacedDictionary {
    const offsetsAt = aligned(this.end);
    const textAt = aligned(offsetsAt + (length + 2) * 4);
    this.end = aligned(textAt + bytes.length + SLACK);
    this.#memory.reserve(this.end);
    this.#memory.bytes.set(bytes, textAt);
    const placed = new Int32Array(this.#memory.bytes.buffer, offsetsAt, length + 2);
    placed.set(offsets.subarray(0, length + 1));
    // Code 0 stands for a null, even where nothing is in the dictionary.
    placed[length + 1] = placed[length] ?? 0;
    let longest = 0;
    for (let i = 0; i < length; i++) {
      longest = Math.max(longest, (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
    }
    return { offsetsAt, textAt, longest };
  }
}
