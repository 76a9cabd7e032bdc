// Puts the columns of several datasets into one. Nothing is copied.

import { dataset, defineMethod, z } from 'acc-engine';
import type { Dataset } from 'acc-engine';

import { mistake } from './lib/mistake.ts';

export default defineMethod({
  description: `Puts the columns of two or more datasets together, without copying

The datasets need equally many rows in each slice, and to come from one dataset by parent, links and merges unless
allowUnrelated. Where several have a column, that of the last one counts.

Example: urd.build('dataset_merge', { source: [typed, scored] })`,
  options: {
    allowUnrelated: z
      .boolean()
      .default(false)
      .describe('Merges datasets that do not come from a common one'),
  },
  datasets: { source: dataset().array(), previous: dataset().optional() },

  synthesis({ job, options: { allowUnrelated }, datasets: { source, previous } }) {
    const [first, ...others] = source;
    if (first === undefined || others.length === 0) {
      throw mistake(`Expected at least two datasets as \`source\`, got ${source.length}`);
    }
    let merged: Dataset = first;
    for (const [i, other] of others.entries()) {
      const isLast = i === others.length - 1;
      merged = job.mergeDatasets(merged, other, {
        name: isLast ? 'default' : `merged ${i}`,
        allowUnrelated,
        previous: isLast ? (previous ?? null) : null,
      });
    }
  },
});
