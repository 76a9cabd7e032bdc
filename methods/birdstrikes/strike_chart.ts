// Draws the number of strikes by month of the year, one line per year.

import { dataset, defineMethod } from 'acc-engine';

import { monthChart } from './month-chart.ts';

export default defineMethod({
  description: 'Chart of strikes by month of the year',
  datasets: { source: dataset({ columns: { month: 'date', strikes: 'int32' } }) },

  async synthesis({ datasets, job }) {
    const rows = datasets.source.iterate(null, ['month', 'strikes']);
    const counts = Array.from(rows, ([month, strikes]) => ({ month, strikes }));
    job.write('strikes-by-month.svg', await monthChart(counts));
  },
});
