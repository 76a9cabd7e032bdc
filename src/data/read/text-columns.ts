// Columns of values of varying length in a batch, decoded only where asked for.

import { decodeNumber } from '../../util/number-text.ts';
import type { ColumnChunk } from '../format/slice-reader.ts';
import { isNull } from '../write/validity.ts';
import { fillValues } from './fill-values.ts';

/** A batch's strings. Valid until the next batch is read; the strings it has given out stay. */
export class StringColumn {
  readonly length: number;
  /** Where each string begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  /** All strings as UTF-8, one after another. */
  readonly bytes: Uint8Array;
  readonly #chunk: ColumnChunk;

  constructor(chunk: ColumnChunk) {
    this.length = chunk.rows;
    this.offsets = chunk.offsets;
    this.bytes = plainBytes(chunk.bytes);
    this.#chunk = chunk;
  }

  /** The string in `row`; `null` for a null. */
  get(row: number): string | null {
    return isNullIn(this.#chunk, row) ? null : textAt(this.#chunk, row);
  }

  /** All strings, decoded together: faster than one by one. */
  toArray(): (string | null)[] {
    const strings: (string | null)[] = [];
    fillValues('string', 'usual')(this.#chunk, strings, { start: 0, count: this.length });
    return strings;
  }
}

/** A batch's byte strings. Valid until the next batch is read. */
export class BytesColumn {
  readonly length: number;
  /** Where each value begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  /** All values, one after another. */
  readonly bytes: Uint8Array;
  readonly #chunk: ColumnChunk;

  constructor(chunk: ColumnChunk) {
    this.length = chunk.rows;
    this.offsets = chunk.offsets;
    this.bytes = plainBytes(chunk.bytes);
    this.#chunk = chunk;
  }

  /** The bytes in `row`, not copied; `null` for a null. */
  get(row: number): Uint8Array | null {
    if (isNullIn(this.#chunk, row)) return null;
    return this.bytes.subarray(this.offsets[row], this.offsets[row + 1]);
  }
}

/** A batch's numbers of type number, kept as decimal text. Valid until the next batch is read. */
export class NumberColumn {
  readonly length: number;
  /** Where each number begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  /** All numbers as decimal text, one after another. */
  readonly bytes: Uint8Array;
  readonly #chunk: ColumnChunk;

  constructor(chunk: ColumnChunk) {
    this.length = chunk.rows;
    this.offsets = chunk.offsets;
    this.bytes = plainBytes(chunk.bytes);
    this.#chunk = chunk;
  }

  /** The number in `row`: a bigint where one beyond ±(2^53 − 1) was written; `null` for a null. */
  get(row: number): number | bigint | null {
    if (isNullIn(this.#chunk, row)) return null;
    return decodeNumber(this.#chunk.bytes, this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0);
  }
}

/** A batch's JSON values. Valid until the next batch is read; the values it has given out stay. */
export class JsonColumn {
  readonly length: number;
  readonly #chunk: ColumnChunk;

  constructor(chunk: ColumnChunk) {
    this.length = chunk.rows;
    this.#chunk = chunk;
  }

  /** The value in `row`, parsed anew by each call; `null` for a null. */
  get(row: number): unknown {
    return isNullIn(this.#chunk, row) ? null : JSON.parse(textAt(this.#chunk, row));
  }
}

/** A Buffer without what Buffer changes about Uint8Array. Nothing is copied. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function isNullIn({ validity }: ColumnChunk, row: number): boolean {
  return validity !== null && isNull(validity, row);
}

function textAt({ bytes, offsets }: ColumnChunk, row: number): string {
  return bytes.toString('utf8', offsets[row], offsets[row + 1]);
}
