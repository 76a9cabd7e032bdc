// What to group by and what to find out, as a method's options say it.

import { mistake } from '../mistake.ts';
import type { TableColumn } from '../tables/column-view.ts';
import { columnNamed, quote } from '../tables/table-sources.ts';
import { canAggregate } from './aggregates.ts';
import type { AggregateKind } from './aggregates.ts';
import type { AggregatePlan, GroupPlan } from './grouping.ts';

/** Options that say how to group. */
export interface GroupOptions {
  readonly keys: readonly string[];
  /** In the order of their columns. */
  readonly aggregates: readonly {
    readonly name: string;
    readonly of: 'count' | Partial<Record<AggregateKind, string>>;
  }[];
}

/** Finds the columns that options name; throws an error for what cannot be done. */
export function groupPlanOf(
  { keys, aggregates }: GroupOptions,
  columns: readonly TableColumn[],
  dataset: string,
): GroupPlan {
  const plan = {
    keys: keys.map((name) => columnNamed(columns, name, 'keys', dataset)),
    aggregates: aggregates.map(({ name, of }): AggregatePlan => {
      if (of === 'count') return { name, kind: 'count', column: undefined };
      const [[kind, column] = []] = Object.entries(of);
      const found = columnNamed(columns, column ?? '', `aggregates.${name}`, dataset);
      return { name, kind: kind as AggregateKind, column: found };
    }),
  };
  checkKeys(plan.keys);
  for (const aggregate of plan.aggregates) checkAggregate(aggregate, plan.keys);
  return plan;
}

function checkKeys(keys: readonly TableColumn[]): void {
  for (const [i, { name, type }] of keys.entries()) {
    if (type === 'json') {
      throw mistake(
        `Option "keys" names column ${quote(name)} of type json, which makes no groups`,
      );
    }
    if (keys.findIndex((key) => key.name === name) < i) {
      throw mistake(`Option "keys" names column ${quote(name)} twice`);
    }
  }
}

function checkAggregate({ name, kind, column }: AggregatePlan, keys: readonly TableColumn[]): void {
  if (keys.some((key) => key.name === name)) {
    throw mistake(`Option "aggregates" makes a column ${quote(name)}, which is the name of a key`);
  }
  if (column === undefined || canAggregate(kind, column.type)) return;
  throw mistake(
    `Option "aggregates" asks for the ${kind} of column ${quote(column.name)}, which has type ${column.type}`,
  );
}
