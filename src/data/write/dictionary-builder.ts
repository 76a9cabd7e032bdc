// Finds the distinct values of a column of strings while a slice is written. Works on bytes: no string is made.
// Whether a dictionary is worth its while is decided by the first record batch, so by the rows alone.

import type { RowCodes, TextEntries } from './coded-text.ts';

/** A reader of any row reads the whole dictionary. */
const MAX_ENTRIES = 1 << 18;
const MAX_BYTES = 1 << 22;
/** Record batches that a slice is taken to have when the first one is full. */
const USUAL_BATCHES = 8;
const FIRST_ENTRIES = 128;
/** About what the message of a dictionary takes in the file. */
const OVERHEAD_BYTES = 512;

/** Text in Arrow's form. */
export interface PlainText {
  readonly rows: number;
  /** Where each value begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** A dictionary that is being made. Entries are numbered by first occurrence. */
export class DictionaryBuilder {
  /** Number of the entry in each slot, plus 1. At most half of them are taken. */
  #slots = new Int32Array(FIRST_ENTRIES * 2);
  #hashes = new Int32Array(FIRST_ENTRIES);
  #offsets = new Int32Array(FIRST_ENTRIES + 1);
  #bytes = new Uint8Array(1024);
  #length = 0;
  #codes = new Int32Array(0);
  /** The dictionary that rows came from last, and for each of its values the number here, plus 1 if it has one. */
  #source: TextEntries | null = null;
  #known = new Int32Array(0);

  /** The entries so far. */
  get entries(): PlainText {
    const rows = this.#length;
    const offsets = this.#offsets.subarray(0, rows + 1);
    return { rows, offsets, bytes: this.#bytes.subarray(0, offsets[rows]) };
  }

  /**
   * Gives the number of each row's value, 0 where `isNull`; valid until the next call. `undefined` when there are too
   * many values: the dictionary is of no use then.
   */
  encode(text: PlainText, isNull: ((row: number) => boolean) | null): Int32Array | undefined {
    const { rows, offsets, bytes } = text;
    if (rows > this.#codes.length) this.#codes = new Int32Array(rows);
    const codes = this.#codes.subarray(0, rows);
    for (let row = 0; row < rows; row++) {
      codes[row] = 0;
      if (isNull?.(row) === true) continue;
      const code = this.#codeOf(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0);
      if (code < 0) return undefined;
      codes[row] = code;
    }
    return codes;
  }

  /** As `encode`, for rows that have codes into another dictionary already: each of its values is looked up once. */
  translate(
    rows: number,
    { codes: sources, dictionary }: RowCodes,
    isNull: ((row: number) => boolean) | null,
  ): Int32Array | undefined {
    if (rows > this.#codes.length) this.#codes = new Int32Array(rows);
    const codes = this.#codes.subarray(0, rows);
    const known = this.#knownOf(dictionary);
    const { offsets, bytes } = dictionary;
    for (let row = 0; row < rows; row++) {
      codes[row] = 0;
      if (isNull?.(row) === true) continue;
      const source = sources[row] ?? 0;
      let code = (known[source] ?? 0) - 1;
      if (code < 0) {
        code = this.#codeOf(bytes, offsets[source] ?? 0, offsets[source + 1] ?? 0);
        if (code < 0) return undefined;
        known[source] = code + 1;
      }
      codes[row] = code;
    }
    return codes;
  }

  /**
   * Tells whether the file becomes smaller by a quarter at least, judged by its first batch. How many different values
   * more batches have is estimated by how many of the second half were in the first half.
   */
  isWorthIt({ rows, bytes }: PlainText, isFull: boolean): boolean {
    const batches = isFull ? USUAL_BATCHES : 1;
    const valueBytes = 4 + bytes.length / rows;
    const codes = this.#codes.subarray(0, rows);
    const entries = isFull ? estimateEntries(codes, this.#length) : this.#length;
    if (this.#length === 0 || entries > MAX_ENTRIES / 2) return false;
    const encoded = batches * rows * 4 + entries * valueBytes + OVERHEAD_BYTES;
    return encoded <= batches * rows * valueBytes * 0.75;
  }

  #knownOf(dictionary: TextEntries): Int32Array {
    if (this.#source !== dictionary) {
      this.#source = dictionary;
      this.#known = new Int32Array(dictionary.offsets.length);
    }
    return this.#known;
  }

  /** Number of a value, which is entered if it is new; −1 when there is no room. */
  #codeOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = (this.#slots[slot] ?? 0) - 1;
      if (code < 0) break;
      if (this.#hashes[code] === hash && this.#isEntry(code, bytes, start, end)) return code;
      slot = (slot + 1) & mask;
    }
    return this.#enter(slot, hash, bytes.subarray(start, end));
  }

  #isEntry(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#offsets[code] ?? 0;
    if ((this.#offsets[code + 1] ?? 0) - at !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#bytes[at++] !== bytes[i]) return false;
    return true;
  }

  #enter(slot: number, hash: number, value: Uint8Array): number {
    const code = this.#length;
    const at = this.#offsets[code] ?? 0;
    const size = at + value.length;
    if (code === MAX_ENTRIES || size > MAX_BYTES) return -1;
    if (size > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(size, this.#bytes.length * 2));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes.set(value, at);
    this.#offsets[code + 1] = size;
    this.#hashes[code] = hash;
    this.#slots[slot] = code + 1;
    this.#length = code + 1;
    if (this.#length === this.#hashes.length) this.#grow();
    return code;
  }

  #grow(): void {
    const entries = this.#hashes.length * 2;
    this.#hashes = enlarged(this.#hashes, entries);
    this.#offsets = enlarged(this.#offsets, entries + 1);
    this.#slots = new Int32Array(entries * 2);
    const mask = this.#slots.length - 1;
    for (let code = 0; code < this.#length; code++) {
      let slot = (this.#hashes[code] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = code + 1;
    }
  }
}

/** Estimates how many entries there will be: those of the first half, over the part of the second half that is in there. */
function estimateEntries(codes: Int32Array, entries: number): number {
  const half = codes.length >> 1;
  let known = 0;
  for (let row = 0; row < half; row++) known = Math.max(known, (codes[row] ?? 0) + 1);
  let repeated = 0;
  for (let row = half; row < codes.length; row++) repeated += Number((codes[row] ?? 0) < known);
  return Math.max(entries, (known * (codes.length - half)) / repeated);
}

function enlarged(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(values);
  return copy;
}
