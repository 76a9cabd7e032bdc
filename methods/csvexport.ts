// Exports datasets as CSV files. All slices write the same file at the same time, unless each is to have one of its own.

import { rmSync } from 'node:fs';

import { Dataset, dataset, defineMethod, job as jobInput, z } from 'acc-engine';

import { checkedCompression, checkExport } from './lib/csv/export-checks.ts';
import { exportedColumns, exportShared, exportSlice, turnPaths } from './lib/csv/export-text.ts';
import { PieceTurns } from './lib/csv/piece-turns.ts';
import { slicedFilename } from './lib/tables/exported-files.ts';

export default defineMethod({
  description: `Exports datasets as CSV files

Rows come in the order of \`iterate(null, …)\`. Only fields that need quotes get them, so that csvimport reads the same
values again: an empty field is a null, and an empty text is in quotes where there may be nulls.

Input: source, the dataset to write; with \`chainSource\` its chain, back to the source of the export \`previous\`.
Output: the file; the result tells { rows, columns }.

Example: urd.build('csvexport', { source, filename: 'prices.csv.gz', columns: ['id', 'price'] })`,
  options: {
    filename: z
      .string()
      .min(1)
      .default('result.csv')
      .describe(
        'Name of the file in the job; compressed if it ends with, or holds, `.gz` or `.zst`.\n' +
          'With `sliced` the number of the slice stands for `%d` or `%03d`, or comes behind, as in a.csv.3.gz',
      ),
    columns: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Names of the columns to write, in this order; all if not given'),
    header: z.boolean().default(true).describe('Begins with a line of column names'),
    separator: z.string().default(',').describe('Text between the fields of a line'),
    lineSeparator: z.string().default('\n').describe('Text that ends a line'),
    quotes: z
      .string()
      .default('"')
      .describe('Text around fields that hold a separator, quotes or a line end; empty for none'),
    lazyQuotes: z
      .boolean()
      .default(true)
      .describe('Puts only what needs them in quotes, not every value'),
    noneAs: z
      .union([z.string(), z.record(z.string(), z.string())])
      .default('')
      .describe('What nulls are written as, or { column: text }'),
    sliced: z.boolean().default(false).describe('Makes a file of each slice'),
    chainSource: z
      .boolean()
      .default(false)
      .describe('Writes the chain of the source, back to the source of the export `previous`'),
    compression: z
      .enum(['none', 'gzip', 'zstd'])
      .optional()
      .describe('Compression of the file; as its name says if not given'),
    compressionLevel: z
      .number()
      .int()
      .min(1)
      .max(22)
      .optional()
      .describe('How hard to compress: 1 to 9 for gzip (6), 1 to 22 for zstd (3)'),
  },
  datasets: { source: dataset() },
  jobs: { previous: jobInput({ lineage: true }).optional() },

  prepare({ job, options, datasets: { source }, jobs: { previous } }) {
    const before = previous?.params.datasets['source'];
    const stop = before instanceof Dataset ? { of: previous, input: 'source' } : null;
    const sources = options.chainSource ? [...source.chain({ stop })] : [source];
    const names = options.columns ?? source.columnNames;
    for (const one of sources) exportedColumns(one, names);
    checkExport(options, names, previous !== undefined);
    const compression = checkedCompression(options);
    if (!options.sliced) PieceTurns.prepare(turnPaths(job));
    return { sources, compression };
  },

  analysis({ sliceno, job, options, datasets, prepareRes: { sources, compression } }) {
    const names = options.columns ?? datasets.source.columnNames;
    const { header, compressionLevel } = options;
    const { filename, sliced } = options;
    const text = { sources, names, header, compression, compressionLevel, characters: options };
    return sliced
      ? exportSlice(job, sliceno, { ...text, filename: slicedFilename(filename, sliceno) })
      : exportShared(job, sliceno, { ...text, filename });
  },

  synthesis({ job, options, datasets, prepareRes: { sources } }) {
    if (!options.sliced) for (const path of turnPaths(job)) rmSync(path);
    const rows = sources.reduce((sum, source) => sum + source.shape[1], 0);
    return { rows, columns: (options.columns ?? datasets.source.columnNames).length };
  },
});
