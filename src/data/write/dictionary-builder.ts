// Finds the distinct values of a column of strings while a slice is written. Works on bytes: no string is made.
// Whether a dictionary is worth its while is decided by the first record batch, so by the rows alone.

import type { RowCodes, TextEntries } from './coded-text.ts';

/** A reader of any row reads the whole dictionary. */
const MAX_ENTRIES = 1 << 18;
const MAX_BYTES = 1 << 22;
/** Record batches that a slice is taken to have when the first one is full. */
const USUAL_BATCHES = 8;
const FIRST_ENTRIES = 128;
/** Numbers of a slot, and the longest value that two of them hold. */
const SLOT = 4;
const SHORT = 8;
/** Rows whose keys are made at a time, and these keys. */
const CHUNK_ROWS = 1024;
const LOWS = new Int32Array(CHUNK_ROWS);
const HIGHS = new Int32Array(CHUNK_ROWS);
const HASHES = new Int32Array(CHUNK_ROWS);
/** About what the message of a dictionary takes in the file. */
const OVERHEAD_BYTES = 512;

/** Text in Arrow's form. */
export interface PlainText {
  readonly rows: number;
  /** Where each value begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Rows that are looked up together. */
interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly isNull: ((row: number) => boolean) | null;
}

/** A dictionary that is being made. Entries are numbered by first occurrence. */
export class DictionaryBuilder {
  /** Four numbers each: two for the bytes (see `makeKey`), their length, the entry plus 1. At most half are taken. */
  #slots = new Int32Array(FIRST_ENTRIES * 2 * SLOT);
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
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const chunk = { from, to: Math.min(rows, from + CHUNK_ROWS), isNull };
      if (!this.#encodeChunk(view, offsets, chunk, codes)) return undefined;
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
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let row = 0; row < rows; row++) {
      codes[row] = 0;
      if (isNull?.(row) === true) continue;
      const source = sources[row] ?? 0;
      let code = (known[source] ?? 0) - 1;
      if (code < 0) {
        code = this.#codeOf(view, offsets[source] ?? 0, offsets[source + 1] ?? 0);
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

  /** Makes the keys of all rows before any is looked up, so that the machine fetches several slots at the same time. */
  #encodeChunk(
    view: DataView,
    offsets: Int32Array,
    { from, to, isNull }: Chunk,
    codes: Int32Array,
  ): boolean {
    for (let row = from; row < to; row++) {
      makeKey(view, offsets[row] ?? 0, offsets[row + 1] ?? 0, row - from);
    }
    let slots = this.#slots;
    for (let row = from; row < to; row++) {
      if (isNull !== null && isNull(row)) {
        codes[row] = 0;
        continue;
      }
      const key = row - from;
      const start = offsets[row] ?? 0;
      const end = offsets[row + 1] ?? 0;
      const slot = (HASHES[key] ?? 0) & (slots.length - 1);
      const isSame =
        slots[slot] === LOWS[key] &&
        slots[slot + 1] === HIGHS[key] &&
        slots[slot + 2] === end - start;
      let code = (slots[slot + 3] ?? 0) - 1;
      if (!isSame || code < 0 || end - start > SHORT) {
        code = this.#find(key, view, start, end);
        if (code < 0) return false;
        slots = this.#slots;
      }
      codes[row] = code;
    }
    return true;
  }

  #codeOf(view: DataView, start: number, end: number): number {
    makeKey(view, start, end, 0);
    return this.#find(0, view, start, end);
  }

  /** Number of the value with a key, which is entered if it is new; −1 when there is no room. */
  #find(key: number, view: DataView, start: number, end: number): number {
    const low = LOWS[key] ?? 0;
    const high = HIGHS[key] ?? 0;
    const size = end - start;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (HASHES[key] ?? 0) & mask; ; slot = (slot + SLOT) & mask) {
      const code = (slots[slot + 3] ?? 0) - 1;
      if (code < 0) return this.#enter(slot, [low, high, size], view, start);
      const isSame = slots[slot] === low && slots[slot + 1] === high && slots[slot + 2] === size;
      if (isSame && (size <= SHORT || this.#isEntry(code, view, start, end))) return code;
    }
  }

  #isEntry(code: number, view: DataView, start: number, end: number): boolean {
    let at = this.#offsets[code] ?? 0;
    for (let i = start; i < end; i++) if (this.#bytes[at++] !== view.getUint8(i)) return false;
    return true;
  }

  #enter(
    slot: number,
    [low, high, length]: readonly [number, number, number],
    view: DataView,
    start: number,
  ): number {
    const code = this.#length;
    const at = this.#offsets[code] ?? 0;
    const size = at + length;
    if (code === MAX_ENTRIES || size > MAX_BYTES) return -1;
    if (size > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(size, this.#bytes.length * 2));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, length), at);
    this.#offsets[code + 1] = size;
    this.#slots[slot] = low;
    this.#slots[slot + 1] = high;
    this.#slots[slot + 2] = length;
    this.#slots[slot + 3] = code + 1;
    this.#length = code + 1;
    if (this.#length * 2 * SLOT === this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 2);
    this.#offsets = enlarged(this.#offsets, this.#length * 2 + 1);
    const mask = slots.length - 1;
    for (let from = 0; from < before.length; from += SLOT) {
      if (before[from + 3] === 0) continue;
      let slot = slotOf(before[from] ?? 0, before[from + 1] ?? 0, before[from + 2] ?? 0) & mask;
      while (slots[slot + 3] !== 0) slot = (slot + SLOT) & mask;
      for (let i = 0; i < SLOT; i++) slots[slot + i] = before[from + i] ?? 0;
    }
    this.#slots = slots;
  }
}

/**
 * Makes the key of a value: two numbers, which with the length are all of a short value, so that looking one up touches
 * nothing but its slot, and of a longer one are hashes; and where to begin to look for it.
 */
function makeKey(view: DataView, start: number, end: number, key: number): void {
  const size = end - start;
  let low = 0;
  let high = 0;
  if (size > SHORT) {
    for (let at = start; at < end; at += 4) {
      const word = view.getInt32(Math.min(at, end - 4), true);
      low = Math.imul(low ^ word, 0x01_00_01_93);
      high = (Math.imul(high ^ (word >>> 15) ^ word, 0x2c_1b_3c_6d) + 1) | 0;
    }
  } else if (start + SHORT <= view.byteLength) {
    if (size > 0) low = view.getInt32(start, true) & (-1 >>> Math.max(0, 32 - 8 * size));
    if (size > 4) high = view.getInt32(start + 4, true) & (-1 >>> (64 - 8 * size));
  } else {
    for (let at = start; at < end; at++) {
      const byte = view.getUint8(at) << (8 * ((at - start) & 3));
      if (at - start < 4) low |= byte;
      else high |= byte;
    }
  }
  LOWS[key] = low;
  HIGHS[key] = high;
  HASHES[key] = slotOf(low, high, size);
}

/** Where to begin to look for a value; its lowest bits are to be cut off. */
function slotOf(low: number, high: number, size: number): number {
  const mixed = Math.imul(low ^ size, 0x9e_37_79_b1 | 0) ^ Math.imul(high, 0x85_eb_ca_6b | 0);
  const hash = Math.imul(mixed ^ (mixed >>> 15), 0x2c_1b_3c_6d);
  return (hash ^ (hash >>> 13)) & -SLOT;
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
