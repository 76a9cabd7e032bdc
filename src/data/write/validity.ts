// Arrow validity bitmaps: one bit per row, set where there is a value, least significant bit first.

import type { InputPart } from './column-input.ts';

/** Tells whether a bitmap marks `row` as null. */
export function isNull(bitmap: Uint8Array, row: number): boolean {
  return (((bitmap[row >> 3] ?? 0) >> (row & 7)) & 1) === 0;
}

/** A bitmap that is being written. Rows are values unless marked. */
export class ValidityBuilder {
  #bits = new Uint8Array(128).fill(0xff);
  #nulls = 0;

  get nulls(): number {
    return this.#nulls;
  }

  /** Marks a row that is not marked yet. */
  markNull(row: number): void {
    const byte = row >> 3;
    while (byte >= this.#bits.length) this.#grow();
    this.#bits[byte] = (this.#bits[byte] ?? 0) & ~(1 << (row & 7));
    this.#nulls++;
  }

  /** Marks the rows from `at` on that are null in a part; `bitmap` holds its nulls. Returns how many there are. */
  markAll(bitmap: Uint8Array, { rows, start, end }: InputPart, at: number): number {
    const before = this.#nulls;
    for (let i = start; i < end; i++) {
      if (rows === null && (i & 7) === 0 && bitmap[i >> 3] === 0xff) i += 7;
      else if (isNull(bitmap, rows === null ? i : (rows[i] ?? 0))) this.markNull(at + i - start);
    }
    return this.#nulls - before;
  }

  /** Makes rows in `[from, to)` values again. */
  unmark(from: number, to: number): void {
    if (this.#nulls === 0) return;
    for (let row = from; row < to; row++) {
      if (this.isNull(row)) {
        this.#bits[row >> 3] = (this.#bits[row >> 3] ?? 0) | (1 << (row & 7));
        this.#nulls--;
      }
    }
  }

  isNull(row: number): boolean {
    return this.#nulls > 0 && row >> 3 < this.#bits.length && isNull(this.#bits, row);
  }

  /** Returns the bitmap of `rows` rows, bits beyond them clear; `null` when no row is null. */
  bitmap(rows: number): Uint8Array | null {
    if (this.#nulls === 0) return null;
    const length = (rows + 7) >> 3;
    while (length > this.#bits.length) this.#grow();
    const bitmap = this.#bits.slice(0, length);
    if ((rows & 7) !== 0) bitmap[length - 1] = (bitmap[length - 1] ?? 0) & ((1 << (rows & 7)) - 1);
    return bitmap;
  }

  clear(): void {
    if (this.#nulls > 0) this.#bits.fill(0xff);
    this.#nulls = 0;
  }

  #grow(): void {
    const bits = new Uint8Array(this.#bits.length * 2).fill(0xff);
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
