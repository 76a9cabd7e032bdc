// One column of rows that come in any order and are put near where they belong in the end: into slots of the block of
// places that they belong to, one after another, so that memory is written from front to back in each block. Rows are put
// in their places when a block is handed out, all of which the processor's cache can hold.

import { emptyLike, isNullAt, longs, words } from '../tables/column-view.ts';
import type { ColumnView, NumberArray, TextValues } from '../tables/column-view.ts';
import { TextPieces } from './text-pieces.ts';

/** Places of a block: a power of two, whose exponent compiles to a shift. Those of a record batch. */
export const BLOCK_BITS = 16;
export const BLOCK_ROWS: number = 1 << BLOCK_BITS;

/** Which values go where: value `from[i]` to slot or place `to[i]`. */
export interface Placing {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly count: number;
}

const WORD_BYTES = 4;
/** So many texts are looked at before they are copied, so that memory fetches them side by side: 40 instead of 100 ns for each. */
const AHEAD = 32;
/** From here on a call into native code is faster than a loop. */
const LONG = 64;

/** Values in slots; those that nothing has been put into hold nothing of use. */
export class PlacedColumn {
  readonly #length: number;
  #validity: Uint8Array | null = null;
  #values: NumberArray | undefined;
  #codes: Uint32Array | undefined;
  #dictionary: TextValues | undefined;
  /** Where the text in each slot begins and ends in the bytes, in turn. */
  #ends: Int32Array | undefined;
  readonly #pieces: TextPieces;
  #textBytes = 0;
  /** What is handed out of a block. */
  readonly #block: BlockMemory = {};
  /** The dictionary that has been put among the bytes last, and where. */
  #written: { readonly dictionary: TextValues; readonly at: number } | undefined;

  /** `textBytes` is about what texts will take in all. */
  constructor(length: number, textBytes: number) {
    this.#length = length;
    this.#pieces = new TextPieces(Math.ceil(length / BLOCK_ROWS), textBytes, WORD_BYTES);
  }

  /** Forgets all values and keeps the memory. */
  clear(): void {
    this.#validity?.fill(0xff);
    this.#dictionary = undefined;
    this.#written = undefined;
    this.#pieces.clear();
    this.#textBytes = 0;
  }

  /** Bytes of texts. */
  get textBytes(): number {
    return this.#textBytes;
  }

  /** Puts rows of a batch into slots. */
  place(view: ColumnView, placing: Placing): void {
    this.#placeNulls(view.validity, placing);
    if (view.kind === 'fixed') {
      this.#values ??= emptyLike(view.values, this.#length);
      placeNumbers(view.values, this.#values, placing);
    } else if (view.kind === 'codes' && this.#keepsCodes(view.dictionary)) {
      this.#dictionary = view.dictionary;
      this.#codes ??= new Uint32Array(this.#length);
      place32(view.codes, this.#codes, placing);
    } else if (view.kind === 'codes') {
      this.#placeSpelled(view.codes, view.dictionary, placing);
    } else this.#placeText(view.text, placing);
  }

  /** The values of a block, whose slots begin at `start`, in their places: good until those of another are asked for. */
  view(start: number, placing: Placing): ColumnView {
    const end = start + placing.count;
    const validity = this.#placedValidity(start, placing);
    const base = { length: placing.count, validity };
    if (this.#values !== undefined) {
      const values = (this.#block.values ??= emptyLike(this.#values, BLOCK_ROWS));
      placeNumbers(this.#values.subarray(start, end), values, placing);
      return { ...base, kind: 'fixed', values: values.subarray(0, placing.count) };
    }
    if (this.#codes !== undefined && this.#dictionary !== undefined) {
      const codes = (this.#block.codes ??= new Uint32Array(BLOCK_ROWS));
      place32(this.#codes.subarray(start, end), codes, placing);
      const dictionary = this.#dictionary;
      return { ...base, kind: 'codes', codes: codes.subarray(0, placing.count), dictionary };
    }
    return { ...base, kind: 'text', text: this.#placedText(start, placing, validity) };
  }

  #keepsCodes(dictionary: TextValues): boolean {
    return this.#ends === undefined && (this.#dictionary ?? dictionary) === dictionary;
  }

  #placeNulls(validity: Uint8Array | null, { from, to, count }: Placing): void {
    if (validity === null) return;
    this.#validity ??= new Uint8Array((this.#length + 7) >> 3).fill(0xff);
    const bits = this.#validity;
    for (let i = 0; i < count; i++) {
      if (isNullAt(validity, from[i] ?? 0)) clearBit(bits, to[i] ?? 0);
    }
  }

  #placedValidity(start: number, { from, to, count }: Placing): Uint8Array | null {
    if (this.#validity === null) return null;
    const bits = new Uint8Array((count + 7) >> 3).fill(0xff);
    for (let i = 0; i < count; i++) {
      if (isNullAt(this.#validity, start + (from[i] ?? 0))) clearBit(bits, to[i] ?? 0);
    }
    return bits;
  }

  #placeText({ offsets, bytes }: TextValues, { from, to, count }: Placing): void {
    const ends = this.#textEnds();
    const pieces = this.#pieces;
    const { heads, tails, mostBytes } = pieces;
    const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let memory = pieces.bytes;
    let target = new DataView(memory.buffer);
    const safe = bytes.length - WORD_BYTES;
    let size = 0;
    for (let i = 0; i < count; i++) {
      const row = from[i] ?? 0;
      const slot = to[i] ?? 0;
      const start = offsets[row] ?? 0;
      const length = (offsets[row + 1] ?? 0) - start;
      const block = slot >>> BLOCK_BITS;
      let at = heads[block] ?? 0;
      const end = at + length;
      if (length <= mostBytes && end + WORD_BYTES <= (tails[block] ?? 0)) heads[block] = end;
      else {
        at = pieces.place(block, length);
        memory = pieces.bytes;
        if (memory.buffer !== target.buffer) target = new DataView(memory.buffer);
      }
      if (length > LONG || start + length > safe) {
        memory.set(bytes.subarray(start, start + length), at);
      } else {
        for (let j = 0; j < length; j += WORD_BYTES) {
          target.setInt32(at + j, source.getInt32(start + j));
        }
      }
      ends[slot * 2] = at;
      ends[slot * 2 + 1] = at + length;
      size += length;
    }
    this.#textBytes += size;
  }

  /** Lets texts begin and end in the dictionary, which is put among the bytes once. */
  #placeSpelled(codes: Uint32Array, dictionary: TextValues, placing: Placing): void {
    const ends = this.#textEnds();
    const { from, to, count } = placing;
    const at = this.#write(dictionary);
    const { offsets } = dictionary;
    for (let i = 0; i < count; i++) {
      const code = codes[from[i] ?? 0] ?? 0;
      const slot = to[i] ?? 0;
      ends[slot * 2] = (offsets[code] ?? 0) + at;
      ends[slot * 2 + 1] = (offsets[code + 1] ?? 0) + at;
    }
  }

  /** From the first text on that is not of the same dictionary as all before it, texts are no longer kept as codes. */
  #textEnds(): Int32Array {
    if (this.#ends !== undefined) return this.#ends;
    const ends = new Int32Array(this.#length * 2);
    this.#ends = ends;
    const [codes, dictionary] = [this.#codes, this.#dictionary];
    if (codes === undefined || dictionary === undefined) return ends;
    const at = this.#write(dictionary);
    for (let slot = 0; slot < codes.length; slot++) {
      const code = codes[slot] ?? 0;
      ends[slot * 2] = (dictionary.offsets[code] ?? 0) + at;
      ends[slot * 2 + 1] = (dictionary.offsets[code + 1] ?? 0) + at;
    }
    this.#codes = undefined;
    this.#dictionary = undefined;
    return ends;
  }

  #write(dictionary: TextValues): number {
    if (this.#written?.dictionary === dictionary) return this.#written.at;
    const at = this.#pieces.take(dictionary.bytes.length);
    this.#pieces.bytes.set(dictionary.bytes, at);
    this.#written = { dictionary, at };
    this.#textBytes += dictionary.bytes.length;
    return at;
  }

  /** Copies the texts of a block into the order of their places; nulls are empty. */
  #placedText(start: number, placing: Placing, validity: Uint8Array | null): TextValues {
    const { count } = placing;
    const slots = this.#textEnds().subarray(start * 2, (start + count) * 2);
    const ends = (this.#block.ends ??= new Int32Array(BLOCK_ROWS * 2)).subarray(0, count * 2);
    place64(pairsOf(slots), pairsOf(ends), placing);
    const offsets = offsetsOf(ends, validity);
    const bytes = new Uint8Array((offsets[count] ?? 0) + WORD_BYTES);
    copyTexts(this.#pieces.bytes, ends, { offsets, bytes });
    return { offsets, bytes };
  }
}

/** Memory for the values of one block, made when it is first needed. */
interface BlockMemory {
  values?: NumberArray;
  codes?: Uint32Array;
  ends?: Int32Array;
}

function pairsOf({ buffer, byteOffset, length }: Int32Array): BigUint64Array {
  return new BigUint64Array(buffer, byteOffset, length >> 1);
}

function clearBit(bits: Uint8Array, at: number): void {
  bits[at >> 3] = (bits[at >> 3] ?? 0) & ~(1 << (at & 7));
}

/** Where texts will begin when they lie one behind the other. */
function offsetsOf(ends: Int32Array, validity: Uint8Array | null): Int32Array {
  const count = ends.length >> 1;
  const offsets = new Int32Array(count + 1);
  let size = 0;
  for (let i = 0; i < count; i++) {
    if (!isNullAt(validity, i)) size += (ends[i * 2 + 1] ?? 0) - (ends[i * 2] ?? 0);
    offsets[i + 1] = size;
  }
  return offsets;
}

/** Copies words of four bytes; what that writes too much is written over by the next text. */
function copyTexts(bytes: Uint8Array, ends: Int32Array, target: TextValues): void {
  const input = new DataView(bytes.buffer);
  const output = new DataView(target.bytes.buffer);
  const { offsets } = target;
  const safe = bytes.length - WORD_BYTES;
  const count = offsets.length - 1;
  let at = 0;
  let touched = 0;
  for (let first = 0; first < count; first += AHEAD) {
    const last = Math.min(count, first + AHEAD);
    for (let i = first; i < last; i++) touched ^= bytes[ends[i * 2] ?? 0] ?? 0;
    for (let i = first; i < last; i++) {
      const from = ends[i * 2] ?? 0;
      const end = offsets[i + 1] ?? 0;
      const length = end - at;
      if (length > LONG || from + length > safe) {
        target.bytes.set(bytes.subarray(from, from + length), at);
      } else {
        for (let j = 0; j < length; j += WORD_BYTES) {
          output.setInt32(at + j, input.getInt32(from + j));
        }
      }
      at = end;
    }
  }
  // Behind the last text; without it the compiler would leave out the looking.
  target.bytes[at] = touched;
}

/** One loop for each width: a loop that saw all nine kinds of arrays would be compiled for none. */
function placeNumbers(source: NumberArray, target: NumberArray, placing: Placing): void {
  switch (source.BYTES_PER_ELEMENT) {
    case 1:
      return place8(words(Uint8Array, source, 1), words(Uint8Array, target, 1), placing);
    case 2:
      return place16(words(Uint16Array, source, 2), words(Uint16Array, target, 2), placing);
    case 4:
      return place32(words(Uint32Array, source, 4), words(Uint32Array, target, 4), placing);
    default:
      return place64(longs(source), longs(target), placing);
  }
}

function place8(source: Uint8Array, target: Uint8Array, { from, to, count }: Placing): void {
  for (let i = 0; i < count; i++) target[to[i] ?? 0] = source[from[i] ?? 0] ?? 0;
}

function place16(source: Uint16Array, target: Uint16Array, { from, to, count }: Placing): void {
  for (let i = 0; i < count; i++) target[to[i] ?? 0] = source[from[i] ?? 0] ?? 0;
}

function place32(source: Uint32Array, target: Uint32Array, { from, to, count }: Placing): void {
  for (let i = 0; i < count; i++) target[to[i] ?? 0] = source[from[i] ?? 0] ?? 0;
}

/** As integers, because floats could lose the bits of a NaN. Compiled, this makes no bigint. */
function place64(source: BigUint64Array, target: BigUint64Array, placing: Placing): void {
  const { from, to, count } = placing;
  for (let i = 0; i < count; i++) target[to[i] ?? 0] = source[from[i] ?? 0] ?? 0n;
}
