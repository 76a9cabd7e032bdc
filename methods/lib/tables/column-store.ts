// Gathers the rows of many batches of one column. A dictionary is kept as long as all batches share it.

import type { ColumnType } from 'acc-engine';

import { emptyLike, isNullAt, spelledOut } from './column-view.ts';
import type { ColumnView, NumberArray, TextValues } from './column-view.ts';
import { fixedValues } from './fixed-values.ts';

/** Rows of one column, growing. */
export class ColumnStore {
  #length = 0;
  #capacity = 0;
  /** One bit per row, set where there is a value; `null` while no row is null. */
  #validity: Uint8Array | null = null;
  #values: NumberArray | undefined;
  #codes: Uint32Array | undefined;
  #dictionary: TextValues | undefined;
  #text: { offsets: Int32Array; bytes: Uint8Array } | undefined;

  /** `type` says what is held while there is no row yet. */
  constructor(type: ColumnType) {
    this.#values = fixedValues(type, 0) ?? undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of the values held. */
  get sizeBytes(): number {
    if (this.#values !== undefined) return this.#length * this.#values.BYTES_PER_ELEMENT;
    return this.#length * 4 + (this.#text?.offsets[this.#length] ?? 0);
  }

  /** Makes room for that many rows in all, of values like those held. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const grow = rows / Math.max(1, this.#length);
    this.#capacity = rows;
    if (this.#values !== undefined) this.#values = grown(this.#values, rows);
    if (this.#codes !== undefined) this.#codes = grown(this.#codes, rows);
    if (this.#text !== undefined) {
      const used = this.#text.offsets[this.#length] ?? 0;
      this.#text = {
        offsets: grown(this.#text.offsets, rows + 1),
        bytes: grown(this.#text.bytes, Math.ceil(used * grow)),
      };
    }
    if (this.#validity !== null) this.#validity = grown(this.#validity, (rows + 7) >> 3);
  }

  /** Appends all rows of `view`. */
  append(view: ColumnView): void {
    const rows = this.#length + view.length;
    if (rows > this.#capacity) this.reserve(Math.max(rows, this.#length * 2));
    this.#appendValidity(view);
    if (view.kind === 'fixed') this.#appendNumbers(view.values);
    else if (view.kind === 'codes' && this.#text === undefined) this.#appendCodes(view);
    else this.#appendText(view);
    this.#length = rows;
  }

  /** All rows held. Good until the next row is appended. */
  view(): ColumnView {
    const length = this.#length;
    const validity = this.#validity;
    if (this.#values !== undefined) {
      return { kind: 'fixed', length, validity, values: this.#values.subarray(0, length) };
    }
    if (this.#codes !== undefined && this.#dictionary !== undefined) {
      const codes = this.#codes.subarray(0, length);
      return { kind: 'codes', length, validity, codes, dictionary: this.#dictionary };
    }
    const { offsets, bytes } = this.#text ?? {
      offsets: new Int32Array(1),
      bytes: new Uint8Array(0),
    };
    const used = { offsets: offsets.subarray(0, length + 1), bytes };
    return { kind: 'text', length, validity, text: used };
  }

  /** Forgets all rows and keeps the memory. */
  clear(): void {
    this.#length = 0;
    this.#validity = null;
  }

  #appendNumbers(values: NumberArray): void {
    this.#values ??= emptyLike(values, this.#capacity);
    setNumbers(this.#values, values, this.#length);
  }

  #appendCodes(view: Extract<ColumnView, { readonly kind: 'codes' }>): void {
    if (this.#dictionary !== undefined && !isSame(this.#dictionary, view.dictionary)) {
      if (this.#length > 0) {
        this.#spellOut();
        this.#appendText(view);
        return;
      }
      this.#dictionary = undefined;
    }
    this.#dictionary ??= view.dictionary;
    this.#codes ??= new Uint32Array(this.#capacity);
    this.#codes.set(view.codes.subarray(0, view.length), this.#length);
  }

  /** Replaces codes by texts, for batches with another dictionary or none. */
  #spellOut(): void {
    const held = this.view();
    this.#codes = undefined;
    this.#dictionary = undefined;
    if (held.kind !== 'codes') return;
    const text = spelledOut(held);
    this.#text = { offsets: grown(text.offsets, this.#capacity + 1), bytes: text.bytes };
  }

  #appendText(view: ColumnView): void {
    if (view.kind === 'fixed') throw new Error('Internal error: numbers among texts');
    if (this.#codes !== undefined) this.#spellOut();
    this.#text ??= { offsets: new Int32Array(this.#capacity + 1), bytes: new Uint8Array(0) };
    const { offsets, bytes } = view.kind === 'text' ? view.text : spelledOut(view);
    const at = this.#text.offsets[this.#length] ?? 0;
    const [start, end] = [offsets[0] ?? 0, offsets[view.length] ?? 0];
    const size = at + end - start;
    if (size > this.#text.bytes.length) {
      this.#text.bytes = grown(this.#text.bytes, Math.max(size, this.#text.bytes.length * 2));
    }
    this.#text.bytes.set(bytes.subarray(start, end), at);
    for (let i = 1; i <= view.length; i++) {
      this.#text.offsets[this.#length + i] = (offsets[i] ?? 0) - start + at;
    }
  }

  #appendValidity({ validity, length }: ColumnView): void {
    if (validity === null && this.#validity === null) return;
    this.#validity ??= new Uint8Array((this.#capacity + 7) >> 3).fill(0xff);
    const bits = this.#validity;
    for (let i = 0; i < length; i++) {
      const row = this.#length + i;
      const bit = 1 << (row & 7);
      const byte = bits[row >> 3] ?? 0;
      bits[row >> 3] = isNullAt(validity, i) ? byte & ~bit : byte | bit;
    }
  }
}

function isSame(a: TextValues, b: TextValues): boolean {
  return a === b || (a.offsets === b.offsets && a.bytes === b.bytes);
}

function grown<Kind extends NumberArray>(values: Kind, length: number): Kind {
  const larger = emptyLike(values, length);
  setNumbers(larger, values.length > length ? values.subarray(0, length) : values, 0);
  return larger as Kind;
}

/** Both arrays are of one kind, which the compiler cannot see. */
function setNumbers(target: NumberArray, values: NumberArray, at: number): void {
  (target as Uint8Array).set(values as Uint8Array, at);
}
