// Columns of values of varying length in a batch, decoded only where asked for.

import { decodeNumber } from '../../util/number-text.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { codesOf, expandChunk } from '../format/text-dictionary.ts';
import type { TextDictionary } from '../format/text-dictionary.ts';
import { isNull } from '../write/validity.ts';
import { fillValues } from './fill-values.ts';

/** What columns of text have in common: one run of bytes, as writers take it. Valid until the next batch is read. */
class TextColumn {
  readonly type: 'number' | 'string' | 'bytes' | 'json';
  readonly length: number;
  /** Arrow bitmap, bit set where there is a value; `null` when there are no nulls. */
  readonly validity: Uint8Array | null;
  protected readonly chunk: ColumnChunk;
  #text: { readonly offsets: Int32Array; readonly bytes: Buffer } | undefined;

  constructor(type: TextColumn['type'], chunk: ColumnChunk) {
    this.type = type;
    this.length = chunk.rows;
    this.validity = chunk.validity;
    this.chunk = chunk;
  }

  /** Where each value begins in `bytes`, and where the last one ends. */
  get offsets(): Int32Array {
    return this.#written().offsets;
  }

  /**
   * All values, one after another: as UTF-8, JSON or decimal text, or as they are. Where they have a dictionary they are
   * written out when this is first asked for.
   */
  get bytes(): Uint8Array {
    return plainBytes(this.#written().bytes);
  }

  #written(): { readonly offsets: Int32Array; readonly bytes: Buffer } {
    const { dictionary } = this.chunk;
    if (dictionary === null) return this.chunk;
    this.#text ??= expandChunk(this.chunk, dictionary);
    return this.#text;
  }

  /** Tells whether there is no value in `row`. */
  isNull(row: number): boolean {
    return this.validity !== null && isNull(this.validity, row);
  }
}

/** A batch's strings. The strings it has given out stay valid. */
export class StringColumn extends TextColumn {
  /** The distinct strings of the slice file, where they repeat; `null` otherwise. The same object for all batches. */
  readonly dictionary: TextDictionary | null;
  /** Number of each row's string in `dictionary`, 0 for a null; `null` where there is none. */
  readonly codes: Int32Array | null;

  constructor(chunk: ColumnChunk) {
    super('string', chunk);
    this.dictionary = chunk.dictionary;
    this.codes = chunk.dictionary === null ? null : codesOf(chunk);
  }

  /** The string in `row`; `null` for a null. */
  get(row: number): string | null {
    if (this.isNull(row)) return null;
    return this.dictionary === null
      ? textAt(this.chunk, row)
      : this.dictionary.get(this.codes?.[row] ?? 0);
  }

  /** All strings, decoded together: faster than one by one. */
  toArray(): (string | null)[] {
    const strings: (string | null)[] = [];
    fillValues('string', 'usual')(this.chunk, strings, { start: 0, count: this.length });
    return strings;
  }
}

/** A batch's byte strings. */
export class BytesColumn extends TextColumn {
  constructor(chunk: ColumnChunk) {
    super('bytes', chunk);
  }

  /** The bytes in `row`, not copied; `null` for a null. */
  get(row: number): Uint8Array | null {
    if (this.isNull(row)) return null;
    return this.bytes.subarray(this.offsets[row], this.offsets[row + 1]);
  }
}

/** A batch's numbers of type number, kept as decimal text. */
export class NumberColumn extends TextColumn {
  constructor(chunk: ColumnChunk) {
    super('number', chunk);
  }

  /** The number in `row`: a bigint where one beyond ±(2^53 − 1) was written; `null` for a null. */
  get(row: number): number | bigint | null {
    if (this.isNull(row)) return null;
    return decodeNumber(this.chunk.bytes, this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0);
  }
}

/** A batch's JSON values. The values it has given out stay valid. */
export class JsonColumn extends TextColumn {
  constructor(chunk: ColumnChunk) {
    super('json', chunk);
  }

  /** The value in `row`, parsed anew by each call; `null` for a null. */
  get(row: number): unknown {
    return this.isNull(row) ? null : JSON.parse(textAt(this.chunk, row));
  }
}

/** A Buffer without what Buffer changes about Uint8Array. Nothing is copied. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function textAt({ bytes, offsets }: ColumnChunk, row: number): string {
  return bytes.toString('utf8', offsets[row], offsets[row + 1]);
}
