// Imports lines of JSON as a dataset. Slices take consecutive parts of the files, so that the rows of all slices in
// order are the lines of the files. Files of any size need the same memory.

import { randomUUID } from 'node:crypto';

import { COLUMN_TYPES, dataset, defineMethod, inputFiles, jobFile, z } from 'acc-engine';
import type { CurrentJob, DatasetWriter } from 'acc-engine';

import { openText } from './lib/csv/source.ts';
import { lineParts } from './lib/jsonl/line-parts.ts';
import type { LinePart } from './lib/jsonl/line-parts.ts';
import { importRows, inferColumns } from './lib/jsonl/rows.ts';
import type { ImportedColumn } from './lib/jsonl/rows.ts';
import { mistake } from './lib/mistake.ts';

const typeName = z.enum(COLUMN_TYPES);

export default defineMethod({
  description: `Imports lines of JSON as a dataset

Each line is one object; its members become columns, in the order in which they first appear. Empty lines are passed
over, files in gzip or zstd are unpacked. Types that are not given are found by a first look at all lines: bool, int64,
float64, string, or json where members are mixed or nested; nullable where a line lacks the member or has null. Dates,
times and bytes (Base64) have to be declared.

Input: previous. Output: the dataset; the result counts { rows, columns }.

Example: urd.build('jsonl_import', { filename: 'events-*.jsonl.gz', types: { at: 'datetime' } })`,
  options: {
    filename: z
      .union([inputFiles(), jobFile().transform((file) => [file])])
      .describe(
        'Files to import, one after another: a name, a pattern, a list, or a file of a job',
      ),
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
        'Types of columns by name, as { price: "float64", sold: { type: "date", nullable: true } }',
      ),
    infer: z
      .boolean()
      .default(true)
      .describe('Find the other columns and their types; if not, other members are passed over'),
  },
  datasets: { previous: dataset().optional() },

  async prepare({ job, options, datasets, slices }) {
    const files: LinePart[] = [];
    for (const file of options.filename) {
      const named = { name: file.name, path: file.filename() };
      const { start, size, ...text } = await openText(named, 'utf-8', () => temporary(job));
      files.push({ ...text, start, end: size });
    }
    const declared = Object.entries(options.types).map(([name, type]): ImportedColumn =>
      typeof type === 'string' ? { name, type, nullable: false } : { name, ...type },
    );
    const columns = options.infer ? inferColumns(files, declared) : declared;
    if (columns.length === 0) throw mistake('There are no columns: no line has a member');
    const writer: DatasetWriter = job.datasetWriter({
      columns: {},
      previous: datasets.previous,
      filename: files.map(({ name }) => name).join(', '),
    });
    for (const { name, type, nullable } of columns) writer.add(name, { type, nullable });
    return { columns, parts: lineParts(files, slices), writer };
  },

  analysis({ sliceno, prepareRes: { columns, parts, writer } }) {
    let rows = 0;
    for (const part of parts[sliceno] ?? []) rows += importRows(part, columns, writer);
    return rows;
  },

  synthesis({ analysisRes, prepareRes: { columns } }) {
    return {
      rows: analysisRes.reduce((sum, rows) => sum + rows, 0),
      columns: columns.length,
    };
  },
});

function temporary(job: CurrentJob): ReturnType<Parameters<typeof openText>[2]> {
  const name = `.unpacked-${randomUUID()}`;
  return { stream: job.open(name, 'w', { temp: true }), path: job.filename(name) };
}
