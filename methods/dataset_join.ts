// Joins two datasets that are hashed on the same column, slice by slice.

import { dataset, defineMethod, z } from 'acc-engine';
import type { Dataset } from 'acc-engine';

import { hashJoin } from './lib/keys/hash-join.ts';
import { joinPlanOf } from './lib/keys/join-plan.ts';
import { mistake } from './lib/mistake.ts';
import { tableBatches } from './lib/tables/column-view.ts';
import { addColumns, columnsOf, hashedText, quote } from './lib/tables/table-sources.ts';
import { writeRows } from './lib/tables/table-writing.ts';

export default defineMethod({
  description: `Joins the rows of two datasets that have equal values in some columns

Both must be hashed on one of these columns (dataset_hashpart does that), so that partners lie in the same slice.
kind: inner gives pairs; left, right and outer also rows without a partner, with nulls for the other side; semi gives
rows of the left that have a partner, anti those that have none. A null has no partner. The result has the columns that
were joined on, then the others of the left, then those of the right, and is hashed as its sources are.
Memory: the right side of a slice. Put the smaller one there.

Example: urd.build('dataset_join', { left: orders, right: users, on: ['user'], kind: 'left', rightPrefix: 'user_' })`,
  options: {
    on: z.array(z.string()).min(1).describe('Columns that both have, of equal types'),
    kind: z.enum(['inner', 'left', 'right', 'outer', 'semi', 'anti']).default('inner'),
    leftRename: z
      .record(z.string(), z.string())
      .default({})
      .describe('New names of columns of the left'),
    rightRename: z
      .record(z.string(), z.string())
      .default({})
      .describe('New names of columns of the right'),
    rightPrefix: z
      .string()
      .default('')
      .describe('Put before the other names of columns of the right, but for those joined on'),
  },
  datasets: { left: dataset(), right: dataset(), previous: dataset().optional() },

  prepare({ job, options, slices, datasets: { left, right, previous } }) {
    const plan = joinPlanOf(options, sideOf(left), sideOf(right));
    if (slices > 1) checkPlaces(left, right, options.on);
    const hashlabel = left.hashlabel === right.hashlabel ? left.hashlabel : null;
    const writer = job.datasetWriter({ columns: {}, previous, hashlabel });
    addColumns(writer, plan.columns);
    return { plan, writer };
  },

  analysis({ sliceno, datasets: { left, right }, prepareRes: { plan, writer } }) {
    const namesOf = (columns: typeof plan.left): readonly string[] =>
      columns.map(({ name }) => name);
    const sides = {
      left: tableBatches(left, sliceno, namesOf(plan.left)),
      right: tableBatches(right, sliceno, namesOf(plan.right)),
    };
    hashJoin(plan, sides, (views) => writeRows(writer, plan.columns, views));
  },
});

function sideOf(one: Dataset): {
  readonly columns: ReturnType<typeof columnsOf>;
  readonly spec: string;
} {
  return { columns: columnsOf(one), spec: String(one) };
}

function checkPlaces(left: Dataset, right: Dataset, on: readonly string[]): void {
  const [one, other] = [left.hashlabel, right.hashlabel];
  if (one !== null && one === other && on.includes(one)) return;
  throw mistake(
    `Expected both datasets to be hashed on the same column of option "on" (${on.map(quote).join(', ')}), ` +
      `but ${String(left)} is ${hashedText(one)} and ${String(right)} ${hashedText(other)}: build dataset_hashpart first`,
  );
}
