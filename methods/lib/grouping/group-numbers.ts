// A number for each group, growing as groups come.

import type { ColumnView } from '../tables/column-view.ts';

/** Numbers by group, 0 until something else is known. */
export class GroupNumbers {
  values = new Float64Array(1024);

  /** Makes room for the groups of these rows. */
  reserve(groups: Int32Array): void {
    let most = 0;
    for (let row = 0; row < groups.length; row++) most = Math.max(most, groups[row] ?? 0);
    if (most < this.values.length) return;
    const larger = new Float64Array(Math.max(most + 1, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }

  /** The first `length` numbers as a column. */
  view(length: number): ColumnView {
    return { kind: 'fixed', length, validity: null, values: this.first(length) };
  }

  /** The first `length` numbers. */
  first(length: number): Float64Array {
    if (length <= this.values.length) return this.values.subarray(0, length);
    const all = new Float64Array(length);
    all.set(this.values);
    return all;
  }
}

/** The values of a state column that `view` gave. */
export function numbersIn(view: ColumnView | undefined): Float64Array {
  if (view?.kind === 'fixed' && view.values instanceof Float64Array) return view.values;
  throw new Error('Internal error: a state of groups without its numbers');
}

/** A bitmap with the bit set of each group that has rows; `null` if all have. */
export function bitmapOf(counts: Float64Array): Uint8Array | null {
  if (!counts.includes(0)) return null;
  const bits = new Uint8Array((counts.length + 7) >> 3);
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] !== 0) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return bits;
}
