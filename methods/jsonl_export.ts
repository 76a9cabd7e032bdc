// Exports a dataset as lines of JSON. Slices are written in parallel and then put together in slice order.

import { pipeline } from 'node:stream/promises';

import { dataset, defineMethod, z } from 'acc-engine';
import type { CurrentJob } from 'acc-engine';

import { jsonLines } from './lib/jsonl/text.ts';
import { exportOptions } from './lib/tables/export-options.ts';
import { chosenColumns } from './lib/tables/exported-columns.ts';
import { compressionOf, compressorFor, slicedFilename } from './lib/tables/exported-files.ts';

/** The rows of one slice, until they are put together. */
const ROWS_FILE = '.rows';

export default defineMethod({
  description: `Exports a dataset as lines of JSON, one object per row

Whole numbers are written with all their digits, dates and datetimes as ISO 8601, bytes as Base64, NaN and infinite
numbers as text; jsonl_import with the same types reads the same values again. A file whose name ends with, or
holds, .gz or .zst is compressed.

Input: source. Output: the file, or one file for each slice; the result counts { rows, columns }.

Example: urd.build('jsonl_export', { source: flights, filename: 'flights.jsonl.gz' })`,
  options: {
    filename: z.string().min(1).default('result.jsonl').describe('Name of the file in the job'),
    ...exportOptions,
  },
  datasets: { source: dataset() },

  async analysis({ sliceno, job, options, datasets: { source } }) {
    const columns = chosenColumns(source, options.columns);
    const names = columns.map(({ name }) => name);
    await pipeline(
      jsonLines(source.iterate(sliceno, names), columns),
      compressorFor(compressionOf(options.filename)),
      options.sliced
        ? job.open(slicedFilename(options.filename, sliceno), 'w')
        : job.open(ROWS_FILE, 'w', { sliceno, temp: true }),
    );
  },

  async synthesis({ job, options, slices, datasets: { source } }) {
    if (!options.sliced) await pipeline(wholeFile(job, slices), job.open(options.filename, 'w'));
    return { rows: source.shape[1], columns: chosenColumns(source, options.columns).length };
  },
});

async function* wholeFile(job: CurrentJob, slices: number): AsyncGenerator<Buffer> {
  for (let sliceno = 0; sliceno < slices; sliceno++) {
    yield* job.open(ROWS_FILE, 'r', { sliceno }) as AsyncIterable<Buffer>;
  }
}
