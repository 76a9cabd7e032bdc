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

  #copy({ length, offsets, bytes }: Dictionary): PlacedDictionary {
    const offsetsAt = aligned(this.end);
    const textAt = aligned(offsetsAt + (length + 1) * 4);
    this.end = aligned(textAt + bytes.length + SLACK);
    this.#memory.reserve(this.end);
    this.#memory.bytes.set(bytes, textAt);
    new Int32Array(this.#memory.bytes.buffer, offsetsAt, length + 1).set(offsets);
    let longest = 0;
    for (let i = 0; i < length; i++) {
      longest = Math.max(longest, (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
    }
    return { offsetsAt, textAt, longest };
  }
}
