// Places the rows of a dataset in slices by the hash of a column.

import { dataset, defineMethod, z } from 'acc-engine';

import { mistake } from './lib/mistake.ts';
import { addColumns, columnNamed, columnsOf, sourcesSince } from './lib/tables/table-sources.ts';

/** With so many slices at most, reading all rows in each of them is faster than handing rows over through files. */
const READ_BY_ALL = 4;

/** What one dataset of the result holds: dataset `i` of the source, or one slice of it. */
interface DatasetPart {
  readonly i: number;
  readonly slice: number | null;
}

export default defineMethod({
  description: `Places the rows of datasets in slices by the hash of a column

Each of the datasets from \`source\` back to (and without) the \`source\` of the job that made \`previous\` is written anew:
the newest as \`default\`, those before it as 0, 1, … from the oldest on, chained to one another and to \`previous\`. Equal
values are then in one slice. Rows of a slice keep their order.

Example: urd.build('dataset_hashpart', { source, hashlabel: 'user' })`,
  options: {
    hashlabel: z
      .string()
      .describe('The column whose hash says where a row goes; of any type but json'),
    length: z
      .number()
      .int()
      .default(-1)
      .describe('How many datasets at most, counted from the newest; -1 for all'),
    chainSlices: z
      .boolean()
      .default(false)
      .describe('Makes a dataset of each slice of each source dataset, chained in their order'),
    caption: z.string().optional().describe('What the result is, for people'),
  },
  datasets: { source: dataset(), previous: dataset({ lineage: true }).optional() },

  prepare({ job, options, slices, datasets: { source, previous } }) {
    const { hashlabel, length, chainSlices, caption = `hashed on ${hashlabel}` } = options;
    const { datasets } = sourcesSince(source, previous, length);
    if (datasets.length === 0) {
      throw mistake(`There is nothing new in ${String(source)} since ${String(previous)}`);
    }
    const parts = datasets.flatMap((_, i): readonly DatasetPart[] =>
      chainSlices
        ? Array.from({ length: slices }, (__, slice) => ({ i, slice }))
        : [{ i, slice: null }],
    );
    let before: string | undefined;
    const names = parts.map((_, k) => (k === parts.length - 1 ? 'default' : String(k)));
    const writers = parts.map(({ i }, k) => {
      const one = datasets[i] ?? source;
      const columns = columnsOf(one);
      columnNamed(columns, hashlabel, 'hashlabel', String(one));
      const own = job.datasetWriter({
        name: names[k] ?? 'default',
        columns: {},
        hashlabel,
        caption,
        previous: before === undefined ? previous : job.datasetWriter({ name: before }),
      });
      addColumns(own, columns);
      before = own.name;
      return own;
    });
    return { parts, writers };
  },

  analysis({ sliceno, slices, options, datasets, prepareRes: { parts, writers } }) {
    const { source, previous } = datasets;
    const chain = sourcesSince(source, previous, options.length);
    for (const [k, { i, slice }] of parts.entries()) {
      const [one, writer] = [chain.datasets[i], writers[k]];
      if (one === undefined || writer === undefined) continue;
      if (slices <= READ_BY_ALL) {
        // Rows of other slices are dropped as soon as they are read, and nothing is written twice.
        writer.enableHashDiscard();
        for (const batch of one.batches(slice)) writer.writeBatch(batch.columns, batch);
      } else if ((slice ?? sliceno) === sliceno) {
        const split = writer.split();
        for (const batch of one.batches(sliceno)) split.writeBatch(batch.columns, batch);
      }
    }
  },
});
