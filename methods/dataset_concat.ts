// Makes one dataset of a chain. Batches are copied as they are.

import { dataset, defineMethod } from 'acc-engine';

import { tableBatches } from './lib/tables/column-view.ts';
import {
  addColumns,
  commonColumns,
  commonHashlabel,
  sourcesSince,
} from './lib/tables/table-sources.ts';
import { writeRows } from './lib/tables/table-writing.ts';

export default defineMethod({
  description: `Makes one dataset of a chain of datasets

All datasets from \`source\` back to (and without) the \`source\` of the job that made \`previous\` are put after one another,
slice by slice, oldest first. They must have the same columns with the same types, and be hashed on the same column;
a column may hold nulls if it may in any of them.

Example: urd.build('dataset_concat', { source: yesterdayAndToday })`,
  datasets: { source: dataset(), previous: dataset({ lineage: true }).optional() },

  prepare({ job, datasets: { source, previous } }) {
    const chain = sourcesSince(source, previous);
    const columns = commonColumns(chain.datasets, source);
    const hashlabel = commonHashlabel(chain.datasets, source);
    const writer = job.datasetWriter({ columns: {}, previous, hashlabel });
    addColumns(writer, columns);
    return { writer, columns };
  },

  analysis({ sliceno, datasets: { source, previous }, prepareRes: { writer, columns } }) {
    const names = columns.map(({ name }) => name);
    for (const { views } of tableBatches(sourcesSince(source, previous), sliceno, names)) {
      writeRows(writer, columns, views);
    }
  },
});
