// Strings that come as codes into a dictionary: gathered from there, and remembered as codes as long as a column gets
// nothing else, so that its own dictionary need not look them up again.

import type { ColumnarText, InputPart } from './column-input.ts';

/** Texts that rows refer to by number. */
export interface TextEntries {
  /** Where each text begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Strings of a column with a dictionary. What `offsets` and `bytes` give is made when they are first asked for. */
export interface CodedText extends ColumnarText {
  readonly codes: Int32Array;
  readonly dictionary: TextEntries;
}

/** The codes of some rows, those of nulls being of no meaning. */
export interface RowCodes {
  readonly codes: Int32Array;
  /** The same object wherever the codes mean the same. */
  readonly dictionary: TextEntries;
}

/** Tells whether text comes with codes and was read from a column of strings. */
export function isCodedText(text: ColumnarText): text is CodedText {
  const { codes = null, dictionary = null } = text;
  return text.type === 'string' && codes !== null && dictionary !== null;
}

/** The codes of a column's rows, as long as all of them came as codes into one dictionary. */
export class CodeTrail {
  #codes = new Int32Array(0);
  #dictionary: TextEntries | null = null;
  #length = 0;

  /** Notes the codes of rows that are appended to the `at` rows there are. */
  append({ codes, dictionary }: CodedText, { rows, start, end }: InputPart, at: number): void {
    if (at === 0) {
      this.#dictionary = dictionary;
      this.#length = 0;
    }
    if (this.#length !== at || this.#dictionary !== dictionary) return;
    const length = at + end - start;
    this.#reserve(length);
    const target = this.#codes;
    if (rows === null) target.set(codes.subarray(start, end), at);
    else pickCodes(codes, rows.subarray(start, end), target.subarray(at, length));
    this.#length = length;
  }

  /** Forgets rows from `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** The codes of all of the column's `length` rows; `null` when not all came as codes. */
  codes(length: number): RowCodes | null {
    if (this.#dictionary === null || this.#length !== length) return null;
    return { codes: this.#codes.subarray(0, length), dictionary: this.#dictionary };
  }

  #reserve(length: number): void {
    if (length <= this.#codes.length) return;
    const codes = new Int32Array(Math.max(length, this.#codes.length * 2));
    codes.set(this.#codes);
    this.#codes = codes;
  }
}

/** Gets nothing but arrays of known kinds: see copy-entries.ts. */
function pickCodes(codes: Int32Array, rows: Int32Array | Uint32Array, target: Int32Array): void {
  for (let i = 0; i < rows.length; i++) target[i] = codes[rows[i] ?? 0] ?? 0;
}
