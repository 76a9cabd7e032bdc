// Counts rows of groups, or those with a value.

import { isNullAt } from '../tables/column-view.ts';
import type { ColumnView } from '../tables/column-view.ts';
import type { Aggregate } from './aggregates.ts';
import { GroupNumbers, numbersIn } from './group-numbers.ts';

/** Counts. */
export class CountAggregate implements Aggregate {
  readonly #counts = new GroupNumbers();

  add(groups: Int32Array, view: ColumnView | undefined): void {
    this.#counts.reserve(groups);
    const { values } = this.#counts;
    const validity = view?.validity ?? null;
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row] ?? 0;
      if (!isNullAt(validity, row)) values[group] = (values[group] ?? 0) + 1;
    }
  }

  state(length: number): readonly ColumnView[] {
    return [this.#counts.view(length)];
  }

  merge(groups: Int32Array, [state]: readonly ColumnView[]): void {
    this.#counts.reserve(groups);
    const { values } = this.#counts;
    const counts = numbersIn(state);
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row] ?? 0;
      values[group] = (values[group] ?? 0) + (counts[row] ?? 0);
    }
  }

  finish(length: number): ColumnView {
    return { kind: 'fixed', length, validity: null, values: bigints(this.#counts.first(length)) };
  }
}

/** Whole numbers as 64-bit integers. */
export function bigints(numbers: Float64Array): BigInt64Array {
  const values = new BigInt64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) values[i] = BigInt(numbers[i] ?? 0);
  return values;
}
