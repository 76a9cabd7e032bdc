// The distinct values of a column of strings in one slice file, which the rows refer to by number.

import { isNull } from '../write/validity.ts';
import type { ColumnChunk } from './slice-reader.ts';

/** A dictionary that was read. Stays valid, unlike the batches that refer to it. */
export class TextDictionary {
  readonly length: number;
  /** Where each string begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  /** All strings as UTF-8, one after another. */
  readonly bytes: Uint8Array;
  #strings: readonly string[] | undefined;

  constructor(length: number, offsets: Int32Array, bytes: Uint8Array) {
    this.length = length;
    this.offsets = offsets;
    this.bytes = bytes;
  }

  /** All strings by number, decoded once. */
  get strings(): readonly string[] {
    this.#strings ??= this.#decode();
    return this.#strings;
  }

  /** The string of a number. */
  get(code: number): string {
    return this.strings[code] ?? '';
  }

  /** All strings by number. */
  toArray(): string[] {
    return [...this.strings];
  }

  #decode(): readonly string[] {
    const { bytes, offsets, length } = this;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length }, (_, i) => buffer.toString('utf8', offsets[i], offsets[i + 1]));
  }
}

/** The numbers that the rows of a chunk refer by; 0 for a null. */
export function codesOf({ bytes, rows }: ColumnChunk): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, rows);
}

/** Writes out what the rows of a chunk refer to; nulls are empty. */
export function expandChunk(
  chunk: ColumnChunk,
  dictionary: TextDictionary,
): { readonly offsets: Int32Array; readonly bytes: Buffer } {
  const { rows, validity } = chunk;
  const codes = codesOf(chunk);
  const starts = dictionary.offsets;
  const offsets = new Int32Array(rows + 1);
  let size = 0;
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? 0;
    const isValue = validity === null || !isNull(validity, row);
    if (isValue) size += (starts[code + 1] ?? 0) - (starts[code] ?? 0);
    offsets[row + 1] = size;
  }
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let row = 0; row < rows; row++) {
    const end = offsets[row + 1] ?? 0;
    let from = starts[codes[row] ?? 0] ?? 0;
    for (let at = offsets[row] ?? 0; at < end; at++) bytes[at] = dictionary.bytes[from++] ?? 0;
  }
  return { offsets, bytes };
}
