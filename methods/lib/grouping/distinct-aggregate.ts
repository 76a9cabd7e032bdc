// Counts the distinct values of groups. Nulls do not count. Holds each distinct value of each group.

import type { ColumnType } from 'acc-engine';

import { KeyTable } from '../keys/key-table.ts';
import { isNullAt, pickRows } from '../tables/column-view.ts';
import type { ColumnView } from '../tables/column-view.ts';
import type { Aggregate } from './aggregates.ts';
import { bigints } from './count-aggregate.ts';

/** Counts of distinct values. */
export class DistinctAggregate implements Aggregate {
  /** Pairs of a group and a value. */
  readonly #pairs: KeyTable;

  constructor(type: ColumnType) {
    this.#pairs = new KeyTable(['int32', type]);
  }

  add(groups: Int32Array, view: ColumnView | undefined): void {
    if (view === undefined) return;
    const { length } = groups;
    const all: ColumnView = { kind: 'fixed', length, validity: null, values: groups };
    if (view.validity === null) {
      this.#pairs.numbersOf([all, view], length);
      return;
    }
    const picks = Uint32Array.from(groups.keys()).filter((row) => !isNullAt(view.validity, row));
    const values: ColumnView = { ...pickRows(view, picks), validity: null };
    this.#pairs.numbersOf([pickRows(all, picks), values], picks.length);
  }

  state(): readonly ColumnView[] {
    return [];
  }

  merge(): void {}

  rows(): { readonly groups: Uint32Array; readonly view: ColumnView } {
    const [, view] = this.#pairs.views;
    if (view === undefined) throw new Error('Internal error: pairs without values');
    return { groups: Uint32Array.from(this.#groups()), view };
  }

  finish(length: number): ColumnView {
    const counts = new Float64Array(length);
    for (const group of this.#groups()) counts[group] = (counts[group] ?? 0) + 1;
    return { kind: 'fixed', length, validity: null, values: bigints(counts) };
  }

  #groups(): Int32Array {
    const [groups] = this.#pairs.views;
    if (groups?.kind === 'fixed' && groups.values instanceof Int32Array) return groups.values;
    throw new Error('Internal error: pairs without groups');
  }
}
