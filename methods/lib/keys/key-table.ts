// Numbers the distinct values of one or several columns in the order in which they are first seen. Values are compared
// by their bytes: all NaN are one value, −0 is 0, and a null is a value of its own.

import type { ColumnType } from 'acc-engine';

import { ColumnStore } from '../tables/column-store.ts';
import { isNullAt, pickRows } from '../tables/column-view.ts';
import type { ColumnView, TextValues } from '../tables/column-view.ts';
import { keyBytes } from './key-bytes.ts';
import type { KeyBytes } from './key-bytes.ts';
import { canonicalNumbers } from './number-keys.ts';

const FIRST_SLOTS = 1024;
const NONE = -1;

/** Distinct keys. */
export class KeyTable {
  readonly #types: readonly ColumnType[];
  readonly #stores: readonly ColumnStore[];
  /** Of each key its bytes, where they end, and their hash. */
  #bytes = new Uint8Array(FIRST_SLOTS * 8);
  #ends = new Int32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS);
  /** Number of a key plus one, by hash; a key that finds its slot taken is in the next free one. */
  #slots = new Int32Array(FIRST_SLOTS);
  #length = 0;
  #null = NONE;
  #numbers = new Int32Array(0);
  #codes: { readonly dictionary: TextValues; readonly numbers: Int32Array } | undefined;

  /** `types` are those of the columns of a key. */
  constructor(types: readonly ColumnType[]) {
    this.#types = types;
    this.#stores = types.map((type) => new ColumnStore(type));
  }

  /** Number of distinct keys. */
  get length(): number {
    return this.#length;
  }

  /** The distinct keys, column by column, in the order of their numbers. */
  get views(): readonly ColumnView[] {
    return this.#stores.map((store) => store.view());
  }

  /** Returns the number of each row's key, in memory that the next call uses again. */
  numbersOf(views: readonly ColumnView[], length: number): Int32Array {
    if (this.#numbers.length < length) this.#numbers = new Int32Array(length);
    const numbers = this.#numbers.subarray(0, length);
    const before = this.#length;
    const fresh: number[] = [];
    const same = this.#canonical(views);
    const [view] = same;
    if (same.length === 1 && view?.kind === 'codes') this.#codeNumbers(view, numbers, fresh);
    else this.#byteNumbers(keyBytes(same, length), numbers, fresh);
    if (this.#length > before) {
      const picks = Uint32Array.from(fresh);
      this.#stores.forEach((store, i) => {
        const column = views[i];
        if (column !== undefined) store.append(pickRows(column, picks));
      });
    }
    return numbers;
  }

  /** As `numbersOf`, but a key that is not known has the number −1 and stays unknown. */
  knownNumbersOf(views: readonly ColumnView[], length: number): Int32Array {
    const numbers = new Int32Array(length);
    const { bytes, offsets, validity } = keyBytes(this.#canonical(views), length);
    for (let row = 0; row < length; row++) {
      numbers[row] = isNullAt(validity, row)
        ? this.#null
        : this.#find(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0, false);
    }
    return numbers;
  }

  #canonical(views: readonly ColumnView[]): readonly ColumnView[] {
    if (!this.#types.includes('number')) return views;
    return views.map((view, i) => (this.#types[i] === 'number' ? canonicalNumbers(view) : view));
  }

  /** Rows whose key is new are added to `fresh`. */
  #byteNumbers({ bytes, offsets, validity }: KeyBytes, numbers: Int32Array, fresh: number[]): void {
    for (let row = 0; row < numbers.length; row++) {
      const before = this.#length;
      numbers[row] = isNullAt(validity, row)
        ? this.#findNull()
        : this.#find(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0);
      if (this.#length > before) fresh.push(row);
    }
  }

  /** Each value of a dictionary is looked for once. */
  #codeNumbers(
    view: Extract<ColumnView, { readonly kind: 'codes' }>,
    numbers: Int32Array,
    fresh: number[],
  ): void {
    const { codes, dictionary, validity } = view;
    if (this.#codes?.dictionary !== dictionary) {
      const size = dictionary.offsets.length;
      this.#codes = { dictionary, numbers: new Int32Array(size).fill(NONE) };
    }
    const known = this.#codes.numbers;
    const nullCode = known.length - 1;
    for (let row = 0; row < numbers.length; row++) {
      const code = isNullAt(validity, row) ? nullCode : (codes[row] ?? 0);
      let number = known[code] ?? NONE;
      if (number === NONE) {
        const before = this.#length;
        const { bytes, offsets } = dictionary;
        number =
          code === nullCode
            ? this.#findNull()
            : this.#find(bytes, offsets[code] ?? 0, offsets[code + 1] ?? 0);
        known[code] = number;
        if (this.#length > before) fresh.push(row);
      }
      numbers[row] = number;
    }
  }

  /** A single column's null is a key without bytes, which is not found by hash. */
  #findNull(): number {
    if (this.#null === NONE) this.#null = this.#add(new Uint8Array(0), 0, 0, 0);
    return this.#null;
  }

  #find(bytes: Uint8Array, start: number, end: number, isAdded = true): number {
    const hash = hashOf(bytes, start, end);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] ?? 0) - 1;
      if (number < 0) {
        if (!isAdded) return NONE;
        slots[slot] = this.#length + 1;
        return this.#add(bytes, start, end, hash);
      }
      if (this.#hashes[number] === hash && this.#isKey(number, bytes, start, end)) return number;
    }
  }

  #isKey(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = number === 0 ? 0 : (this.#ends[number - 1] ?? 0);
    if ((this.#ends[number] ?? 0) - from !== end - start) return false;
    const own = this.#bytes;
    for (let i = 0; i < end - start; i++) if (own[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const number = this.#length++;
    const from = number === 0 ? 0 : (this.#ends[number - 1] ?? 0);
    const size = from + end - start;
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, from));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, end), from);
    if (number === this.#ends.length) {
      this.#ends = doubled(this.#ends);
      this.#hashes = doubled(this.#hashes);
    }
    this.#ends[number] = size;
    this.#hashes[number] = hash;
    if (this.#length * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#length; number++) {
      if (number === this.#null) continue;
      let slot = (this.#hashes[number] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

function doubled(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}

/** Mixes all bits into the low ones, which choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01_00_01_93);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c_1b_3c_6d);
  return hash ^ (hash >>> 13);
}
