// Gives columns of a dataset other names. Nothing is copied.

import { dataset, defineMethod, z } from 'acc-engine';

export default defineMethod({
  description: `Gives columns of a dataset other names, without copying

A column that gets the name of another one replaces it; null discards a column. The hash column may be renamed too.

Example: urd.build('dataset_rename_columns', { source, rename: { cost: 'price', comment: null } })`,
  options: {
    rename: z
      .record(z.string(), z.union([z.string(), z.null()]))
      .default({})
      .describe('New names of columns by their present ones'),
  },
  datasets: { source: dataset(), previous: dataset().optional() },

  synthesis({ job, options: { rename }, datasets: { source, previous } }) {
    job.linkDataset(source, { rename, ...(previous === undefined ? {} : { previous }) });
  },
});
