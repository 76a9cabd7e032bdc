// Imports a CSV file as a dataset. Slices take consecutive parts of the file, so that the rows of all slices in order
// are the rows of the file. Files of any size need the same memory.

import { closeSync, openSync } from 'node:fs';

import { dataset, defineMethod, inputFile, z } from 'acc-engine';

import { CellWriter, IMPORTED_TYPES } from './lib/csv-cells.ts';
import { withLineNumbers } from './lib/csv-fault.ts';
import { csvFormat } from './lib/csv-format.ts';
import { quotesOption, separatorOption } from './lib/csv-options.ts';
import { planImport } from './lib/csv-plan.ts';
import { readBlocks } from './lib/csv-reader.ts';
import { FieldBlock } from './lib/csv-tokenizer.ts';

const typeName = z.enum(IMPORTED_TYPES);

export default defineMethod({
  description: 'Imports a CSV file',
  options: {
    filename: inputFile().describe('The file to import; its first line names the columns'),
    separator: separatorOption,
    quotes: quotesOption,
    types: z
      .record(
        z.string(),
        z.union([
          typeName,
          z.strictObject({ type: typeName, nullable: z.boolean().default(false) }),
        ]),
      )
      .default({})
      .describe(
        'Types of columns by name, as { price: "float64", sold: { type: "date", nullable: true } };\n' +
          'the others are strings. In a nullable column an empty field is a null.',
      ),
  },
  datasets: { previous: dataset().optional() },

  prepare({ job, options, datasets, slices }) {
    const file = { name: options.filename.name, path: options.filename.filename() };
    const plan = planImport(file, { format: csvFormat(options), types: options.types, slices });
    const writer = job.datasetWriter({
      columns: {},
      previous: datasets.previous,
      filename: file.name,
    });
    // One by one, because a record does not keep the order of names that are numbers.
    for (const { name, type, nullable } of plan.columns) writer.add(name, { type, nullable });
    return { file, plan, writer };
  },

  analysis({ sliceno, options, prepareRes: { file, plan, writer } }) {
    const part = plan.parts[sliceno];
    if (part === undefined) throw new Error(`Internal error: nothing for slice ${sliceno}`);
    const format = csvFormat(options);
    const cells = new CellWriter(writer, plan.columns, format);
    const block = new FieldBlock(plan.columns.length, format);
    let rows = 0;
    const fd = openSync(file.path, 'r');
    try {
      withLineNumbers(file, () =>
        readBlocks({ fd, ...part }, block, () => {
          cells.write(block);
          rows += block.rows;
        }),
      );
    } finally {
      closeSync(fd);
    }
    return rows;
  },

  synthesis({ analysisRes, prepareRes: { plan } }) {
    const rows = analysisRes.reduce((sum, count) => sum + count, 0);
    return { rows, columns: plan.columns.length };
  },
});
