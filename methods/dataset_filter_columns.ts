// Keeps some columns of a dataset. Nothing is copied.

import { dataset, defineMethod, z } from 'acc-engine';

import { mistake } from './lib/mistake.ts';
import { columnNamed, columnsOf, quote } from './lib/tables/table-sources.ts';

export default defineMethod({
  description: `Keeps some columns of a dataset, or all but some, without copying

Exactly one of keepColumns and discardColumns is given. What is discarded need not be there. The chain goes on from
\`previous\` if it is given, else there is none.

Example: urd.build('dataset_filter_columns', { source, discardColumns: ['comment'] })`,
  options: {
    keepColumns: z.array(z.string()).optional().describe('The columns that stay'),
    discardColumns: z.array(z.string()).optional().describe('The columns that go'),
  },
  datasets: { source: dataset(), previous: dataset().optional() },

  synthesis({ job, options: { keepColumns, discardColumns }, datasets: { source, previous } }) {
    if ((keepColumns === undefined) === (discardColumns === undefined)) {
      throw mistake('Expected exactly one of the options "keepColumns" and "discardColumns"');
    }
    const all = columnsOf(source);
    for (const name of keepColumns ?? []) columnNamed(all, name, 'keepColumns', String(source));
    const columns = all
      .map(({ name }) => name)
      .filter((name) => keepColumns?.includes(name) ?? discardColumns?.includes(name) !== true);
    if (columns.length === 0) {
      const names = all.map(({ name }) => quote(name)).join(', ');
      throw mistake(`No column of ${String(source)} would be left (it has ${names})`);
    }
    job.linkDataset(source, { columns, previous: previous ?? null });
  },
});
