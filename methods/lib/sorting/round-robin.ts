// The rows of all slices in turn: the first row of each, then the second of each, and so on. Slices that have ended are
// left out.

import { BATCH_ROWS } from 'acc-engine';

import { ColumnStore } from '../tables/column-store.ts';
import { pickRows, tableBatches } from '../tables/column-view.ts';
import type { BatchSource, ColumnView, TableBatch, TableColumn } from '../tables/column-view.ts';

/** How many rows of each slice are among the first `count` rows in turn. */
export function rowsBefore(lines: readonly number[], count: number): readonly number[] {
  const inRounds = (rounds: number): number =>
    lines.reduce((sum, rows) => sum + Math.min(rows, rounds), 0);
  let [low, high] = [0, lines.reduce((a, b) => Math.max(a, b), 0)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (inRounds(middle) <= count) low = middle;
    else high = middle - 1;
  }
  let rest = count - inRounds(low);
  return lines.map((rows) => {
    if (rows <= low) return rows;
    return rest-- > 0 ? low + 1 : low;
  });
}

/** Gives rows `[start, end)` of all slices in turn. Each batch is good until the next one is asked for. */
export function* roundRobin(
  source: BatchSource & { readonly lines: readonly number[] },
  columns: readonly TableColumn[],
  { start, end }: { readonly start: number; readonly end: number },
): Generator<TableBatch> {
  const { lines } = source;
  const names = columns.map(({ name }) => name);
  const froms = rowsBefore(lines, start);
  const tos = rowsBefore(lines, end);
  const slices = lines.map(
    (_, sliceno) => new SliceRows(tableBatches(source, sliceno, names), froms[sliceno] ?? 0),
  );
  const rounds = Math.max(64, Math.floor(BATCH_ROWS / Math.max(1, lines.length)));
  const last = tos.reduce((a, b) => Math.max(a, b), 0);
  const stores = columns.map(({ type }) => new ColumnStore(type));
  for (let round = Math.min(...froms); round < last; round += rounds) {
    for (const store of stores) store.clear();
    const starts: number[] = [];
    const ranges = lines.map((_, sliceno) => {
      const first = Math.max(round, froms[sliceno] ?? 0);
      const range = { first, end: Math.min(round + rounds, tos[sliceno] ?? 0) };
      starts.push(stores[0]?.length ?? 0);
      slices[sliceno]?.take(range.end - first, stores);
      return range;
    });
    const picks = inTurn(ranges, starts, { start: round, end: Math.min(round + rounds, last) });
    const views = stores.map((store) => pickRows(store.view(), picks));
    yield { length: picks.length, views };
  }
}

/** Rows of a chunk, where those of each slice lie together from its start on. */
function inTurn(
  ranges: readonly { readonly first: number; readonly end: number }[],
  starts: readonly number[],
  rounds: { readonly start: number; readonly end: number },
): Uint32Array {
  const picks: number[] = [];
  for (let round = rounds.start; round < rounds.end; round++) {
    for (const [sliceno, { first, end }] of ranges.entries()) {
      if (round >= first && round < end) picks.push((starts[sliceno] ?? 0) + round - first);
    }
  }
  return Uint32Array.from(picks);
}

/** Rows of one slice, taken some at a time. */
class SliceRows {
  readonly #batches: Iterator<TableBatch>;
  /** Rows to pass over before the first one. */
  #skip: number;
  #batch: TableBatch | undefined;
  #at = 0;

  constructor(batches: Iterator<TableBatch>, skip: number) {
    this.#batches = batches;
    this.#skip = skip;
  }

  /** Appends the next `count` rows. */
  take(count: number, stores: readonly ColumnStore[]): void {
    for (let left = count; left > 0;) {
      const batch = this.#present();
      const rows = Math.min(left, batch.length - this.#at);
      const picks = Uint32Array.from({ length: rows }, (_, i) => this.#at + i);
      stores.forEach((store, i) => store.append(pickRows(viewIn(batch, i), picks)));
      this.#at += rows;
      left -= rows;
    }
  }

  /** The batch with the next row. */
  #present(): TableBatch {
    while (this.#batch === undefined || this.#at >= this.#batch.length) {
      const next = this.#batches.next();
      if (next.done === true) throw new Error('Internal error: a slice with too few rows');
      this.#batch = next.value;
      this.#at = Math.min(this.#skip, next.value.length);
      this.#skip -= this.#at;
    }
    return this.#batch;
  }
}

function viewIn(batch: TableBatch, i: number): ColumnView {
  const view = batch.views[i];
  if (view === undefined) throw new Error('Internal error: a batch without a column');
  return view;
}
