// Rows of two columns through `iterate`, on one core.

import type { Bench, Row } from './lib/bench.ts';
import { median } from './lib/in-turn.ts';
import { numbersProject } from './lib/numbers-project.ts';
import { millions } from './lib/quantities.ts';

const ROWS = 10_000_000;
const LEAST_ROWS_PER_SECOND = 20e6;

const TIMED = `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { a: 'float64', b: 'float64' } }) },
  synthesis({ datasets }) {
    const passes: number[] = [];
    let sum = 0;
    for (let pass = 0; pass < 5; pass++) {
      const start = performance.now();
      for (const [a, b] of datasets.source.iterate(0, ['a', 'b'])) sum += a * b;
      passes.push(performance.now() - start);
    }
    return { passes, sum };
  },
});
`;

/** Rows per second of the row-by-row way. */
export const iterate: Bench = { name: 'iterate', measure };

function measure(): readonly Row[] {
  const project = numbersProject(TIMED);
  const runs = Array.from({ length: 5 }, () => {
    const { passes } = project.figures('build.ts', { rows: ROWS }) as { passes: number[] };
    return passes.map((ms) => (ROWS / 2 / ms) * 1000);
  });
  const typical = median(runs.flatMap(([, ...later]) => later));
  return [
    {
      what: '`iterate` over two float64 columns, one core',
      figure: `${millions(typical)} rows/s`,
      reach: `≥ ${millions(LEAST_ROWS_PER_SECOND)} rows/s`,
      reached: typical >= LEAST_ROWS_PER_SECOND,
    },
    {
      what: 'the first pass, not yet compiled',
      figure: `${millions(median(runs.map(([first]) => first ?? 0)))} rows/s`,
    },
  ];
}
