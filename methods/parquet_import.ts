// Imports Parquet files as a dataset. Slices take consecutive row groups, so that the rows of all slices in order are
// the rows of the files.

import { COLUMN_TYPES, dataset, defineMethod, inputFiles, jobFile, z } from 'acc-engine';

import { mistake, noColumn } from './lib/mistake.ts';
import { importRange, readMetadata, rowRanges } from './lib/parquet/read.ts';
import { parquetColumns } from './lib/parquet/schema.ts';

export default defineMethod({
  description: `Imports Parquet files as a dataset

Columns get the types that the first file has for them; what is nested becomes json, decimals float64, moments in
nanoseconds lose what is below a microsecond. Files compressed with snappy, gzip, zstd, lz4 and brotli are read. A slice
gets whole row groups, one of which is in memory at a time.

Input: previous. Output: the dataset; the result counts { rows, columns }.

Example: urd.build('parquet_import', { filename: 'flights-*.parquet' })`,
  options: {
    filename: z
      .union([inputFiles(), jobFile().transform((file) => [file])])
      .describe(
        'Files to import, one after another: a name, a pattern, a list, or a file of a job',
      ),
    columns: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Names of the columns to read, in this order; all if not given'),
    types: z
      .record(z.string(), z.enum(COLUMN_TYPES))
      .default({})
      .describe('Other types for some columns, as { id: "int32", payload: "json" }'),
  },
  datasets: { previous: dataset().optional() },

  async prepare({ job, options, datasets, slices }) {
    const files = await Promise.all(
      options.filename.map(async (file) => {
        const place = { name: file.name, path: file.filename() };
        return { ...place, metadata: await readable(place) };
      }),
    );
    const [first] = files;
    if (first === undefined) throw mistake('There are no files to import');
    const known = parquetColumns(first.metadata);
    const names = options.columns ?? known.map(({ name }) => name);
    const typed = Object.keys(options.types).find((name) => !names.includes(name));
    if (typed !== undefined) {
      throw mistake(
        `Option "types" names ${JSON.stringify(typed)}, but what is read is ${names.join(', ')}`,
      );
    }
    const columns = names.map((name) => {
      const column = known.find((one) => one.name === name);
      if (column === undefined) {
        throw noColumn({
          option: 'columns',
          unknown: [name],
          subject: first.name,
          names: known.map((one) => one.name),
        });
      }
      const wanted = Object.hasOwn(options.types, name) ? options.types[name] : undefined;
      return { ...column, type: wanted ?? column.type };
    });
    const writer = job.datasetWriter({
      columns: {},
      previous: datasets.previous,
      filename: files.map(({ name }) => name).join(', '),
    });
    for (const { name, type, nullable } of columns) writer.add(name, { type, nullable });
    return { columns, ranges: rowRanges(files, slices), writer };
  },

  async analysis({ sliceno, prepareRes: { columns, ranges, writer } }) {
    let rows = 0;
    for (const range of ranges[sliceno] ?? []) rows += await importRange(range, columns, writer);
    return rows;
  },

  synthesis({ analysisRes, prepareRes: { columns } }) {
    return {
      rows: analysisRes.reduce((sum, rows) => sum + rows, 0),
      columns: columns.length,
    };
  },
});

async function readable({
  name,
  path,
}: {
  name: string;
  path: string;
}): ReturnType<typeof readMetadata> {
  try {
    return await readMetadata(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw mistake(`${name} cannot be read as Parquet: ${reason}`);
  }
}
