// What is found out about the rows of each group. An aggregate takes rows as they come, can be put aside as columns and
// taken up again by another of its kind, and gives one value for each group in the end.

import type { ColumnType } from 'acc-engine';

import type { ColumnView, TableColumn } from '../tables/column-view.ts';
import { CountAggregate } from './count-aggregate.ts';
import { DistinctAggregate } from './distinct-aggregate.ts';
import { ExtremeAggregate } from './extreme-aggregate.ts';
import { SumAggregate } from './sum-aggregate.ts';

/** A running aggregate of all groups. Groups are numbers from 0. */
export interface Aggregate {
  /** Takes rows: the group of each, and the values. */
  add(groups: Int32Array, view: ColumnView | undefined): void;
  /** What is known of groups `[0, length)`, one row for each. */
  state(length: number): readonly ColumnView[];
  /** Takes what another aggregate of the kind gave as its state: the group of each row, and its columns. */
  merge(groups: Int32Array, state: readonly ColumnView[]): void;
  /** Rows that another aggregate of the kind must be given by `add`, beside the state: their groups and values. */
  rows?(): { readonly groups: Uint32Array; readonly view: ColumnView };
  /** The result of groups `[0, length)`. */
  finish(length: number): ColumnView;
}

/** How groups are summed up. */
export type AggregateKind = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'distinct';

/** Types that can be added up. */
const SUMMABLE: ReadonlySet<ColumnType> = new Set<ColumnType>([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'float32',
  'float64',
]);

/** Tells whether values of a type can be summed up in that way. */
export function canAggregate(kind: AggregateKind, type: ColumnType): boolean {
  if (kind === 'sum' || kind === 'mean') return SUMMABLE.has(type);
  return kind === 'count' || type !== 'json';
}

/** The column that an aggregate makes. */
export function aggregateColumn(
  name: string,
  kind: AggregateKind,
  column: TableColumn | undefined,
): TableColumn {
  if (column === undefined || kind === 'count' || kind === 'distinct') {
    return { name, type: 'int64', nullable: false };
  }
  const { type, nullable } = column;
  if (kind === 'mean') return { name, type: 'float64', nullable };
  if (kind !== 'sum') return { name, type, nullable };
  return { name, type: type.startsWith('float') ? 'float64' : 'int64', nullable };
}

/** Makes an aggregate; without a column it counts rows. */
export function makeAggregate(kind: AggregateKind, column: TableColumn | undefined): Aggregate {
  switch (kind) {
    case 'count':
      return new CountAggregate();
    case 'sum':
    case 'mean':
      return new SumAggregate(kind, column?.name ?? '');
    case 'min':
    case 'max':
      return new ExtremeAggregate(kind, column?.type ?? 'json');
    case 'distinct':
      return new DistinctAggregate(column?.type ?? 'json');
  }
}
