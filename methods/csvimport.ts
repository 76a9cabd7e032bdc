// Imports CSV files as a dataset. Slices take consecutive parts of the files, so that the rows of all slices in order
// are the rows of the files. Files of any size need the same memory.

import { dataset, defineMethod, inputFiles, jobFile, z } from 'acc-engine';

import { importOptions } from './lib/csv/import-options.ts';
import { importSlice, prepareImport } from './lib/csv/import.ts';

export default defineMethod({
  description: `Imports CSV files as a dataset.

Rows go to the slices in consecutive parts: \`iterate(null, …)\` gives them in the order of the files. Fields in quotes
may hold separators, doubled quotes and line ends. Files in gzip or zstd are unpacked, whatever they are called. Columns
are strings unless \`types\` says otherwise. Lines are counted from 1 and in each file.

Input: previous, the import before this one; its datasets bad and skipped as previousBad and previousSkipped.
Output: the dataset; with some options the datasets bad and skipped; the result { rows, bad, skipped, columns, rowsPerSlice }.

Example: urd.build('csvimport', { filename: '2024/*.csv.gz', types: { price: 'float64', sold: 'date' } })`,
  options: {
    filename: z
      .union([inputFiles(), jobFile().transform((file) => [file])])
      .describe(
        'Files to import, one after another: a name, a pattern as `2024/*.csv`, a list, or a file of a job',
      ),
    ...importOptions,
  },
  datasets: {
    previous: dataset().optional(),
    previousBad: dataset().optional(),
    previousSkipped: dataset().optional(),
  },

  prepare({ job, options, datasets, slices }) {
    const files = options.filename.map((file) => ({ name: file.name, path: file.filename() }));
    return prepareImport(job, files, { options, slices, names: datasets });
  },

  analysis({ sliceno, options, prepareRes }) {
    return importSlice(prepareRes, sliceno, options);
  },

  synthesis({ analysisRes, options, prepareRes: { plan } }) {
    const total = (kind: 'rows' | 'bad' | 'skipped'): number =>
      analysisRes.reduce((sum, counts) => sum + counts[kind], 0);
    return {
      rows: total('rows'),
      bad: total('bad'),
      skipped: total('skipped'),
      columns: plan.columns.length + (options.linenoLabel === '' ? 0 : 1),
      rowsPerSlice: analysisRes.map(({ rows }) => rows),
    };
  },
});
