// One cached build call inside a script that is running: what a loop over many builds costs per turn.

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { median } from './lib/in-turn.ts';
import { ms } from './lib/quantities.ts';

const MOST_MICROSECONDS = 30;

const FILES = {
  'methods/one.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number(), text: z.string().default('x') },
  synthesis: ({ options }) => options.n,
});
`,
  'build.ts': `import { writeFileSync } from 'node:fs';
import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const passes: number[] = [];
  for (let pass = 0; pass < 20; pass++) {
    const startedAt = performance.now();
    for (let n = 0; n < 500; n++) await urd.build('one', { n });
    passes.push((performance.now() - startedAt) / 500);
  }
  writeFileSync(urd.flags.out!, JSON.stringify(passes));
}
`,
};

/** A hit without the process around it. */
export const cachedCall: Bench = { name: 'cached-call', measure };

function measure(): readonly Row[] {
  const project = new BenchProject(FILES);
  project.figures('build.ts');
  const [first = Number.NaN, ...later] = project.figures('build.ts') as number[];
  const typical = median(later);
  return [
    {
      what: 'one cached `urd.build` in a running script',
      figure: ms(typical),
      reach: `≤ ${MOST_MICROSECONDS} µs`,
      reached: typical * 1000 <= MOST_MICROSECONDS,
    },
    { what: 'mean of the first 500 calls, each with other options', figure: ms(first) },
  ];
}
