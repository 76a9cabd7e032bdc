// Groups the rows of a dataset by keys. Each slice groups its own rows; where the dataset is not hashed on a key, groups
// that several slices have are put together afterwards.

import { join } from 'node:path';

import { dataset, defineMethod, z } from 'acc-engine';

import { groupPlanOf } from './lib/grouping/group-options.ts';
import { readGroupPart, writeGroupParts } from './lib/grouping/group-parts.ts';
import { Grouping, inputColumns, resultColumns } from './lib/grouping/grouping.ts';
import { RunFile, RunFiles } from './lib/sorting/run-file.ts';
import { tableBatches } from './lib/tables/column-view.ts';
import { addColumns, columnsOf } from './lib/tables/table-sources.ts';
import { writeRows } from './lib/tables/table-writing.ts';

const column = z.string();

export default defineMethod({
  description: `Groups rows by the values of columns and sums up each group

The result has one row for each group: its keys, then the aggregates in their order. It is hashed on the first key; if \`source\` is
hashed on one of the keys, rows stay where they are. \`count\` alone counts rows, with a column those that are not null;
sum (int64 for integers, exact, else float64), mean, min, max and distinct (number of distinct values) leave nulls out,
and are null for a group that has nothing else. Nulls are a key of their own, as are all NaN together.
Memory: the groups of a slice; rows may be any number.

Example: urd.build('dataset_group', {
  source, keys: ['user'], aggregates: { orders: 'count', total: { sum: 'price' }, days: { distinct: 'day' } } })`,
  options: {
    keys: z.array(column).min(1).describe('Columns whose equal values make a group'),
    aggregates: z
      .record(
        z.string(),
        z.union([
          z.literal('count'),
          z.strictObject({ count: column }),
          z.strictObject({ sum: column }),
          z.strictObject({ mean: column }),
          z.strictObject({ min: column }),
          z.strictObject({ max: column }),
          z.strictObject({ distinct: column }),
        ]),
      )
      .default({})
      // A list, because a key does not hold the order of names, and columns come in the order in which they are given.
      .transform((byName) => Object.entries(byName).map(([name, of]) => ({ name, of })))
      .describe(
        'New columns by name: "count", or { sum: COLUMN }, also count, mean, min, max, distinct',
      ),
  },
  datasets: { source: dataset(), previous: dataset().optional() },

  prepare({ job, options, datasets: { source, previous } }) {
    const plan = groupPlanOf(options, columnsOf(source), String(source));
    const isPlaced = plan.keys.some(({ name }) => name === source.hashlabel);
    const hashlabel = isPlaced ? source.hashlabel : plan.keys[0]?.name;
    if (!isPlaced) return { plan, hashlabel, writer: null };
    const writer = job.datasetWriter({ columns: {}, previous, hashlabel });
    addColumns(writer, resultColumns(plan));
    return { plan, hashlabel, writer };
  },

  analysis({ sliceno, slices, job, datasets: { source }, prepareRes: { plan, writer } }) {
    const grouping = new Grouping(plan);
    const names = inputColumns(plan).map(({ name }) => name);
    for (const batch of tableBatches(source, sliceno, names)) grouping.add(batch);
    if (writer !== null) {
      if (grouping.length > 0) writeRows(writer, resultColumns(plan), grouping.finish());
      return null;
    }
    const [hashColumn] = plan.keys;
    if (hashColumn === undefined) throw new Error('Internal error: groups without keys');
    using file = new RunFile(join(job.path, partFileName(sliceno)), 'w+');
    return writeGroupParts(grouping.partial(), hashColumn, { file, slices });
  },

  synthesis({ job, slices, datasets: { previous }, prepareRes, analysisRes }) {
    const { plan, hashlabel, writer: placed } = prepareRes;
    if (placed !== null) return;
    const writer = job.datasetWriter({ columns: {}, previous, hashlabel });
    addColumns(writer, resultColumns(plan));
    using files = new RunFiles(
      analysisRes.map((_, sliceno) => join(job.path, partFileName(sliceno))),
    );
    for (let sliceno = 0; sliceno < slices; sliceno++) {
      const grouping = new Grouping(plan);
      for (const [i, file] of files.all.entries()) {
        const part = analysisRes[i]?.[sliceno];
        if (part !== undefined) readGroupPart(part, file, grouping);
      }
      writer.setSlice(sliceno);
      if (grouping.length > 0) writeRows(writer, resultColumns(plan), grouping.finish());
    }
  },
});

/** With a dot in front: no file of the job. */
function partFileName(sliceno: number): string {
  return `.groups.${sliceno}`;
}
