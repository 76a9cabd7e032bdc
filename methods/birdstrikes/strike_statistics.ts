// Counts bird strikes and adds up what they cost, by state and by month.

import { dataset, defineMethod, merge } from 'acc-engine';

interface Total {
  readonly strikes: number;
  readonly cost: number;
}

const COLUMNS = ['Flight Date', 'Origin State', 'Cost Total $'] as const;

export default defineMethod({
  description: 'Number and cost of strikes, by state and by month',
  datasets: {
    source: dataset({
      columns: { 'Flight Date': 'date', 'Origin State': 'string', 'Cost Total $': 'int32' },
    }),
  },

  analysis({ sliceno, datasets }) {
    const states = new Map<string, Total>();
    const months = new Map<string, Total>();
    for (const [date, state, cost] of datasets.source.iterate(sliceno, COLUMNS)) {
      add(states, state, cost);
      add(months, date.toISOString().slice(0, 'YYYY-MM'.length), cost);
    }
    return { states, months };
  },

  synthesis({ analysisRes, job }) {
    const { states, months } = merge(analysisRes);
    const statesByStrikes = [...states].toSorted(([, a], [, b]) => b.strikes - a.strikes);
    const monthsInOrder = [...months].toSorted(([a], [b]) => (a < b ? -1 : 1));

    const byState = job.datasetWriter({
      name: 'by_state',
      columns: { state: 'string', strikes: 'int32', cost: 'int64' },
      allowMissingSlices: true,
    });
    byState.setSlice(0);
    for (const [state, total] of statesByStrikes) byState.writeRow({ state, ...total });

    const byMonth = job.datasetWriter({
      name: 'by_month',
      columns: { month: 'date', strikes: 'int32', cost: 'int64' },
      allowMissingSlices: true,
    });
    byMonth.setSlice(0);
    for (const [month, total] of monthsInOrder) {
      byMonth.writeRow({ month: new Date(month), ...total });
    }

    const summary = {
      ...sum([...states.values()]),
      firstMonth: monthsInOrder.at(0)?.[0],
      lastMonth: monthsInOrder.at(-1)?.[0],
      byState: Object.fromEntries(statesByStrikes),
      byMonth: Object.fromEntries(monthsInOrder),
    };
    job.saveJson(summary, 'summary.json');
    return summary;
  },
});

function add(totals: Map<string, Total>, key: string, cost: number): void {
  totals.set(key, sum([totals.get(key) ?? { strikes: 0, cost: 0 }, { strikes: 1, cost }]));
}

function sum(totals: readonly Total[]): Total {
  return {
    strikes: totals.reduce((strikes, total) => strikes + total.strikes, 0),
    cost: totals.reduce((cost, total) => cost + total.cost, 0),
  };
}
