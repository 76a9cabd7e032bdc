// Divides rows that come in order among slices: evenly, or so that a slice ends only where a value changes.

import type { ColumnView } from '../tables/column-view.ts';
import { cellKey } from './cell-key.ts';

/** Rows `[start, end)` of a list that go to one slice. */
export interface SlicePiece {
  readonly sliceno: number;
  readonly start: number;
  readonly end: number;
}

/** Says where rows go. */
export class SortedSlices {
  /** The slice of the row before. */
  sliceno = 0;
  readonly #rows: number;
  readonly #slices: number;
  readonly #trigger: number;
  #done = 0;
  #last: unknown = undefined;

  /** `trigger` is the number of the column whose equal values stay together; −1 for none. */
  constructor(facts: { readonly rows: number; readonly slices: number; readonly trigger: number }) {
    this.#rows = facts.rows;
    this.#slices = facts.slices;
    this.#trigger = facts.trigger;
  }

  /** Divides the next rows. */
  divide(views: readonly ColumnView[], picks: Uint32Array): readonly SlicePiece[] {
    const pieces: SlicePiece[] = [];
    const view = views[this.#trigger];
    let start = 0;
    while (start < picks.length) {
      const due = this.#end(this.sliceno) - this.#done;
      const end = Math.max(start, Math.min(picks.length, due));
      const next = end === picks.length ? end : this.#change(view, picks, end);
      if (next > start) pieces.push({ sliceno: this.sliceno, start, end: next });
      start = next;
      if (start < picks.length) this.sliceno++;
    }
    this.#done += picks.length;
    if (view !== undefined && picks.length > 0) this.#last = cellKey(view, picks.at(-1) ?? 0);
    return pieces;
  }

  /** The first row from `from` on that may begin another slice. */
  #change(view: ColumnView | undefined, picks: Uint32Array, from: number): number {
    if (view === undefined) return from;
    let before = from === 0 ? this.#last : cellKey(view, picks[from - 1] ?? 0);
    for (let i = from; i < picks.length; i++) {
      const value = cellKey(view, picks[i] ?? 0);
      if (value !== before) return i;
      before = value;
    }
    return picks.length;
  }

  /** Number of rows that slices up to this one have when rows are divided evenly. */
  #end(sliceno: number): number {
    return sliceno + 1 >= this.#slices
      ? Infinity
      : Math.floor((this.#rows * (sliceno + 1)) / this.#slices);
  }
}
