// How long it takes to open a long chain of datasets: in a process that has opened none before, and once the code is compiled.

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { median } from './lib/in-turn.ts';
import { ms } from './lib/quantities.ts';

const DATASETS = 10_000;
const MOST_MS = 50;
const RUNS = 9;

const FILES = {
  'methods/chained.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { datasets: z.number() },
  synthesis({ job, slices, options }) {
    const writer = job.datasetWriter({ name: '0', columns: { a: 'int32' } });
    for (let slice = 0; slice < slices; slice++) {
      writer.setSlice(slice);
      writer.write(slice);
    }
    let previous = writer.finish();
    for (let i = 1; i < options.datasets; i++) previous = previous.linkToHere({ name: String(i), previous });
    return previous.name;
  },
});
`,
  'build.ts': `import { writeFileSync } from 'node:fs';
import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const job = await urd.build('chained', { datasets: Number(urd.flags.datasets) });
  const name = await job.load();
  const times = Array.from({ length: 25 }, () => {
    const dataset = job.dataset(name);
    const start = performance.now();
    const { length } = dataset.chain();
    if (length !== Number(urd.flags.datasets)) throw new Error(\`Expected the whole chain, got \${length}\`);
    return performance.now() - start;
  });
  writeFileSync(urd.flags.out!, JSON.stringify(times));
}
`,
};

/** Opening a chain of ten thousand datasets. */
export const chain: Bench = { name: 'chain', measure };

function measure(): readonly Row[] {
  const project = new BenchProject(FILES);
  const runs = Array.from(
    { length: RUNS },
    () => project.figures('build.ts', { datasets: DATASETS }) as readonly number[],
  );
  const first = median(runs.map(([time]) => time ?? Infinity));
  return [
    {
      what: `opening a chain of ${DATASETS.toLocaleString('en')} datasets, the first time in a process`,
      figure: ms(first),
      reach: `≤ ${MOST_MS} ms`,
      reached: first <= MOST_MS,
    },
    { what: 'the same again, compiled', figure: ms(median(runs.map((times) => median(times)))) },
  ];
}
