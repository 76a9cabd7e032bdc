// The sum of a float64 column by batches, both slices at once: how fast columns get from the page cache to a loop.

import type { Bench, Row } from './lib/bench.ts';
import { median } from './lib/in-turn.ts';
import { numbersProject } from './lib/numbers-project.ts';
import type { Pass } from './lib/numbers-project.ts';
import { exaxFigure } from './lib/peers/exax.ts';
import { millions, times } from './lib/quantities.ts';

const ROWS = 10_000_000;
/** What exax does on two cores of such a machine, where it is not there to be asked. */
const KNOWN_EXAX_ROWS = 67e6;
const LEAST_TIMES_EXAX = 5;

const TIMED = `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset({ columns: { a: 'float64' } }) },
  analysis({ sliceno, datasets }) {
    const passes: [number, number][] = [];
    let sum = 0;
    for (let pass = 0; pass < 15; pass++) {
      const start = performance.timeOrigin + performance.now();
      for (const { columns, length } of datasets.source.batches(sliceno, ['a'])) {
        const { a } = columns;
        for (let i = 0; i < length; i++) sum += a[i]!;
      }
      passes.push([start, performance.timeOrigin + performance.now()]);
    }
    return { passes, sum };
  },
  synthesis: ({ analysisRes }) => analysisRes.map(({ passes }) => passes),
});
`;

/** Rows per second of a sum. */
export const datasetSum: Bench = { name: 'dataset-sum', measure };

function measure(): readonly Row[] {
  const project = numbersProject(TIMED);
  const flags = { rows: ROWS };
  const runs = Array.from({ length: 5 }, () => project.figures('build.ts', flags) as Pass[][]);
  const typical = median(runs.map((slices) => rowsPerSecond(slices, 1)));
  const cold = median(
    runs.map((slices) =>
      rowsPerSecond(
        slices.map(([first]) => [first ?? [0, 0]]),
        0,
      ),
    ),
  );
  const exax = exaxFigure('sum') ?? KNOWN_EXAX_ROWS;
  return [
    {
      what: `sum of a float64 column of 10 M rows, 2 slices, \`batches\``,
      figure: `${millions(typical)} rows/s, ${times(typical / exax)} exax`,
      reach: `≥ ${LEAST_TIMES_EXAX} × exax`,
      reached: typical >= LEAST_TIMES_EXAX * exax,
    },
    { what: 'the first pass of each thread, not yet compiled', figure: `${millions(cold)} rows/s` },
  ];
}

/** Rows of all slices over the time from the first start to the last end, without the first `skipped` passes. */
function rowsPerSecond(slices: readonly (readonly Pass[])[], skipped: number): number {
  const passes = slices.map((slice) => slice.slice(skipped));
  const start = Math.min(...passes.flat().map(([from]) => from));
  const end = Math.max(...passes.flat().map(([, to]) => to));
  return (ROWS * (passes[0]?.length ?? 0) * 1000) / (end - start);
}
