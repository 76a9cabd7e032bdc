// Adds one year to a table of strikes by year, with running totals: one link of a chain.

import { dataset, defineMethod, merge, z } from 'acc-engine';

export default defineMethod({
  description: 'Strikes of one year, and in all years up to it',
  options: { year: z.number().int() },
  datasets: {
    source: dataset({ columns: { 'Flight Date': 'date', 'Cost Total $': 'int32' } }),
    previous: dataset({ columns: { strikes_so_far: 'int32', cost_so_far: 'int64' } }).optional(),
  },

  analysis({ sliceno, options, datasets }) {
    let strikes = 0;
    let cost = 0;
    for (const [date, dollars] of datasets.source.iterate(sliceno, [
      'Flight Date',
      'Cost Total $',
    ])) {
      if (date.getUTCFullYear() !== options.year) continue;
      strikes++;
      cost += dollars;
    }
    return { strikes, cost };
  },

  synthesis({ analysisRes, options, datasets: { previous }, job }) {
    const { strikes, cost } = merge(analysisRes);
    const [before] =
      previous?.iterate(null, ['strikes_so_far', 'cost_so_far'], { int64: 'number' }) ?? [];
    const [strikesBefore, costBefore] = before ?? [0, 0];
    const row = {
      year: options.year,
      strikes,
      cost,
      strikes_so_far: strikesBefore + strikes,
      cost_so_far: costBefore + cost,
    };
    const writer = job.datasetWriter({
      columns: {
        year: 'int32',
        strikes: 'int32',
        cost: 'int64',
        strikes_so_far: 'int32',
        cost_so_far: 'int64',
      },
      previous,
      allowMissingSlices: true,
    });
    writer.setSlice(0);
    writer.writeRow(row);
    return row;
  },
});
