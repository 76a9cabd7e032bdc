// Adds up numbers of groups. Integers are exact: their upper and lower halves are added up apart, each in a float that
// holds it exactly.

import { mistake } from '../mistake.ts';
import { isNullAt } from '../tables/column-view.ts';
import type { ColumnView, NumberArray } from '../tables/column-view.ts';
import { WORD } from '../values/units.ts';
import type { Aggregate } from './aggregates.ts';
import { bitmapOf, GroupNumbers, numbersIn } from './group-numbers.ts';

/** Beyond this a sum of lower halves is carried over, long before it would be inexact. */
const CARRY = 2 ** 52;

/** Sums, or means. */
export class SumAggregate implements Aggregate {
  readonly #kind: 'sum' | 'mean';
  readonly #name: string;
  readonly #counts = new GroupNumbers();
  /** Of floats the sum; of integers that of the lower halves. */
  readonly #lows = new GroupNumbers();
  readonly #highs = new GroupNumbers();
  #isInteger = true;

  /** `name` is that of the column, for errors. */
  constructor(kind: 'sum' | 'mean', name: string) {
    this.#kind = kind;
    this.#name = name;
  }

  add(groups: Int32Array, view: ColumnView | undefined): void {
    if (view?.kind !== 'fixed') throw new Error('Internal error: a sum of texts');
    this.#reserve(groups);
    const { values, validity } = view;
    if (validity === null) this.#count(groups);
    else this.#countValues(groups, validity);
    // A null is 0 in there.
    if (values instanceof Float64Array || values instanceof Float32Array) {
      this.#isInteger = false;
      this.#addFloats(groups, validity === null ? values : withZeros(values, validity));
    } else if (values instanceof BigInt64Array) this.#addInt64(groups, values, validity);
    else this.#addIntegers(groups, values, validity);
  }

  state(length: number): readonly ColumnView[] {
    const isInteger = new Float64Array(length).fill(this.#isInteger ? 1 : 0);
    return [
      this.#counts.view(length),
      this.#lows.view(length),
      this.#highs.view(length),
      { kind: 'fixed', length, validity: null, values: isInteger },
    ];
  }

  merge(groups: Int32Array, state: readonly ColumnView[]): void {
    this.#reserve(groups);
    const [counts, lows, highs, isInteger] = state.map(numbersIn);
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row] ?? 0;
      if (isInteger?.[row] === 0) this.#isInteger = false;
      addAt(this.#counts.values, group, counts?.[row] ?? 0);
      addAt(this.#lows.values, group, lows?.[row] ?? 0);
      addAt(this.#highs.values, group, highs?.[row] ?? 0);
      if (this.#isInteger) this.#carry(group);
    }
  }

  finish(length: number): ColumnView {
    const counts = this.#counts.first(length);
    const lows = this.#lows.first(length);
    const highs = this.#highs.first(length);
    const validity = bitmapOf(counts);
    if (this.#kind === 'mean') {
      const means = lows.map((low, i) => ((highs[i] ?? 0) * WORD + low) / (counts[i] || 1));
      return { kind: 'fixed', length, validity, values: means };
    }
    if (!this.#isInteger) return { kind: 'fixed', length, validity, values: lows };
    const sums = new BigInt64Array(length);
    for (let i = 0; i < length; i++) {
      const sum = BigInt(highs[i] ?? 0) * BigInt(WORD) + BigInt(lows[i] ?? 0);
      if (BigInt.asIntN(64, sum) !== sum) {
        throw mistake(
          `The sum of column ${JSON.stringify(this.#name)} goes beyond 64 bits: ${sum}`,
        );
      }
      sums[i] = sum;
    }
    return { kind: 'fixed', length, validity, values: sums };
  }

  #reserve(groups: Int32Array): void {
    for (const numbers of [this.#counts, this.#lows, this.#highs]) numbers.reserve(groups);
  }

  #count(groups: Int32Array): void {
    const { values } = this.#counts;
    for (let row = 0; row < groups.length; row++) addAt(values, groups[row] ?? 0, 1);
  }

  #countValues(groups: Int32Array, validity: Uint8Array): void {
    const { values } = this.#counts;
    for (let row = 0; row < groups.length; row++) {
      if (!isNullAt(validity, row)) addAt(values, groups[row] ?? 0, 1);
    }
  }

  #addFloats(groups: Int32Array, floats: Float64Array | Float32Array): void {
    const { values } = this.#lows;
    for (let row = 0; row < groups.length; row++) addAt(values, groups[row] ?? 0, floats[row] ?? 0);
  }

  #addIntegers(groups: Int32Array, integers: NumberArray, validity: Uint8Array | null): void {
    const { values } = this.#lows;
    for (let row = 0; row < groups.length; row++) {
      if (isNullAt(validity, row)) continue;
      const group = groups[row] ?? 0;
      const sum = (values[group] ?? 0) + Number(integers[row] ?? 0);
      values[group] = sum;
      if (sum > CARRY || sum < -CARRY) this.#carry(group);
    }
  }

  #addInt64(groups: Int32Array, integers: BigInt64Array, validity: Uint8Array | null): void {
    const words = new Int32Array(integers.buffer, integers.byteOffset, integers.length * 2);
    const lows = this.#lows.values;
    const highs = this.#highs.values;
    for (let row = 0; row < groups.length; row++) {
      if (isNullAt(validity, row)) continue;
      const group = groups[row] ?? 0;
      const sum = (lows[group] ?? 0) + ((words[row * 2] ?? 0) >>> 0);
      lows[group] = sum;
      addAt(highs, group, words[row * 2 + 1] ?? 0);
      if (sum > CARRY) this.#carry(group);
    }
  }

  #carry(group: number): void {
    const low = this.#lows.values[group] ?? 0;
    const words = Math.trunc(low / WORD);
    this.#lows.values[group] = low - words * WORD;
    addAt(this.#highs.values, group, words);
  }
}

function addAt(values: Float64Array, at: number, value: number): void {
  values[at] = (values[at] ?? 0) + value;
}

function withZeros(values: Float64Array | Float32Array, validity: Uint8Array): Float64Array {
  return Float64Array.from(values, (value, row) => (isNullAt(validity, row) ? 0 : value));
}
