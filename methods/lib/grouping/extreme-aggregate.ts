// The smallest or largest value of groups, of any type that has an order. NaN counts only where there is nothing else.

import type { ColumnType } from 'acc-engine';

import { compareNumbers, numberAt } from '../sorting/sort-keys.ts';
import { ColumnStore } from '../tables/column-store.ts';
import { isNullAt, NO_ROW, pickRows } from '../tables/column-view.ts';
import type { ColumnView, TextValues } from '../tables/column-view.ts';
import type { Aggregate } from './aggregates.ts';

/** Smallest or largest values. Only values that beat what a group had are copied. */
export class ExtremeAggregate implements Aggregate {
  readonly #sign: 1 | -1;
  readonly #type: ColumnType;
  /** Values that were the best of a group at some time, and for each group the row of the present one plus one. */
  #store: ColumnStore;
  #best = new Uint32Array(1024);
  #fresh = new Uint32Array(1024);

  constructor(kind: 'min' | 'max', type: ColumnType) {
    this.#sign = kind === 'min' ? 1 : -1;
    this.#type = type;
    this.#store = new ColumnStore(type);
  }

  add(groups: Int32Array, view: ColumnView | undefined): void {
    if (view === undefined) return;
    const held = this.#store.view();
    const isBetter = this.#comparison(view, held);
    const fresh = this.#roomFor(groups);
    const touched: number[] = [];
    for (let row = 0; row < groups.length; row++) {
      if (isNullAt(view.validity, row)) continue;
      const group = groups[row] ?? 0;
      const own = fresh[group] ?? 0;
      if (own === 0) {
        if (!isBetter.thanHeld(row, this.#bestOf(group))) continue;
        touched.push(group);
      } else if (!isBetter.thanOwn(row, own - 1)) continue;
      fresh[group] = row + 1;
    }
    if (touched.length === 0) return;
    const start = this.#store.length;
    const rows = Uint32Array.from(touched, (group) => (fresh[group] ?? 0) - 1);
    this.#store.append(pickRows(view, rows));
    for (const [i, group] of touched.entries()) {
      this.#best[group] = start + i + 1;
      fresh[group] = 0;
    }
    if (this.#store.length > Math.max(65_536, this.#best.length * 4)) this.#compact();
  }

  state(length: number): readonly ColumnView[] {
    return [this.finish(length)];
  }

  merge(groups: Int32Array, [state]: readonly ColumnView[]): void {
    this.add(groups, state);
  }

  finish(length: number): ColumnView {
    const rows = Uint32Array.from({ length }, (_, group) => this.#bestOf(group));
    return pickRows(this.#store.view(), rows);
  }

  /** Forgets values that have been beaten. */
  #compact(): void {
    const length = this.#best.length;
    const kept = this.finish(length);
    this.#store = new ColumnStore(this.#type);
    this.#store.append(kept);
    for (let group = 0; group < length; group++) {
      if (this.#best[group] !== 0) this.#best[group] = group + 1;
    }
  }

  /** The row in the store, or `NO_ROW`. */
  #bestOf(group: number): number {
    const best = this.#best[group] ?? 0;
    return best === 0 ? NO_ROW : best - 1;
  }

  /** Makes room for the groups of these rows; gives the row of the batch that is a group's best, plus one, all 0. */
  #roomFor(groups: Int32Array): Uint32Array {
    let most = 0;
    for (let row = 0; row < groups.length; row++) most = Math.max(most, groups[row] ?? 0);
    if (most >= this.#best.length) {
      const larger = new Uint32Array(Math.max(most + 1, this.#best.length * 2));
      larger.set(this.#best);
      this.#best = larger;
      this.#fresh = new Uint32Array(larger.length);
    }
    return this.#fresh;
  }

  /** NaN stands for a value that beats another in both directions. */
  #beats(order: number): boolean {
    return Number.isNaN(order) || order * this.#sign < 0;
  }

  #comparison(view: ColumnView, held: ColumnView): Comparison {
    const compare = comparisonOf(this.#type);
    return {
      thanHeld: (row, best) => best === NO_ROW || this.#beats(compare(view, row, held, best)),
      thanOwn: (row, best) => this.#beats(compare(view, row, view, best)),
    };
  }
}

interface Comparison {
  readonly thanHeld: (row: number, best: number) => boolean;
  readonly thanOwn: (row: number, best: number) => boolean;
}

type Compare = (a: ColumnView, rowA: number, b: ColumnView, rowB: number) => number;

/** How values of a type are compared. */
function comparisonOf(type: ColumnType): Compare {
  if (type === 'number') {
    return (a, rowA, b, rowB) => compareOrNaN(numberOf(a, rowA), numberOf(b, rowB));
  }
  if (type === 'string' || type === 'bytes') return compareTextRows;
  return (a, rowA, b, rowB) => {
    const one = a.kind === 'fixed' ? (a.values[rowA] ?? 0) : 0;
    const other = b.kind === 'fixed' ? (b.values[rowB] ?? 0) : 0;
    return compareOrNaN(one, other);
  };
}

/** NaN never beats anything, and everything else beats it, whichever is looked for: that gives NaN. */
function compareOrNaN(a: number | bigint, b: number | bigint): number {
  if (Number.isNaN(a)) return 0;
  return Number.isNaN(b) ? Number.NaN : compareNumbers(a, b);
}

function compareTextRows(a: ColumnView, rowA: number, b: ColumnView, rowB: number): number {
  const [one, other] = [textOf(a, rowA), textOf(b, rowB)];
  return Buffer.compare(one, other);
}

function numberOf(view: ColumnView, row: number): number | bigint {
  const [text, at] = place(view, row);
  return numberAt(text, at);
}

function textOf(view: ColumnView, row: number): Uint8Array {
  const [{ offsets, bytes }, at] = place(view, row);
  return bytes.subarray(offsets[at], offsets[at + 1]);
}

function place(view: ColumnView, row: number): readonly [TextValues, number] {
  if (view.kind === 'fixed') throw new Error('Internal error: numbers among texts');
  return view.kind === 'text' ? [view.text, row] : [view.dictionary, view.codes[row] ?? 0];
}
