// Sorts a chain of datasets into one. How values compare is in lib/sorting/sort-keys.ts.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { dataset, defineMethod, z } from 'acc-engine';

import { mistake } from './lib/mistake.ts';
import { mergeRuns } from './lib/sorting/merge-runs.ts';
import { RunFile, RunFiles } from './lib/sorting/run-file.ts';
import { sortColumnsOf } from './lib/sorting/sort-options.ts';
import { sortInPasses } from './lib/sorting/sort-passes.ts';
import { sortKeysOf, sortRows, writeSortedRuns } from './lib/sorting/sort-slice.ts';
import { SortedSlices } from './lib/sorting/sorted-slices.ts';
import { tableBatches } from './lib/tables/column-view.ts';
import type { TableBatch } from './lib/tables/column-view.ts';
import {
  addColumns,
  columnNamed,
  commonColumns,
  sharedHashlabel,
  sourcesSince,
} from './lib/tables/table-sources.ts';
import { writeRows } from './lib/tables/table-writing.ts';

/** Bytes of rows that a slice sorts in memory. */
const RUN_BYTES = 24 * 1024 * 1024;

/** Bytes of rows that all slices together hold where rows are read several times instead of being put into files. */
const PASS_BYTES = 320 * 1024 * 1024;

const order = z.enum(['ascending', 'descending']);

export default defineMethod({
  description: `Sorts a dataset, or a chain of datasets into one

The datasets from \`source\` back to (and without) the \`source\` of the job that made \`previous\` become one dataset, sorted
within each slice, or across all slices with sortAcrossSlices. Rows that compare equal stay in the order of the chain.
In ascending order nulls come first, but in date, time and datetime columns last; NaN comes after all numbers; text is
compared by code points, bytes by value. Slices larger than memory are sorted in parts and merged.

Example: urd.build('dataset_sort', { source, sortColumns: ['user', { column: 'time', order: 'descending' }] })`,
  options: {
    sortColumns: z
      .array(
        z.union([
          z.string(),
          z.strictObject({
            column: z.string(),
            order: order.optional(),
            nulls: z.enum(['first', 'last']).optional(),
          }),
        ]),
      )
      .min(1)
      .describe(
        'Columns to sort by, the first counting most: a name, or { column, order, nulls } with an order of its own\n' +
          'and the end at which nulls go',
      ),
    sortOrder: order.default('ascending').describe('Order of columns that have none of their own'),
    sortAcrossSlices: z
      .boolean()
      .default(false)
      .describe('Sorts over all slices and divides the rows evenly; one thread merges'),
    triggerColumn: z
      .string()
      .optional()
      .describe(
        'With sortAcrossSlices: one of the sort columns; a slice ends only where its value changes,\n' +
          'so that equal values are in one slice',
      ),
  },
  datasets: { source: dataset(), previous: dataset({ lineage: true }).optional() },

  prepare({ job, options, datasets: { source, previous } }) {
    const chain = sourcesSince(source, previous);
    const columns = commonColumns(chain.datasets, source);
    const sortColumns = sortColumnsOf(options, columns, String(source));
    if (options.triggerColumn !== undefined) {
      if (!options.sortAcrossSlices) {
        throw mistake('Option "triggerColumn" has a meaning only with "sortAcrossSlices: true"');
      }
      columnNamed(sortColumns, options.triggerColumn, 'triggerColumn', 'option "sortColumns"');
    }
    if (options.sortAcrossSlices) return { columns, sortColumns, writer: null };
    const hashlabel = sharedHashlabel(chain.datasets, source);
    const writer = job.datasetWriter({ columns: {}, previous, hashlabel });
    addColumns(writer, columns);
    return { columns, sortColumns, writer };
  },

  analysis({ sliceno, slices, job, datasets: { source, previous }, prepareRes }) {
    const { columns, sortColumns, writer } = prepareRes;
    const chain = sourcesSince(source, previous);
    const names = columns.map(({ name }) => name);
    const request = { columns, sortColumns, rows: chain.lines(sliceno), runBytes: RUN_BYTES };
    const batches = tableBatches(chain, sliceno, names);
    const path = join(job.path, runFileName(sliceno));
    if (writer === null) {
      using file = new RunFile(path, 'w+');
      return writeSortedRuns(request, batches, file);
    }
    const memory = { ...request, bytes: Math.floor(PASS_BYTES / slices) };
    const read = (chosen: readonly string[]): Iterable<TableBatch> =>
      tableBatches(chain, sliceno, chosen);
    if (sortInPasses({ ...memory, read }, (views) => writeRows(writer, columns, views)))
      return null;
    const makeFile = (): RunFile => {
      const file = new RunFile(path, 'w+');
      // Nobody else opens it, and so it is gone however this ends.
      rmSync(path);
      return file;
    };
    sortRows(request, batches, makeFile, (views, picks) =>
      writeRows(writer, columns, views, picks),
    );
    return null;
  },

  synthesis({ job, slices, options, datasets: { previous }, prepareRes, analysisRes }) {
    const { columns, sortColumns } = prepareRes;
    if (prepareRes.writer !== null) return;
    const parts = analysisRes.map((sorted) => sorted ?? { runs: [], blockRows: 8 });
    const rows = parts.flatMap(({ runs }) => runs.flatMap(({ blocks }) => blocks));
    const writer = job.datasetWriter({ columns: {}, previous, allowMissingSlices: true });
    addColumns(writer, columns);
    const trigger = columns.findIndex(({ name }) => name === options.triggerColumn);
    const sorted = new SortedSlices({
      rows: rows.reduce((sum, block) => sum + block.rows, 0),
      slices,
      trigger,
    });
    using files = new RunFiles(parts.map((_, sliceno) => join(job.path, runFileName(sliceno))));
    const request = {
      runs: parts.flatMap(({ runs }, i) => {
        const file = files.all[i];
        return file === undefined ? [] : runs.map((run) => ({ file, run }));
      }),
      blockRows: parts.reduce((most, { blockRows }) => Math.max(most, blockRows), 8),
      keys: sortKeysOf({ columns, sortColumns }),
    };
    mergeRuns(request, (views, picks) => {
      for (const { sliceno, start, end } of sorted.divide(views, picks)) {
        writer.setSlice(sliceno);
        writeRows(writer, columns, views, picks.subarray(start, end));
      }
    });
  },
});

/** With a dot in front: no file of the job. */
function runFileName(sliceno: number): string {
  return `.sorted.${sliceno}`;
}
