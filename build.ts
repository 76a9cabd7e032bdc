// The main job: imports what is known of bird strikes at US airports, counts it, draws it, and follows it year by year.

import type { Urd } from 'acc-engine';

export default async function main(urd: Urd): Promise<void> {
  const strikes = urd.build('csvimport', {
    filename: 'node_modules/vega-datasets/data/birdstrikes.csv',
    types: { 'Flight Date': 'date', 'Cost Total $': 'int32' },
  });

  // Number and cost by state and by month: as a summary, a table and a chart.
  const statistics = await urd.build('strike_statistics', { source: strikes });
  const table = urd.build('csvexport', {
    source: statistics.dataset('by_state'),
    filename: 'strikes-by-state.csv',
  });
  const chart = urd.build('strike_chart', { source: statistics.dataset('by_month') });
  statistics.linkResult('summary.json');
  (await table).linkResult('strikes-by-state.csv');
  (await chart).linkResult('strikes-by-month.svg');

  // The same year by year: each job takes the one before, and its dataset continues a chain.
  let newest = await urd.build('strikes_of_year', { source: strikes, year: 1990 });
  for (let year = 1991; year <= 2002; year++) {
    newest = await urd.build('strikes_of_year', { source: strikes, previous: newest, year });
  }
  const total = newest.dataset();
  const [count, cost] = [total.max('strikes_so_far'), total.max('cost_so_far')];
  console.log(`${count} strikes from 1990 to 2002 cost ${cost} dollars`);
}
