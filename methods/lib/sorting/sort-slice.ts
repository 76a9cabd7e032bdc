// Sorts the rows of one slice, stably. Rows that do not fit into the memory allowed are sorted in runs, which are put
// into a file and merged. What is held in memory does not grow with the number of rows.

import { BATCH_ROWS } from 'acc-engine';

import { ColumnStore } from '../tables/column-store.ts';
import type { ColumnView, TableBatch, TableColumn } from '../tables/column-view.ts';
import { mergeRuns } from './merge-runs.ts';
import type { TakeRows } from './merge-runs.ts';
import { radixOrder } from './radix-order.ts';
import type { Run, RunFile } from './run-file.ts';
import { localWords } from './sort-keys.ts';
import type { SortColumn } from './sort-keys.ts';

const MAX_BLOCK_ROWS = 16_384;
const MIN_BLOCK_ROWS = 64;
/** For the blocks of all runs that are merged. */
const MERGE_BYTES = 24 * 1024 * 1024;
/** Bytes held of a row beside its values, while it is sorted. */
const ORDER_BYTES = 24;
/** Room for rows that are larger than those at the beginning. */
const RESERVE = 1.05;

/** How rows are sorted. */
export interface SortRequest {
  /** All columns of the rows, in order. */
  readonly columns: readonly TableColumn[];
  readonly sortColumns: readonly SortColumn[];
  /** Number of rows that come, or more. */
  readonly rows: number;
  /** Bytes of rows that are sorted in memory. */
  readonly runBytes: number;
}

/** Rows of a slice as runs in a file. */
export interface SortedRuns {
  readonly runs: readonly Run[];
  readonly blockRows: number;
}

/** Sorts rows and hands them out in order. `makeFile` opens a file for rows that do not fit into memory. */
export function sortRows(
  request: SortRequest,
  batches: Iterable<TableBatch>,
  makeFile: () => RunFile,
  take: TakeRows,
): void {
  const sorter = new RunSorter(request);
  let file: RunFile | undefined;
  const runs: Run[] = [];
  try {
    for (const batch of batches) {
      if (sorter.isFull(batch)) {
        file ??= makeFile();
        runs.push(sorter.writeRun(file));
      }
      sorter.add(batch);
    }
    if (file === undefined) {
      sorter.takeAll(take);
      return;
    }
    runs.push(sorter.writeRun(file));
    sorter.free();
    const source = file;
    const placed = runs.map((run) => ({ file: source, run }));
    mergeRuns({ runs: placed, blockRows: sorter.blockRows, keys: sortKeysOf(request) }, take);
  } finally {
    file?.[Symbol.dispose]();
  }
}

/** Sorts rows into runs in a file. */
export function writeSortedRuns(
  request: SortRequest,
  batches: Iterable<TableBatch>,
  file: RunFile,
): SortedRuns {
  const sorter = new RunSorter(request);
  const runs: Run[] = [];
  for (const batch of batches) {
    if (sorter.isFull(batch)) runs.push(sorter.writeRun(file));
    sorter.add(batch);
  }
  if (sorter.length > 0) runs.push(sorter.writeRun(file));
  return { runs, blockRows: sorter.blockRows };
}

/** The columns to sort by, with their numbers among all columns. */
export function sortKeysOf({
  columns,
  sortColumns,
}: Pick<SortRequest, 'columns' | 'sortColumns'>): readonly { index: number; column: SortColumn }[] {
  return sortColumns.map((column) => ({
    index: columns.findIndex(({ name }) => name === column.name),
    column,
  }));
}

/** Collects rows and sorts them. */
class RunSorter {
  /** Rows of a block of a run. */
  blockRows = MAX_BLOCK_ROWS;
  readonly #request: SortRequest;
  #stores: readonly ColumnStore[];

  constructor(request: SortRequest) {
    this.#request = request;
    this.#stores = request.columns.map(({ type }) => new ColumnStore(type));
  }

  get length(): number {
    return this.#stores[0]?.length ?? 0;
  }

  /** Tells whether there is no room for these rows beside those held. */
  isFull(batch: TableBatch): boolean {
    const { length } = this;
    return length > 0 && this.#sizeBytes * (1 + batch.length / length) > this.#request.runBytes;
  }

  add({ views }: TableBatch): void {
    const isFirst = this.length === 0;
    this.#stores.forEach((store, i) => {
      const view = views[i];
      if (view !== undefined) store.append(view);
    });
    if (isFirst) this.#plan();
  }

  /** Writes the rows held as a run and forgets them. */
  writeRun(file: RunFile): Run {
    const views = this.#stores.map((store) => store.view());
    const run = file.write(views, this.#order(views), this.blockRows);
    for (const store of this.#stores) store.clear();
    return run;
  }

  takeAll(take: TakeRows): void {
    const views = this.#stores.map((store) => store.view());
    const order = this.#order(views);
    for (let start = 0; start < order.length; start += BATCH_ROWS) {
      take(views, order.subarray(start, start + BATCH_ROWS));
    }
  }

  /** Gives the memory back. */
  free(): void {
    this.#stores = [];
  }

  get #sizeBytes(): number {
    const values = this.#stores.reduce((sum, store) => sum + store.sizeBytes, 0);
    return values + this.length * ORDER_BYTES;
  }

  /** Knowing the first rows, makes room for a whole run at once, and chooses blocks that can be merged in little memory. */
  #plan(): void {
    const { rows, runBytes } = this.#request;
    const rowBytes = this.#sizeBytes / Math.max(1, this.length);
    const runRows = Math.min(rows, Math.ceil(runBytes / rowBytes));
    for (const store of this.#stores) store.reserve(Math.ceil(runRows * RESERVE));
    const runs = Math.ceil(rows / Math.max(1, runRows));
    const blockRows = Math.floor(MERGE_BYTES / runs / rowBytes / 8) * 8;
    this.blockRows = Math.max(MIN_BLOCK_ROWS, Math.min(MAX_BLOCK_ROWS, blockRows));
  }

  #order(views: readonly ColumnView[]): Uint32Array {
    const words = sortKeysOf(this.#request).flatMap(({ index, column }) => {
      const view = views[index];
      return view === undefined ? [] : localWords(column, view);
    });
    return radixOrder(words, this.length);
  }
}
