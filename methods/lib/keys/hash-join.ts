// Joins the rows of two tables with equal keys. The right one is held in memory, the left one passes by. A null equals
// nothing, not even another null.

import { ColumnStore } from '../tables/column-store.ts';
import { isNullAt, NO_ROW, pickRows } from '../tables/column-view.ts';
import type { ColumnView, TableBatch } from '../tables/column-view.ts';
import { nullView } from '../tables/fixed-values.ts';
import { keepsUnmatched } from './join-plan.ts';
import type { JoinPlan } from './join-plan.ts';
import { KeyTable } from './key-table.ts';

/** Rows handed out at once. */
const CHUNK_ROWS = 32_768;

/** Takes rows of the result, column by column. */
type TakeViews = (views: readonly ColumnView[]) => void;

/** Joins a slice. Rows come in the order of the left side, partners in that of the right; right ones without at the end. */
export function hashJoin(
  plan: JoinPlan,
  sides: { readonly left: Iterable<TableBatch>; readonly right: Iterable<TableBatch> },
  take: TakeViews,
): void {
  const right = new RightSide(plan, sides.right);
  for (const batch of sides.left) joinBatch(plan, batch, right, take);
  if (keepsUnmatched(plan.kind).right) {
    const rows = right.unmatched();
    for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
      const picks = rows.subarray(start, start + CHUNK_ROWS);
      take(right.alone(picks));
    }
  }
}

function joinBatch(plan: JoinPlan, batch: TableBatch, right: RightSide, take: TakeViews): void {
  const { kind, keys } = plan;
  const numbers = right.numbersOf(batch);
  const nullKeys = anyNull(batch.views.slice(0, keys), batch.length);
  const { left: keepsLeft } = keepsUnmatched(kind);
  let lefts: number[] = [];
  let rights: number[] = [];
  const flush = (): void => {
    if (lefts.length > 0) take(right.beside(batch.views, lefts, rights));
    [lefts, rights] = [[], []];
  };
  for (let row = 0; row < batch.length; row++) {
    const number = nullKeys?.[row] === 1 ? -1 : (numbers[row] ?? -1);
    let partner = number < 0 ? NO_ROW : right.first(number);
    const isMatched = partner !== NO_ROW;
    if (kind === 'semi' || kind === 'anti' || !isMatched) {
      if (kind === 'semi' ? isMatched : kind === 'anti' ? !isMatched : keepsLeft) {
        lefts.push(row);
        rights.push(NO_ROW);
      }
    } else {
      for (; partner !== NO_ROW; partner = right.next(partner)) {
        lefts.push(row);
        rights.push(partner);
        if (lefts.length >= CHUNK_ROWS) flush();
      }
    }
    if (lefts.length >= CHUNK_ROWS) flush();
  }
  flush();
}

/** The rows of the right side by their keys. */
class RightSide {
  readonly #plan: JoinPlan;
  readonly #table: KeyTable;
  readonly #views: readonly ColumnView[];
  readonly #length: number;
  /** Of each key the first row, and of each row the next one with its key. */
  readonly #firsts: Uint32Array;
  readonly #nexts: Uint32Array;
  readonly #isMatched: Uint8Array;

  constructor(plan: JoinPlan, batches: Iterable<TableBatch>) {
    this.#plan = plan;
    this.#table = new KeyTable(plan.right.slice(0, plan.keys).map(({ type }) => type));
    const stores = plan.right.map(({ type }) => new ColumnStore(type));
    for (const { views } of batches) {
      stores.forEach((store, i) => {
        const view = views[i];
        if (view !== undefined) store.append(view);
      });
    }
    this.#views = stores.map((store) => store.view());
    this.#length = stores[0]?.length ?? 0;
    this.#nexts = new Uint32Array(this.#length).fill(NO_ROW);
    this.#isMatched = new Uint8Array(this.#length);
    this.#firsts = this.#link();
  }

  /** The number of each row's key, −1 where there is none. */
  numbersOf({ views, length }: TableBatch): Int32Array {
    return this.#table.knownNumbersOf(views.slice(0, this.#plan.keys), length);
  }

  first(number: number): number {
    return this.#firsts[number] ?? NO_ROW;
  }

  next(row: number): number {
    return this.#nexts[row] ?? NO_ROW;
  }

  /** Rows of the result: those of the left side with their partners. */
  beside(
    lefts: readonly ColumnView[],
    leftRows: readonly number[],
    rightRows: readonly number[],
  ): readonly ColumnView[] {
    const left = Uint32Array.from(leftRows);
    const right = Uint32Array.from(rightRows);
    for (const row of right) if (row !== NO_ROW) this.#isMatched[row] = 1;
    const rest = this.#views.slice(this.#plan.keys);
    return [
      ...lefts.map((view) => pickRows(view, left)),
      ...rest.map((view) => pickRows(view, right)),
    ];
  }

  /** Rows of the result that have no left side but the keys. */
  alone(rows: Uint32Array): readonly ColumnView[] {
    const { keys, left } = this.#plan;
    const picked = this.#views.map((view) => pickRows(view, rows));
    const nulls = left.slice(keys).map(({ type }) => nullView(type, rows.length));
    return [...picked.slice(0, keys), ...nulls, ...picked.slice(keys)];
  }

  unmatched(): Uint32Array {
    const rows: number[] = [];
    for (let row = 0; row < this.#length; row++) if (this.#isMatched[row] === 0) rows.push(row);
    return Uint32Array.from(rows);
  }

  /** From the last row to the first, so that rows with equal keys are found in their order. */
  #link(): Uint32Array {
    const keys = this.#views.slice(0, this.#plan.keys);
    const numbers = this.#table.numbersOf(keys, this.#length);
    const nulls = anyNull(keys, this.#length);
    const firsts = new Uint32Array(this.#table.length).fill(NO_ROW);
    for (let row = this.#length - 1; row >= 0; row--) {
      if (nulls?.[row] === 1) continue;
      const number = numbers[row] ?? 0;
      this.#nexts[row] = firsts[number] ?? NO_ROW;
      firsts[number] = row;
    }
    return firsts;
  }
}

/** 1 for each row in which a key is null; `undefined` when there is no such row. */
function anyNull(views: readonly ColumnView[], length: number): Uint8Array | undefined {
  if (views.every(({ validity }) => validity === null)) return undefined;
  return Uint8Array.from({ length }, (_, row) =>
    views.some(({ validity }) => isNullAt(validity, row)) ? 1 : 0,
  );
}
