// Exports datasets as CSV files. Slices are written in parallel, and put together in slice order unless each is to be a
// file of its own.

import { Dataset, dataset, defineMethod, job as jobInput, z } from 'acc-engine';

import { csvHeader } from './lib/csv/characters.ts';
import { compressionOf, ExportFile, joinFiles, slicedFilename } from './lib/csv/export-file.ts';
import { CsvTextWriter } from './lib/csv/text.ts';
import type { ExportedBatch, ExportedColumn } from './lib/csv/text.ts';

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
          'With `sliced` the number of the slice stands for `%d` or `%03d`, or comes behind',
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

  prepare({ options, datasets: { source }, jobs: { previous } }) {
    const before = previous?.params.datasets['source'];
    const stop = before instanceof Dataset ? before : null;
    const sources = options.chainSource ? [...source.chain({ stop })] : [source];
    for (const one of sources) exportedColumns(one, options.columns ?? source.columnNames);
    const compression = options.compression ?? compressionOf(options.filename);
    if (compression === 'gzip' && (options.compressionLevel ?? 0) > 9) {
      throw new Error(
        `Expected option "compressionLevel" to be 1 to 9 for gzip, got ${options.compressionLevel}`,
      );
    }
    return { sources, compression };
  },

  async analysis({ sliceno, job, options, datasets, prepareRes: { sources, compression } }) {
    const names = options.columns ?? datasets.source.columnNames;
    const path = job.filename(partName(options, sliceno));
    const file = ExportFile.create(path, compression, options.compressionLevel);
    try {
      if (options.header && (options.sliced || sliceno === 0))
        file.write(csvHeader(names, options));
      // The header is a part of its own, because the rows of a chain go on with those of other slices.
      const ends = [file.flush()];
      for (const source of sources) {
        const writer = new CsvTextWriter(exportedColumns(source, names), options);
        for (const batch of source.batches(sliceno, names)) {
          writer.write(batch as unknown as ExportedBatch, (text) => file.write(text));
        }
        ends.push(file.flush());
      }
      return ends;
    } finally {
      file.close();
    }
  },

  synthesis({ job, options, slices, datasets, analysisRes, prepareRes: { sources } }) {
    const paths = Array.from({ length: slices }, (_, sliceno) => partName(options, sliceno));
    if (options.sliced) {
      for (const path of paths) job.registerFile(path);
    } else {
      const parts = Array.from({ length: sources.length + 1 }, (_, part) =>
        analysisRes.map((ends, sliceno) => ({
          path: job.filename(paths[sliceno] ?? ''),
          start: ends[part - 1] ?? 0,
          end: ends[part] ?? 0,
        })),
      ).flat();
      const whole = analysisRes.map((ends, sliceno) => ({
        path: job.filename(paths[sliceno] ?? ''),
        start: 0,
        end: ends.at(-1) ?? 0,
      }));
      joinFiles(sources.length === 1 ? whole : parts, job.filename(options.filename));
      job.registerFile(options.filename);
    }
    const rows = sources.reduce((sum, source) => sum + source.shape[1], 0);
    return { rows, columns: (options.columns ?? datasets.source.columnNames).length };
  },
});

function partName(
  { filename, sliced }: { readonly filename: string; readonly sliced: boolean },
  sliceno: number,
): string {
  return sliced ? slicedFilename(filename, sliceno) : `${filename}.part-${sliceno}`;
}

function exportedColumns(source: Dataset, names: readonly string[]): readonly ExportedColumn[] {
  const columns = new Map(Object.entries(source.columns));
  return names.map((name) => {
    const column = columns.get(name);
    if (column !== undefined) return column;
    const known = [...columns.keys()].join(', ');
    throw new Error(`Option "columns" names "${name}", but ${String(source)} has only ${known}`);
  });
}
