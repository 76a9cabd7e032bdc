// One column of rows that are put where they belong in the end, batch by batch, in whatever order they come.
// Values of a fixed size are moved once; texts lie in the order in which they come, with the places they belong to.

import { emptyLike, isNullAt, longs, words } from '../tables/column-view.ts';
import type { ColumnView, NumberArray, TextValues } from '../tables/column-view.ts';

/** Which rows of a batch go where: row `from[i]` to place `to[i]`. */
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
const MAX_BYTES = 0x7f_ff_ff_ff;

/** Values at places; those that nothing has been put at hold nothing of use. */
export class PlacedColumn {
  readonly #length: number;
  readonly #expected: number;
  #validity: Uint8Array | null = null;
  #values: NumberArray | undefined;
  #codes: Uint32Array | undefined;
  #dictionary: TextValues | undefined;
  /** Where the text at each place begins and ends in the bytes, in turn. */
  #ends: Int32Array | undefined;
  #bytes = new Uint8Array(0);
  #used = 0;
  /** The dictionary that has been put among the bytes last, and where. */
  #written: { readonly dictionary: TextValues; readonly at: number } | undefined;

  /** `textBytes` is about what texts will take in all. */
  constructor(length: number, textBytes: number) {
    this.#length = length;
    this.#expected = Math.min(MAX_BYTES, Math.ceil(textBytes));
  }

  /** Forgets all values and keeps the memory. */
  clear(): void {
    this.#validity?.fill(0xff);
    this.#dictionary = undefined;
    this.#written = undefined;
    this.#used = 0;
  }

  /** Bytes of texts. */
  get textBytes(): number {
    return this.#used;
  }

  /** Puts rows of a batch in their places. */
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

  /** The values at places `[start, end)`; `start` is a multiple of 8. */
  view(start: number, end: number): ColumnView {
    const length = end - start;
    const validity = this.#validity?.subarray(start >> 3, (end + 7) >> 3) ?? null;
    if (this.#values !== undefined) {
      return { kind: 'fixed', length, validity, values: this.#values.subarray(start, end) };
    }
    if (this.#codes !== undefined && this.#dictionary !== undefined) {
      const codes = this.#codes.subarray(start, end);
      return { kind: 'codes', length, validity, codes, dictionary: this.#dictionary };
    }
    return { kind: 'text', length, validity, text: this.#textOf(start, end, validity) };
  }

  #keepsCodes(dictionary: TextValues): boolean {
    return this.#ends === undefined && (this.#dictionary ?? dictionary) === dictionary;
  }

  #placeNulls(validity: Uint8Array | null, { from, to, count }: Placing): void {
    if (validity === null) return;
    this.#validity ??= new Uint8Array((this.#length + 7) >> 3).fill(0xff);
    const bits = this.#validity;
    for (let i = 0; i < count; i++) {
      if (!isNullAt(validity, from[i] ?? 0)) continue;
      const place = to[i] ?? 0;
      bits[place >> 3] = (bits[place >> 3] ?? 0) & ~(1 << (place & 7));
    }
  }

  #placeText({ offsets, bytes }: TextValues, { from, to, count }: Placing): void {
    const ends = this.#textEnds();
    let size = WORD_BYTES;
    for (let i = 0; i < count; i++) {
      const row = from[i] ?? 0;
      size += (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
    }
    this.#reserve(size);
    const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const target = new DataView(this.#bytes.buffer);
    const safe = bytes.length - WORD_BYTES;
    let used = this.#used;
    for (let i = 0; i < count; i++) {
      const row = from[i] ?? 0;
      const place = to[i] ?? 0;
      const start = offsets[row] ?? 0;
      const length = (offsets[row + 1] ?? 0) - start;
      if (length > LONG || start + length > safe) {
        this.#bytes.set(bytes.subarray(start, start + length), used);
      } else {
        for (let j = 0; j < length; j += WORD_BYTES) {
          target.setInt32(used + j, source.getInt32(start + j));
        }
      }
      ends[place * 2] = used;
      used += length;
      ends[place * 2 + 1] = used;
    }
    this.#used = used;
  }

  /** Lets texts begin and end in the dictionary, which is put among the bytes once. */
  #placeSpelled(codes: Uint32Array, dictionary: TextValues, placing: Placing): void {
    const ends = this.#textEnds();
    const { from, to, count } = placing;
    const at = this.#write(dictionary);
    const { offsets } = dictionary;
    for (let i = 0; i < count; i++) {
      const code = codes[from[i] ?? 0] ?? 0;
      const place = to[i] ?? 0;
      ends[place * 2] = (offsets[code] ?? 0) + at;
      ends[place * 2 + 1] = (offsets[code + 1] ?? 0) + at;
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
    for (let place = 0; place < codes.length; place++) {
      const code = codes[place] ?? 0;
      ends[place * 2] = (dictionary.offsets[code] ?? 0) + at;
      ends[place * 2 + 1] = (dictionary.offsets[code + 1] ?? 0) + at;
    }
    this.#codes = undefined;
    this.#dictionary = undefined;
    return ends;
  }

  #write(dictionary: TextValues): number {
    if (this.#written?.dictionary === dictionary) return this.#written.at;
    const at = this.#used;
    this.#reserve(dictionary.bytes.length);
    this.#bytes.set(dictionary.bytes, at);
    this.#used += dictionary.bytes.length;
    this.#written = { dictionary, at };
    return at;
  }

  #reserve(bytes: number): void {
    const size = this.#used + bytes;
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(
      Math.max(size, this.#expected, Math.min(MAX_BYTES, this.#bytes.length * 1.5)),
    );
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }

  /** Copies the texts at some places into the order of their places; nulls are empty. */
  #textOf(start: number, end: number, validity: Uint8Array | null): TextValues {
    const ends = this.#textEnds().subarray(start * 2, end * 2);
    const offsets = offsetsOf(ends, validity);
    const bytes = new Uint8Array((offsets[end - start] ?? 0) + WORD_BYTES);
    copyTexts(this.#bytes, ends, { offsets, bytes });
    return { offsets, bytes };
  }
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
