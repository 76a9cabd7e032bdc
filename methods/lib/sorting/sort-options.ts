// The columns to sort by, as a method's options name them.

import { mistake } from '../mistake.ts';
import type { TableColumn } from '../tables/column-view.ts';
import { columnNamed, quote } from '../tables/table-sources.ts';
import { nullsAreLow } from './sort-keys.ts';
import type { SortColumn } from './sort-keys.ts';

type Order = 'ascending' | 'descending';

/** Options that say how to sort. */
export interface SortOptions {
  readonly sortColumns: readonly (
    | string
    | {
        readonly column: string;
        readonly order?: Order | undefined;
        readonly nulls?: 'first' | 'last' | undefined;
      }
  )[];
  readonly sortOrder: Order;
}

/** Finds the columns that are sorted by; throws an error for one that there is not, or that has no order. */
export function sortColumnsOf(
  { sortColumns, sortOrder }: SortOptions,
  columns: readonly TableColumn[],
  dataset: string,
): readonly (SortColumn & TableColumn)[] {
  const names = sortColumns.map((one) => (typeof one === 'string' ? one : one.column));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw mistake(`Option "sortColumns" names column ${quote(twice)} twice`);
  }
  return sortColumns.map((one) => {
    const {
      column: name,
      order = sortOrder,
      nulls,
    } = typeof one === 'string' ? { column: one } : one;
    const column = columnNamed(columns, name, 'sortColumns', dataset);
    if (column.type === 'json') {
      throw mistake(
        `Option "sortColumns" names column ${quote(name)} of type json, which has no order`,
      );
    }
    const descending = order === 'descending';
    const nullsFirst =
      nulls === undefined ? nullsAreLow(column.type) !== descending : nulls === 'first';
    return { ...column, descending, nullsFirst };
  });
}
