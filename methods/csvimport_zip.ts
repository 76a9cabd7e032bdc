// Imports the CSV files of a zip archive, each as a dataset of its own. They are unpacked into temporary files one after
// another; all are then imported in parallel over slices.

import { dataset, defineMethod, inputFile, jobFile, z } from 'acc-engine';
import type { DatasetWriter } from 'acc-engine';

import { importOptions } from './lib/csv/import-options.ts';
import { importSlice, makeTemporary, prepareImport } from './lib/csv/import.ts';
import type { PreparedImport } from './lib/csv/import.ts';
import { withZippedFiles } from './lib/csv/zip-files.ts';
import { planZip } from './lib/csv/zip-plan.ts';
import { mistake } from './lib/mistake.ts';

export default defineMethod({
  description: `Imports the CSV files of a zip archive

Each file becomes a dataset that is called like it; what is no letter, digit, dot, dash or underscore becomes an underscore.
The last one is also the default dataset. Files in gzip or zstd are unpacked once more. Takes the options of csvimport,
which hold for every file; bad and skipped lines go to the datasets NAME.bad and NAME.skipped.

Input: previous, the dataset that the first one follows. Output: the datasets; the result lists { file, dataset, rows }.

Example: urd.build('csvimport_zip', { filename: 'prices.zip', includeRegex: '[.]csv$', chaining: 'byFilename' })`,
  options: {
    filename: z.union([inputFile(), jobFile()]).describe('The archive'),
    insideFilenames: z
      .union([
        z.array(z.union([z.string(), z.strictObject({ file: z.string(), dataset: z.string() })])),
        z.record(z.string(), z.string()),
      ])
      .default([])
      .describe(
        'Files to import, in the order of the chain: a list of names, or, where datasets are to be called otherwise,\n' +
          'of { file: "2024/may.csv", dataset: "may" }. Or { "2024/may.csv": "may" }, which has no order',
      ),
    chaining: z
      .enum(['off', 'on', 'byFilename', 'byDatasetName', 'byInsideFilenames', 'byZipOrder'])
      .default('on')
      .describe(
        'Order of the chain that the datasets are; `on` is that of `insideFilenames` if it is a list, else of the archive',
      ),
    includeRegex: z.string().default('').describe('Imports only files whose names match'),
    excludeRegex: z.string().default('').describe('Does not import files whose names match'),
    stripDirectories: z
      .boolean()
      .default(false)
      .describe('Calls datasets by the last part of the name of a file'),
    ...importOptions,
  },
  datasets: { previous: dataset().optional() },

  prepare({ job, options, datasets, slices }) {
    if (options.chaining === 'off' && datasets.previous !== undefined) {
      throw mistake('Expected no dataset "previous" while option "chaining" is "off"');
    }
    const path = options.filename.filename();
    const archive = { name: options.filename.name, path };
    return withZippedFiles(archive, async (files) => {
      const planned = planZip(
        files.map(({ name }) => name),
        options,
      );
      const imports: { file: string; dataset: string; prepared: PreparedImport }[] = [];
      let previous: DatasetWriter | typeof datasets.previous = datasets.previous;
      for (const { file, dataset: name } of planned) {
        const { stream, path: unpacked } = makeTemporary(job);
        await files.find((one) => one.name === file)?.unpack(stream);
        const text = { name: `${archive.name}/${file}`, path: unpacked };
        const names = { name, previous };
        const prepared = await prepareImport(job, [text], { options, slices, names });
        imports.push({ file, dataset: name, prepared });
        previous = options.chaining === 'off' ? undefined : prepared.rows;
      }
      return imports;
    });
  },

  analysis({ sliceno, options, prepareRes }) {
    return prepareRes.map(({ prepared }) => importSlice(prepared, sliceno, options).rows);
  },

  synthesis({ job, analysisRes, prepareRes }) {
    const last = prepareRes.at(-1)?.dataset;
    if (last !== undefined && prepareRes.every((one) => one.dataset !== 'default')) {
      job.linkDataset(job.dataset(last), { name: 'default' });
    }
    return prepareRes.map(({ file, dataset: name }, i) => ({
      file,
      dataset: name,
      rows: analysisRes.reduce((sum, rows) => sum + (rows[i] ?? 0), 0),
    }));
  },
});
