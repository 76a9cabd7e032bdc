// Merges sorted runs: always hands out the lowest of the runs' next rows; of equal ones that of the earliest run.

import type { ColumnView } from '../tables/column-view.ts';
import { RowComparison } from './row-comparison.ts';
import { RunArena } from './run-arena.ts';
import type { PlacedRun } from './run-arena.ts';
import type { SortColumn } from './sort-keys.ts';

/** Rows handed out at once. */
const PICKS = 16_384;

/** What is merged, and how. */
export interface MergeRequest {
  readonly runs: readonly PlacedRun[];
  /** Rows of a block of the runs at most; a multiple of 8. */
  readonly blockRows: number;
  /** Number of the column in the runs, and how it is sorted. */
  readonly keys: readonly { readonly index: number; readonly column: SortColumn }[];
}

/** Takes rows `picks` of `views`. Both are used again after the call. */
export type TakeRows = (views: readonly ColumnView[], picks: Uint32Array) => void;

/** Merges runs; `take` gets the rows of all of them in order. */
export function mergeRuns(request: MergeRequest, take: TakeRows): void {
  const { runs, blockRows } = request;
  if (runs.length === 0) return;
  const arena = new RunArena(runs, blockRows);
  const { views } = arena;
  const merge = new Merge(request, arena);
  const picks = new Uint32Array(PICKS);
  for (;;) {
    const count = merge.pick(picks);
    if (count > 0) take(views, picks.subarray(0, count));
    if (!merge.reload()) return;
  }
}

/** A heap of the runs that have rows left, the one with the lowest next row on top. */
class Merge {
  readonly #arena: RunArena;
  readonly #compare: RowComparison;
  /** Next row of each run, the end of its block, and the number of the next block. */
  readonly #next: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #blocks: Uint32Array;
  readonly #heap: number[] = [];

  constructor({ runs, keys }: MergeRequest, arena: RunArena) {
    this.#arena = arena;
    this.#compare = new RowComparison(
      keys.map(({ index, column }) => ({ column, view: viewAt(arena, index) })),
    );
    this.#next = new Uint32Array(runs.length);
    this.#ends = new Uint32Array(runs.length);
    this.#blocks = new Uint32Array(runs.length);
    for (const i of runs.keys()) if (this.#load(i)) this.#heap.push(i);
    for (let at = this.#heap.length >> 1; at >= 0; at--) this.#sink(at);
  }

  /** Lists the next rows until the list is full or a block is used up; returns how many. */
  pick(picks: Uint32Array): number {
    let count = 0;
    while (count < picks.length) {
      const run = this.#heap[0];
      if (run === undefined) return count;
      const row = this.#next[run] ?? 0;
      if (row === this.#ends[run]) return count;
      picks[count++] = row;
      this.#next[run] = row + 1;
      if (row + 1 === this.#ends[run]) return count;
      this.#sink(0);
    }
    return count;
  }

  /** Reads the next block where one is used up; false when there are no rows left. */
  reload(): boolean {
    const run = this.#heap[0];
    if (run === undefined) return false;
    if (this.#next[run] === this.#ends[run] && !this.#load(run)) {
      const last = this.#heap.pop();
      if (last === undefined || this.#heap.length === 0) return false;
      this.#heap[0] = last;
    }
    this.#sink(0);
    return true;
  }

  #load(run: number): boolean {
    const block = this.#blocks[run] ?? 0;
    const rows = this.#arena.load(run, block);
    const start = run * this.#arena.stride;
    this.#blocks[run] = block + 1;
    this.#next[run] = start;
    this.#ends[run] = start + rows;
    if (rows > 0) this.#compare.prepare(start, rows);
    return rows > 0;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let lowest = at;
      const left = at * 2 + 1;
      if (left < heap.length && this.#isBefore(left, lowest)) lowest = left;
      if (left + 1 < heap.length && this.#isBefore(left + 1, lowest)) lowest = left + 1;
      if (lowest === at) return;
      [heap[at], heap[lowest]] = [heap[lowest] ?? 0, heap[at] ?? 0];
      at = lowest;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [runA, runB] = [this.#heap[a] ?? 0, this.#heap[b] ?? 0];
    const order = this.#compare.compare(this.#next[runA] ?? 0, this.#next[runB] ?? 0);
    return order < 0 || (order === 0 && runA < runB);
  }
}

function viewAt(arena: RunArena, index: number): ColumnView {
  const view = arena.views[index];
  if (view === undefined) throw new Error('Internal error: a sort column that is in no run');
  return view;
}
