// What to group by and what to find out, as a method's options say it.

import type { TableColumn } from '../tables/column-view.ts';
import { columnNamed, quote } from '../tables/table-sources.ts';
import { canAggregate } from './aggregates.ts';
import type { AggregateKind } from './aggregates.ts';
import type { AggregatePlan, GroupPlan } from './grouping.ts';

/** Options that say how to group. */
export interface GroupOptions {
  readonly keys: readonly string[];
  readonly aggregates: Readonly<Record<string, 'count' | Partial<Record<AggregateKind, string>>>>;
}

/** Finds the columns that options name; throws an error for what cannot be done. */
export function groupPlanOf(
  { keys, aggregates }: GroupOptions,
  columns: readonly TableColumn[],
  dataset: string,
): GroupPlan {
  const plan = {
    keys: keys.map((name) => columnNamed(columns, name, 'keys', dataset)),
    // The order of names is not in the key of a job, so it must not count.
    aggregates: Object.entries(aggregates)
      .toSorted(byName)
      .map(([name, one]): AggregatePlan => {
        if (one === 'count') return { name, kind: 'count', column: undefined };
        const [[kind, column] = []] = Object.entries(one);
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
      throw new Error(
        `Option "keys" names column ${quote(name)} of type json, which makes no groups`,
      );
    }
    if (keys.findIndex((key) => key.name === name) < i) {
      throw new Error(`Option "keys" names column ${quote(name)} twice`);
    }
  }
}

function checkAggregate({ name, kind, column }: AggregatePlan, keys: readonly TableColumn[]): void {
  if (keys.some((key) => key.name === name)) {
    throw new Error(
      `Option "aggregates" makes a column ${quote(name)}, which is the name of a key`,
    );
  }
  if (column === undefined || canAggregate(kind, column.type)) return;
  throw new Error(
    `Option "aggregates" asks for the ${kind} of column ${quote(column.name)}, which has type ${column.type}`,
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
