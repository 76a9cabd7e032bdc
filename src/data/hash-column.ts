// Places the rows of a batch: which slice each belongs to by the hash of one column. Agrees value by value with hash.ts.
// Loops over typed arrays and bytes; only plain arrays are looked at value by value.

import type { ColumnType } from '../model/column-type.ts';
import { UsageError } from '../model/errors.ts';
import { decodeNumber } from '../util/number-text.ts';
import { MICROSECONDS_PER_DAY } from '../util/units.ts';
import type { HashableValue } from './hash.ts';
import { hashSlice, sliceOfBytes, sliceOfInteger, sliceOfNumber } from './hash.ts';

/** Text or byte strings of many rows in one run of bytes, as `batches()` gives them. */
export interface TextInput {
  readonly length?: number;
  /** Where each value begins in `bytes`, and where the last one ends. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Text or byte strings of many rows as numbers of distinct values, as `batches()` gives them. */
export interface CodedInput {
  readonly length: number;
  /** For each row the place of its value in `dictionary`. */
  readonly codes: Int32Array | Uint32Array;
  readonly dictionary: TextInput;
}

/** What a column can be in a batch. */
export type PlaceableColumn =
  | readonly HashableValue[]
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | TextInput
  | CodedInput;

/** The rows to place. */
export interface PlaceableRows {
  readonly values: PlaceableColumn;
  /** Number of rows. */
  readonly length: number;
  /** Arrow bitmap; `null` or left out when nothing is null. A null goes to slice 0. */
  readonly validity?: Uint8Array | null | undefined;
}

const BYTE_VALUES = 256;

/** Tells the slices of the rows of batches. */
export class SlicePlacer {
  readonly #type: ColumnType;
  readonly #slices: number;
  #places = new Int32Array(0);
  /** The dictionary that was met last, and the slice of each of its values. */
  #dictionary: TextInput | undefined;
  #slicesOfCodes: Uint8Array | Int32Array = new Int32Array(0);

  /** `type` is that of the hash column; json columns have no hash. */
  constructor(type: ColumnType, slices: number) {
    if (type === 'json') {
      throw new UsageError({
        code: 'cannot_hash',
        message: 'Expected a column whose values can be hashed, got one of type json',
      });
    }
    this.#type = type;
    this.#slices = slices;
  }

  /** Returns the slice of each row, in memory that the next call uses again. */
  place({ values, length, validity }: PlaceableRows): Int32Array {
    if (this.#places.length < length) this.#places = new Int32Array(length);
    const places = this.#places.subarray(0, length);
    if (Array.isArray(values)) placeValues(values, this.#slices, places);
    else this.#placeColumn(values as Exclude<PlaceableColumn, readonly HashableValue[]>, places);
    if (validity !== undefined && validity !== null) clearNulls(validity, places);
    return places;
  }

  #placeColumn(
    values: Exclude<PlaceableColumn, readonly HashableValue[]>,
    places: Int32Array,
  ): void {
    const slices = this.#slices;
    if (this.#type === 'number' && 'offsets' in values) placeNumbers(values, slices, places);
    else if (isCoded(values)) this.#placeCodes(values, places);
    else if ('offsets' in values) placeText(values, slices, places);
    else if (this.#type === 'date') placeDays(values, slices, places);
    else if (values instanceof BigInt64Array) placeBigints(values, slices, places);
    else if (values instanceof Float64Array || values instanceof Float32Array) {
      for (let i = 0; i < places.length; i++) places[i] = sliceOfNumber(values[i] ?? 0, slices);
    } else if (values instanceof Uint32Array) {
      for (let i = 0; i < places.length; i++) places[i] = sliceOfInteger(values[i] ?? 0, 0, slices);
    } else placeIntegers(values, slices, places);
  }

  #placeCodes({ codes, dictionary }: CodedInput, places: Int32Array): void {
    if (this.#dictionary !== dictionary) {
      this.#dictionary = dictionary;
      const slicesOfCodes = new Int32Array(Math.max(0, dictionary.offsets.length - 1));
      placeText(dictionary, this.#slices, slicesOfCodes);
      // The smaller, the more of it is in the processor's cache: what is looked up lies in no order.
      const fitsByte = this.#slices <= BYTE_VALUES;
      this.#slicesOfCodes = fitsByte ? Uint8Array.from(slicesOfCodes) : slicesOfCodes;
    }
    const slicesOfCodes = this.#slicesOfCodes;
    for (let i = 0; i < places.length; i++) places[i] = slicesOfCodes[codes[i] ?? 0] ?? 0;
  }
}

function placeValues(values: readonly HashableValue[], slices: number, places: Int32Array): void {
  for (let i = 0; i < places.length; i++) places[i] = hashSlice(values[i], slices);
}

function placeIntegers(
  values: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array,
  slices: number,
  places: Int32Array,
): void {
  for (let i = 0; i < places.length; i++) {
    const value = values[i] ?? 0;
    places[i] = sliceOfInteger(value, value >> 31, slices);
  }
}

function placeBigints(values: BigInt64Array, slices: number, places: Int32Array): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 0; i < places.length; i++) {
    places[i] = sliceOfInteger(words[2 * i] ?? 0, words[2 * i + 1] ?? 0, slices);
  }
}

/** Days are hashed as microseconds, so that a date and the datetime at its beginning are equal. */
function placeDays(values: ArrayLike<unknown>, slices: number, places: Int32Array): void {
  for (let i = 0; i < places.length; i++) {
    places[i] = sliceOfNumber(Number(values[i]) * MICROSECONDS_PER_DAY, slices);
  }
}

function placeText({ offsets, bytes }: TextInput, slices: number, places: Int32Array): void {
  let start = offsets[0] ?? 0;
  for (let i = 0; i < places.length; i++) {
    const end = offsets[i + 1] ?? 0;
    places[i] = sliceOfBytes(bytes, start, end, slices);
    start = end;
  }
}

/** Numbers of any size are stored as text. */
function placeNumbers({ offsets, bytes }: TextInput, slices: number, places: Int32Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < places.length; i++) {
    const [start = 0, end = 0] = [offsets[i], offsets[i + 1]];
    places[i] = start === end ? 0 : hashSlice(decodeNumber(text, start, end), slices);
  }
}

function clearNulls(validity: Uint8Array, places: Int32Array): void {
  for (let i = 0; i < places.length; i++) {
    if (((validity[i >> 3] ?? 0) & (1 << (i & 7))) === 0) places[i] = 0;
  }
}

function isCoded(values: object): values is CodedInput {
  return 'codes' in values && values.codes !== null && values.codes !== undefined;
}
