// Sorts rows that can be read several times: the sort columns are read first, and tell where each row belongs; then all
// columns are read once for each part of the result that fits into memory. Nothing is put into files on the way.

import { BATCH_ROWS } from 'acc-engine';

import { ColumnStore } from '../tables/column-store.ts';
import type { ColumnView, TableBatch, TableColumn } from '../tables/column-view.ts';
import { BLOCK_BITS, BLOCK_ROWS, PlacedColumn } from './placed-column.ts';
import type { Placing } from './placed-column.ts';
import { radixOrder } from './radix-order.ts';
import { localWords } from './sort-keys.ts';
import type { SortColumn } from './sort-keys.ts';

/** With more, merging runs is faster. */
const MOST_PASSES = 3;
/** Bytes of a row beside twice its values in the sort columns, while its place is found. */
const ORDER_BYTES = 16;
/** Room for rows that are larger than those at the beginning. */
const RESERVE = 1.1;
/** Parts of so few rows are sorted whatever their size. */
const FEWEST_ROWS = 64;

/** What is sorted. */
export interface PassRequest {
  /** All columns of the rows, in order. */
  readonly columns: readonly TableColumn[];
  readonly sortColumns: readonly SortColumn[];
  /** Number of rows that come, or more. */
  readonly rows: number;
  /** Bytes that may be held of rows. */
  readonly bytes: number;
  /** Reads the rows anew, always the same, with some of their columns. */
  readonly read: (names: readonly string[]) => Iterable<TableBatch>;
}

/** What a row takes of a column. */
interface CellSize {
  readonly fixedBytes: number;
  readonly textBytes: number;
}

/**
 * Sorts rows and hands them out in order, a part at a time. Returns false, having handed out nothing, where that would
 * need too much memory or too many passes, or where rows are sorted by text that has no dictionary.
 */
export function sortInPasses(
  request: PassRequest,
  take: (views: readonly ColumnView[]) => void,
): boolean {
  const { rows, bytes } = request;
  const cells = firstCells(request);
  const rowBytes = cells.reduce((sum, cell) => sum + cell.fixedBytes + cell.textBytes, 0) * RESERVE;
  const passes = Math.max(1, Math.ceil((rows * rowBytes) / bytes));
  const places = passes > MOST_PASSES ? null : findPlaces(request);
  if (places === null) return false;
  let most = Math.min(places.length, Math.ceil(rows / passes / BATCH_ROWS) * BATCH_ROWS);
  const part = new PlacedRows(request, cells, most);
  for (let start = 0; start < places.length;) {
    const count = Math.min(most, places.length - start);
    if (part.collect(places, start, count)) {
      for (let at = 0; at < count; at += BLOCK_ROWS) {
        take(part.views(at, Math.min(count, at + BLOCK_ROWS)));
      }
      start += count;
    } else if (start === 0) return false;
    // The rows here are larger than those before them.
    else most = count >> 1;
  }
  return true;
}

/** Judges the size of rows by the first batch. */
function firstCells({ columns, read }: PassRequest): readonly CellSize[] {
  for (const { views } of read(columns.map(({ name }) => name))) return views.map(cellSize);
  return [];
}

function cellSize(view: ColumnView): CellSize {
  if (view.kind === 'fixed') return { fixedBytes: view.values.BYTES_PER_ELEMENT, textBytes: 0 };
  if (view.kind === 'codes') return { fixedBytes: 4, textBytes: 0 };
  const { offsets } = view.text;
  const bytes = (offsets[view.length] ?? 0) - (offsets[0] ?? 0);
  return { fixedBytes: 8, textBytes: bytes / Math.max(1, view.length) };
}

/** For each row in the order in which they are read, how many rows come before it in the end. */
function findPlaces(request: PassRequest): Uint32Array | null {
  const words = sortWords(request);
  if (words === null) return null;
  const length = words[0]?.length ?? 0;
  const order = radixOrder(words, length);
  const places = new Uint32Array(length);
  for (let place = 0; place < length; place++) places[order[place] ?? 0] = place;
  return places;
}

/** What orders the rows; `null` where there are too many of them or texts without a dictionary. */
function sortWords({ sortColumns, rows, bytes, read }: PassRequest): readonly Uint32Array[] | null {
  const stores = sortColumns.map(({ type }) => new ColumnStore(type));
  for (const { views } of read(sortColumns.map(({ name }) => name))) {
    const isFirst = stores[0]?.length === 0;
    stores.forEach((store, i) => {
      const view = views[i];
      if (view !== undefined) store.append(view);
    });
    if (stores.some((store) => store.view().kind === 'text')) return null;
    if (!isFirst) continue;
    const keyBytes = views.reduce((sum, view) => sum + cellSize(view).fixedBytes, 0);
    if (rows * (ORDER_BYTES + 2 * keyBytes) > bytes) return null;
    for (const store of stores) store.reserve(rows);
  }
  if (stores[0]?.length === 0) return [];
  return sortColumns.flatMap((column, i) => {
    const view = stores[i]?.view();
    return view === undefined ? [] : localWords(column, view);
  });
}

/** Rows of one part of the result, in their places. */
class PlacedRows {
  readonly #request: PassRequest;
  readonly #columns: readonly PlacedColumn[];
  readonly #fixedBytes: number;
  readonly #from = new Uint32Array(BATCH_ROWS);
  readonly #to = new Uint32Array(BATCH_ROWS);
  /** For each slot the place of its row within the block, and for each block the next slot. */
  readonly #places: Uint16Array;
  readonly #next: Uint32Array;
  readonly #slots = Uint32Array.from({ length: BLOCK_ROWS }, (_, slot) => slot);

  constructor(request: PassRequest, cells: readonly CellSize[], most: number) {
    this.#request = request;
    this.#columns = cells.map(
      ({ textBytes }) => new PlacedColumn(most, textBytes * most * RESERVE),
    );
    this.#places = new Uint16Array(most);
    this.#next = new Uint32Array(Math.ceil(most / BLOCK_ROWS));
    this.#fixedBytes = cells.reduce((sum, cell) => sum + cell.fixedBytes, 0);
  }

  /** Reads all rows and keeps those that have places from `start` on; false where they take too much memory. */
  collect(places: Uint32Array, start: number, count: number): boolean {
    const { columns, bytes, read } = this.#request;
    const most = count > FEWEST_ROWS ? bytes * RESERVE - count * this.#fixedBytes : Infinity;
    for (const column of this.#columns) column.clear();
    for (let block = 0; block < this.#next.length; block++) this.#next[block] = block * BLOCK_ROWS;
    let row = 0;
    for (const { length, views } of read(columns.map(({ name }) => name))) {
      for (let at = 0; at < length; at += BATCH_ROWS) {
        const rows = { start: at, end: Math.min(length, at + BATCH_ROWS) };
        const placing = { from: this.#from, to: this.#to };
        const chosen = choose(places.subarray(row), rows, { start, count }, placing);
        this.#putInSlots(chosen);
        this.#columns.forEach((column, i) => {
          const view = views[i];
          if (view !== undefined) column.place(view, chosen);
        });
      }
      row += length;
      if (this.#columns.reduce((sum, column) => sum + column.textBytes, 0) > most) return false;
    }
    return true;
  }

  /** The rows `[start, end)` of the part, which are a block: good until those of another are asked for. */
  views(start: number, end: number): readonly ColumnView[] {
    const to = this.#to;
    to.set(this.#places.subarray(start, end));
    const placing = { from: this.#slots, to, count: end - start };
    return this.#columns.map((column) => column.view(start, placing));
  }

  /** Replaces places by the next slots of their blocks. */
  #putInSlots({ to, count }: Placing): void {
    const [places, next] = [this.#places, this.#next];
    for (let i = 0; i < count; i++) {
      const place = to[i] ?? 0;
      const block = place >>> BLOCK_BITS;
      const slot = next[block] ?? 0;
      next[block] = slot + 1;
      places[slot] = place;
      to[i] = slot;
    }
  }
}

/** Finds the rows `[start, end)` of a batch that belong to a part. Without a branch, which could not be foretold. */
function choose(
  places: Uint32Array,
  rows: { readonly start: number; readonly end: number },
  part: { readonly start: number; readonly count: number },
  { from, to }: Pick<Placing, 'from' | 'to'>,
): Placing {
  let count = 0;
  for (let row = rows.start; row < rows.end; row++) {
    const place = ((places[row] ?? 0) - part.start) | 0;
    from[count] = row;
    to[count] = place;
    count += (~place & (place - part.count)) >>> 31;
  }
  return { from, to, count };
}
