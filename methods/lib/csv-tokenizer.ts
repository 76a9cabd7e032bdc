// Splits bytes into records and fields without making a string: fields are pairs of offsets, row after row.
// Unaware of files, types and lines. A quote counts only where a field begins; elsewhere it is an ordinary character.

import { isUtf8 } from 'node:buffer';

import { CsvFault } from './csv-fault.ts';
import { CR, LF } from './csv-format.ts';
import type { CsvFormat } from './csv-format.ts';

/** A field without quotes. */
export const PLAIN = 0;

/** A field in quotes; its offsets are those of the text between them. */
export const QUOTED = 1;

/** A field in quotes that holds doubled quotes. */
export const DOUBLED = 2;

/** Fields that a block has room for; it has room for one row however wide that is. */
const FIELDS_PER_BLOCK = 1 << 16;

/** What `splitRecord` gives when the record does not end within the bytes at hand. */
const INCOMPLETE = -1;

/** Stands for a byte that is not there. With `undefined` instead the hot loop is compiled to a third of the speed. */
const NONE = -2;

/** Whole records: field `column` of row `row` is at index `row * width + column` of `starts`, `ends` and `kinds`. */
export class FieldBlock {
  /** Fields of each record. */
  readonly width: number;
  rows = 0;
  /** The bytes that the offsets point into: valid until the next call of `split`. */
  bytes: Buffer = Buffer.alloc(0);
  /** All records taken are valid UTF-8: checked at once, which costs next to nothing. */
  isUtf8 = true;
  readonly starts: Int32Array;
  /** Exclusive. */
  readonly ends: Int32Array;
  /** `PLAIN`, `QUOTED` or `DOUBLED`. */
  readonly kinds: Uint8Array;
  readonly #format: CsvFormat;
  /** Where the quoted field ended that was met last. */
  #quotedEnd = 0;
  /** Fields of the record that was met last. */
  #fields = 0;

  constructor(width: number, format: CsvFormat) {
    const capacity = Math.max(1, Math.floor(FIELDS_PER_BLOCK / width)) * width;
    this.width = width;
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.kinds = new Uint8Array(capacity);
    this.#format = format;
  }

  /**
   * Takes the records that end within `bytes[start, end)`, as many as there is room for, and returns where the first
   * one begins that was not taken. A record ends with a line feed. Throws `CsvFault` for a record with too few or too
   * many fields and for text after a closing quote.
   */
  split(bytes: Buffer, start: number, end: number): number {
    this.bytes = bytes;
    this.rows = 0;
    this.kinds.fill(PLAIN);
    let position = start;
    for (let index = 0; index < this.starts.length; index += this.width) {
      const next = this.#splitRecord(index, position, end);
      if (next === INCOMPLETE) break;
      if (this.#fields !== this.width) throw raggedRecord(position, this.width, this.#fields);
      position = next;
      this.rows++;
    }
    this.isUtf8 = isUtf8(bytes.subarray(start, position));
    return position;
  }

  /** Takes one record of any number of fields and returns that number; those beyond the block's width are dropped. */
  splitOne(bytes: Buffer): number {
    this.bytes = bytes;
    this.kinds.fill(PLAIN);
    this.#splitRecord(0, 0, bytes.length);
    return this.#fields;
  }

  /** The text of the field at `index`, as a reader of the file would see it. */
  text(index: number): string {
    const text = this.bytes.toString('utf8', this.starts[index], this.ends[index]);
    if (this.kinds[index] !== DOUBLED) return text;
    const quote = String.fromCharCode(this.#format.quote);
    return text.replaceAll(quote + quote, quote);
  }

  #splitRecord(index: number, start: number, end: number): number {
    const { bytes, starts, ends, width } = this;
    const { separator, quote } = this.#format;
    let position = start;
    for (let column = 0; ; column++) {
      const fieldStart = position;
      let byte = position < end ? (bytes[position] ?? NONE) : NONE;
      const quoted = byte === quote;
      if (quoted) {
        position = this.#closeQuote(index + column, position, end);
        byte = bytes[position] ?? NONE;
      } else {
        while (byte !== separator && byte !== LF && position < end) {
          byte = bytes[++position] ?? NONE;
        }
      }
      if (position >= end) return INCOMPLETE;
      if (column < width) {
        const carriage = byte === LF && position > fieldStart && bytes[position - 1] === CR;
        starts[index + column] = quoted ? fieldStart + 1 : fieldStart;
        ends[index + column] = quoted ? this.#quotedEnd : carriage ? position - 1 : position;
      }
      position++;
      if (byte === LF) {
        this.#fields = column + 1;
        return position;
      }
    }
  }

  /** Finds the end of the quoted field that opens at `open`: gives where its separator or line feed is, or `end`. */
  #closeQuote(index: number, open: number, end: number): number {
    const { bytes } = this;
    const { separator, quote } = this.#format;
    let kind = QUOTED;
    let position = open + 1;
    for (; ; position += 2) {
      while (position < end && bytes[position] !== quote) position++;
      if (position + 1 >= end) return end;
      if (bytes[position + 1] !== quote) break;
      kind = DOUBLED;
    }
    this.#quotedEnd = position++;
    if (index < this.kinds.length) this.kinds[index] = kind;
    if (bytes[position] === CR) position++;
    if (position >= end) return end;
    const byte = bytes[position];
    if (byte !== LF && (byte !== separator || position > this.#quotedEnd + 1)) {
      throw strayText(this.#quotedEnd + 1);
    }
    return position;
  }
}

/** Text between a closing quote and the next separator or line end, at `offset`. */
export function strayText(offset: number): CsvFault {
  return new CsvFault(
    offset,
    'text after a closing quote (a quote within a quoted field must be doubled)',
  );
}

function raggedRecord(offset: number, expected: number, got: number): CsvFault {
  const fields = expected === 1 ? 'field' : 'fields';
  return new CsvFault(offset, `expected ${expected} ${fields} as in the header line, got ${got}`);
}

/** Copies `bytes[start, end)` with two quotes made one to the start of `target`, and returns the bytes written. */
export function undouble(
  field: { readonly bytes: Buffer; readonly start: number; readonly end: number },
  target: Buffer,
  quote: number,
): number {
  let length = 0;
  for (let i = field.start; i < field.end; i++) {
    const byte = field.bytes[i] ?? 0;
    target[length++] = byte;
    if (byte === quote) i++;
  }
  return length;
}
