// Exports a dataset as one CSV file. Slices are written in parallel and then put together in slice order.

import { pipeline } from 'node:stream/promises';

import { dataset, defineMethod, z } from 'acc-engine';
import type { CurrentJob, Dataset } from 'acc-engine';

import { quotesOption, separatorOption } from './lib/csv-options.ts';
import { csvChunks, csvHeader } from './lib/csv-text.ts';
import type { ExportedColumn } from './lib/csv-text.ts';

/** The rows of one slice, until they are put together. */
const ROWS_FILE = 'rows';

export default defineMethod({
  description: 'Exports a dataset as a CSV file',
  options: {
    filename: z.string().default('result.csv').describe('Name of the file in the job'),
    separator: separatorOption,
    quotes: quotesOption,
    columns: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Names of the columns to write, in this order; all if not given'),
    header: z.boolean().default(true).describe('Begins with a line of column names'),
  },
  datasets: { source: dataset() },

  async analysis({ sliceno, job, options, datasets: { source } }) {
    const columns = exportedColumns(source, options.columns);
    const names = columns.map(({ name }) => name);
    await pipeline(
      csvChunks(source.iterate(sliceno, names), columns, options),
      job.open(ROWS_FILE, 'w', { sliceno, temp: true }),
    );
  },

  async synthesis({ job, options, slices, datasets: { source } }) {
    const columns = exportedColumns(source, options.columns);
    const header = options.header ? csvHeader(columns, options) : Buffer.alloc(0);
    await pipeline(wholeFile(job, header, slices), job.open(options.filename, 'w'));
    return { rows: source.shape[1], columns: columns.length };
  },
});

function exportedColumns(
  source: Dataset,
  names: readonly string[] = source.columnNames,
): readonly ExportedColumn[] {
  return names.map((name) => {
    const column = source.columns[name];
    if (column !== undefined && Object.hasOwn(source.columns, name)) return column;
    const known = Object.keys(source.columns).join(', ');
    throw new Error(`Option "columns" names "${name}", but ${String(source)} has only ${known}`);
  });
}

async function* wholeFile(job: CurrentJob, header: Buffer, slices: number): AsyncGenerator<Buffer> {
  yield header;
  for (let sliceno = 0; sliceno < slices; sliceno++) {
    yield* job.open(ROWS_FILE, 'r', { sliceno }) as AsyncIterable<Buffer>;
  }
}
