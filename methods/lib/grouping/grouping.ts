// Groups rows by keys and sums the groups up: from rows, or from what others have found out about their rows.

import { KeyTable } from '../keys/key-table.ts';
import { pickRows } from '../tables/column-view.ts';
import type { ColumnView, TableBatch, TableColumn } from '../tables/column-view.ts';
import { aggregateColumn, makeAggregate } from './aggregates.ts';
import type { Aggregate, AggregateKind } from './aggregates.ts';

/** What to find out about groups: the name of the result, and the column, or none to count rows. */
export interface AggregatePlan {
  readonly name: string;
  readonly kind: AggregateKind;
  readonly column: TableColumn | undefined;
}

/** How rows are grouped. */
export interface GroupPlan {
  readonly keys: readonly TableColumn[];
  readonly aggregates: readonly AggregatePlan[];
}

/** Rows that stand for groups, and the rest of what is to be handed on: which list a row is of is its place in there. */
export interface PartialGroups {
  /** Key columns, then the states of all aggregates. */
  readonly groups: readonly ColumnView[];
  /** For each aggregate that has any: key columns, then the value. */
  readonly rows: readonly { readonly aggregate: number; readonly views: readonly ColumnView[] }[];
}

/** Columns that are read: each once, keys first. */
export function inputColumns({ keys, aggregates }: GroupPlan): readonly TableColumn[] {
  const values = aggregates.flatMap(({ column }) => (column === undefined ? [] : [column]));
  const names = new Set<string>();
  return [...keys, ...values].filter(({ name }) => !names.has(name) && names.add(name));
}

/** Columns of the result. */
export function resultColumns({ keys, aggregates }: GroupPlan): readonly TableColumn[] {
  const results = aggregates.map(({ name, kind, column }) => aggregateColumn(name, kind, column));
  return [...keys, ...results];
}

/** Groups, growing. */
export class Grouping {
  readonly #plan: GroupPlan;
  readonly #table: KeyTable;
  readonly #aggregates: readonly Aggregate[];
  /** Where each aggregate's column is among those read. */
  readonly #places: readonly number[];

  constructor(plan: GroupPlan) {
    this.#plan = plan;
    this.#table = new KeyTable(plan.keys.map(({ type }) => type));
    this.#aggregates = plan.aggregates.map(({ kind, column }) => makeAggregate(kind, column));
    const inputs = inputColumns(plan);
    this.#places = plan.aggregates.map(({ column }) =>
      inputs.findIndex(({ name }) => name === column?.name),
    );
  }

  /** Number of groups. */
  get length(): number {
    return this.#table.length;
  }

  /** Takes rows of `inputColumns`. */
  add({ views, length }: TableBatch): void {
    const groups = this.#numbersOf(views, length);
    this.#aggregates.forEach((aggregate, i) => aggregate.add(groups, views[this.#places[i] ?? -1]));
  }

  /** What is known, to be taken by `merge` and `mergeRows` of another. */
  partial(): PartialGroups {
    const keys = this.#table.views;
    const states = this.#aggregates.flatMap((aggregate) => [...aggregate.state(this.length)]);
    const rows = this.#aggregates.flatMap((aggregate, i) => {
      const own = aggregate.rows?.();
      if (own === undefined) return [];
      const views = [...keys.map((key) => pickRows(key, own.groups)), own.view];
      return [{ aggregate: i, views }];
    });
    return { groups: [...keys, ...states], rows };
  }

  /** Takes `PartialGroups.groups`, or some rows of them. */
  merge(views: readonly ColumnView[], length: number): void {
    const groups = this.#numbersOf(views, length);
    let at = this.#plan.keys.length;
    for (const aggregate of this.#aggregates) {
      const width = aggregate.state(0).length;
      aggregate.merge(groups, views.slice(at, at + width));
      at += width;
    }
  }

  /** Takes the views of one of `PartialGroups.rows`, or some rows of them. */
  mergeRows(aggregate: number, views: readonly ColumnView[], length: number): void {
    const groups = this.#numbersOf(views, length);
    this.#aggregates[aggregate]?.add(groups, views[this.#plan.keys.length]);
  }

  /** One row for each group, in the order in which groups were first seen. */
  finish(): readonly ColumnView[] {
    const results = this.#aggregates.map((aggregate) => aggregate.finish(this.length));
    return [...this.#table.views, ...results];
  }

  #numbersOf(views: readonly ColumnView[], length: number): Int32Array {
    return this.#table.numbersOf(views.slice(0, this.#plan.keys.length), length);
  }
}
