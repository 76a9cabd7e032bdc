// Exports a dataset as Parquet: one file, or one for each slice, which are then written in parallel.

import { pipeline } from 'node:stream/promises';

import { dataset, defineMethod, z } from 'acc-engine';

import { parquetBytes } from './lib/parquet/write.ts';
import { exportOptions } from './lib/tables/export-options.ts';
import { chosenColumns } from './lib/tables/exported-columns.ts';
import { slicedFilename } from './lib/tables/exported-files.ts';

export default defineMethod({
  description: `Exports a dataset as a Parquet file

Each record batch becomes a row group, so the memory needed does not grow with the rows. Columns of type number are
written as text; the file's metadata tell parquet_import their types, so that it reads the same values again. With
sliced there is a file for each slice, written in parallel.

Input: source. Output: the file or files; the result counts { rows, columns }.

Example: urd.build('parquet_export', { source: flights, filename: 'flights.parquet', compression: 'zstd' })`,
  options: {
    filename: z.string().min(1).default('result.parquet').describe('Name of the file in the job'),
    compression: z.enum(['none', 'snappy', 'gzip', 'zstd']).default('snappy').describe('Of pages'),
    ...exportOptions,
  },
  datasets: { source: dataset() },

  async analysis({ sliceno, job, options, datasets: { source } }) {
    if (!options.sliced) return;
    const columns = chosenColumns(source, options.columns);
    await pipeline(
      parquetBytes(source, { ...options, columns, slices: [sliceno] }),
      job.open(slicedFilename(options.filename, sliceno), 'w'),
    );
  },

  async synthesis({ job, options, slices, datasets: { source } }) {
    const columns = chosenColumns(source, options.columns);
    const all = Array.from({ length: slices }, (_, sliceno) => sliceno);
    if (!options.sliced) {
      await pipeline(
        parquetBytes(source, { ...options, columns, slices: all }),
        job.open(options.filename, 'w'),
      );
    }
    return { rows: source.shape[1], columns: columns.length };
  },
});
