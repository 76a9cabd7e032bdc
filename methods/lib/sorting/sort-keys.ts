// What rows are sorted by, as unsigned 32-bit words: comparing the words of two rows one after another gives their order.
// In every type a null counts as lower than all values, but in date, time and datetime as higher; NaN counts as higher
// than all numbers, and −0 as 0. Descending turns all of that around, unless `nulls` says where nulls go.

import type { ColumnType } from 'acc-engine';

import { isNullAt } from '../tables/column-view.ts';
import type { ColumnView, NumberArray, TextValues } from '../tables/column-view.ts';
import { WORD } from '../values/units.ts';
import { textRanks } from './text-order.ts';

/** A column to sort by. */
export interface SortColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const HIGHEST = 0xff_ff_ff_ff;
const SIGN = 0x80_00_00_00;
const MOST_COMPACT = 2 ** 52;
/** Numbers of 64 bits are often microseconds of whole seconds or milliseconds, which need fewer bits. */
const COMMON_DIVISORS = [1_000_000, 1000];

/** Tells whether nulls of a type count as lower than its values. */
export function nullsAreLow(type: ColumnType): boolean {
  return type !== 'date' && type !== 'time' && type !== 'datetime';
}

/** Words that order the rows of `view` among themselves. */
export function localWords(column: SortColumn, view: ColumnView): Uint32Array[] {
  const words =
    view.kind === 'fixed' ? compactWords(column, view.values) : [rankWords(column, view)];
  return withDirection(column, view, words);
}

/** Words that order rows wherever they are; for fixed-size values only. The first is for nulls, if there is a bitmap. */
export function globalWords(column: SortColumn, view: ColumnView): Uint32Array[] {
  if (view.kind !== 'fixed') throw new Error('Internal error: text has no words of its own');
  return withDirection(column, view, valueWords(column, view.values));
}

/** One word that orders nulls against values, whether there are nulls or not. */
export function nullWord(
  { nullsFirst }: SortColumn,
  { validity, length }: ColumnView,
): Uint32Array {
  const word = new Uint32Array(length);
  for (let row = 0; row < length; row++) {
    word[row] = isNullAt(validity, row) === nullsFirst ? 0 : 1;
  }
  return word;
}

function withDirection(
  column: SortColumn,
  view: ColumnView,
  words: readonly Uint32Array[],
): Uint32Array[] {
  const { validity, length } = view;
  for (const word of words) {
    if (column.descending) for (let row = 0; row < length; row++) word[row] = ~(word[row] ?? 0);
    if (validity === null) continue;
    for (let row = 0; row < length; row++) if (isNullAt(validity, row)) word[row] = 0;
  }
  return validity === null ? [...words] : [nullWord(column, view), ...words];
}

function compactWords(column: SortColumn, values: NumberArray): Uint32Array[] {
  const word = values instanceof BigInt64Array ? compactInt64(values) : null;
  return word === null ? valueWords(column, values) : [word];
}

function valueWords({ type }: SortColumn, values: NumberArray): Uint32Array[] {
  if (values instanceof Float64Array) return float64Words(values);
  if (values instanceof Float32Array) return float64Words(Float64Array.from(values));
  if (values instanceof BigInt64Array) return int64Words(values);
  if (type === 'bool' || type.startsWith('uint')) return [Uint32Array.from(values)];
  const word = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) word[row] = (values[row] ?? 0) ^ SIGN;
  return [word];
}

function float64Words(values: Float64Array): Uint32Array[] {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    const top = bits[row * 2 + 1] ?? 0;
    if (Number.isNaN(value)) high[row] = low[row] = HIGHEST;
    else if (value === 0) high[row] = SIGN;
    else if (top >= SIGN) {
      high[row] = ~top;
      low[row] = ~(bits[row * 2] ?? 0);
    } else {
      high[row] = top ^ SIGN;
      low[row] = bits[row * 2] ?? 0;
    }
  }
  return [high, low];
}

function int64Words(values: BigInt64Array): Uint32Array[] {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    low[row] = bits[row * 2] ?? 0;
    high[row] = (bits[row * 2 + 1] ?? 0) ^ SIGN;
  }
  return [high, low];
}

/** One word where the differences of 64-bit integers fit into it, which halves the work of sorting; else `null`. */
function compactInt64(values: BigInt64Array): Uint32Array | null {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const base = bits[1] ?? 0;
  let [smallest, largest] = [Infinity, -Infinity];
  for (let at = 0; at < bits.length; at += 2) {
    const offset = ((bits[at + 1] ?? 0) - base) * WORD + ((bits[at] ?? 0) >>> 0);
    if (offset < smallest) smallest = offset;
    if (offset > largest) largest = offset;
  }
  // Beyond, offsets are not exact.
  if (largest - smallest >= MOST_COMPACT || largest >= MOST_COMPACT || smallest <= -MOST_COMPACT)
    return null;
  const word = new Uint32Array(values.length);
  for (const divisor of [1, ...COMMON_DIVISORS.toReversed()]) {
    if ((largest - smallest) / divisor >= WORD) continue;
    if (divideInt64(bits, { base, smallest, divisor }, word)) return word;
  }
  return null;
}

/** Divides the differences from the smallest value; false where something is left of one. */
function divideInt64(
  bits: Int32Array,
  {
    base,
    smallest,
    divisor,
  }: { readonly base: number; readonly smallest: number; readonly divisor: number },
  word: Uint32Array,
): boolean {
  for (let row = 0; row < word.length; row++) {
    const offset =
      ((bits[row * 2 + 1] ?? 0) - base) * WORD + ((bits[row * 2] ?? 0) >>> 0) - smallest;
    // Not by the remainder, which takes ten times as long.
    const quotient = Math.floor(offset / divisor);
    if (quotient * divisor !== offset) return false;
    word[row] = quotient;
  }
  return true;
}

function rankWords(
  { type }: SortColumn,
  view: Exclude<ColumnView, { readonly kind: 'fixed' }>,
): Uint32Array {
  if (view.kind === 'text') {
    return type === 'number'
      ? numberRanks(view.text, view.length, view.validity)
      : textRanks(view.text, view.length);
  }
  const ranks = dictionaryRanks(type, view.dictionary);
  const words = new Uint32Array(view.length);
  for (let row = 0; row < view.length; row++) words[row] = ranks[view.codes[row] ?? 0] ?? 0;
  return words;
}

/** The rank of each text of a dictionary. */
export function dictionaryRanks(type: ColumnType, dictionary: TextValues): Uint32Array {
  const length = dictionary.offsets.length - 1;
  return type === 'number' ? numberRanks(dictionary, length, null) : textRanks(dictionary, length);
}

/** Numbers and bigints of any size, compared exactly. */
function numberRanks(text: TextValues, length: number, validity: Uint8Array | null): Uint32Array {
  const numbers = Array.from({ length }, (_, row) =>
    isNullAt(validity, row) ? 0 : numberAt(text, row),
  );
  const order = Uint32Array.from(numbers.keys()).toSorted((a, b) =>
    compareNumbers(numbers[a] ?? 0, numbers[b] ?? 0),
  );
  const ranks = new Uint32Array(length);
  let rank = 0;
  for (let i = 1; i < length; i++) {
    const [before = 0, row = 0] = [order[i - 1], order[i]];
    if (compareNumbers(numbers[before] ?? 0, numbers[row] ?? 0) !== 0) rank++;
    ranks[row] = rank;
  }
  return ranks;
}

/** The number a column of type number holds as text: a bigint where a number would not be exact. */
export function numberAt({ offsets, bytes }: TextValues, row: number): number | bigint {
  const [start, end] = [offsets[row] ?? 0, offsets[row + 1] ?? 0];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

/** Compares numbers with bigints exactly; NaN is highest. */
export function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
