// Turns the order of rows in turn into the order of slices.

import { dataset, defineMethod, z } from 'acc-engine';
import type { Dataset } from 'acc-engine';

import { cellKey, viewOfColumn } from './lib/sorting/cell-key.ts';
import { roundRobin } from './lib/sorting/round-robin.ts';
import { addColumns, columnNamed, columnsOf } from './lib/tables/table-sources.ts';
import { writeRows } from './lib/tables/table-writing.ts';

export default defineMethod({
  description: `Rewrites a dataset so that its slices in order give the rows that its slices in turn gave

In turn means the first row of each slice, then the second of each, and so on: the order of a file that was dealt out
round robin. Each slice keeps its number of rows, or, with triggerColumn, goes on to the next row at which the value of
that column changes. The result is not hashed.

Example: urd.build('dataset_unroundrobin', { source })`,
  options: {
    triggerColumn: z
      .string()
      .optional()
      .describe('A slice ends only where the value of this column changes'),
  },
  datasets: { source: dataset(), previous: dataset().optional() },

  prepare({ job, options, datasets: { source, previous } }) {
    const columns = columnsOf(source);
    const { triggerColumn } = options;
    if (triggerColumn !== undefined) {
      columnNamed(columns, triggerColumn, 'triggerColumn', String(source));
    }
    const writer = job.datasetWriter({ columns: {}, previous, hashlabel: null });
    addColumns(writer, columns);
    return { writer, ends: sliceEnds(source, triggerColumn) };
  },

  analysis({ sliceno, datasets: { source }, prepareRes: { writer, ends } }) {
    const columns = columnsOf(source);
    const range = { start: ends[sliceno - 1] ?? 0, end: ends[sliceno] ?? 0 };
    if (range.end <= range.start) return;
    for (const { views } of roundRobin(source, columns, range)) writeRows(writer, columns, views);
  },
});

/** Where the rows of each slice end, among all rows in turn. */
function sliceEnds(source: Dataset, triggerColumn: string | undefined): readonly number[] {
  const [, total] = source.shape;
  let sum = 0;
  let end = 0;
  return source.lines.map((rows) => {
    sum += rows;
    if (triggerColumn === undefined) end = sum;
    else if (sum > end) end = nextChange(source, triggerColumn, { start: sum, end: total });
    return end;
  });
}

/** The first row from `start` on whose value is not that of the row before; `end` when there is none. */
function nextChange(
  source: Dataset,
  column: string,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  const columns = [columnNamed(columnsOf(source), column, 'triggerColumn', String(source))];
  let at = start - 1;
  let before: unknown;
  for (const { views, length } of roundRobin(source, columns, { start: at, end })) {
    const view = viewOfColumn(views);
    for (let row = 0; row < length; row++, at++) {
      const value = cellKey(view, row);
      if (at >= start && value !== before) return at;
      before = value;
    }
  }
  return end;
}
