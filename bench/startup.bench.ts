// One cached build as a whole process, beside a Node that does nothing.

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { outputOf, timeOf } from './lib/command.ts';
import { inTurn, median, medianRatio } from './lib/in-turn.ts';
import { ms, times } from './lib/quantities.ts';

const ROUNDS = 25;
const MOST_TIMES_NODE = 2.5;

const FILES = {
  'methods/one.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  synthesis: ({ options }) => options.n,
});
`,
  'build.ts': `import type { Urd } from 'acc-engine';
export default async function main(urd: Urd) {
  await urd.build('one', { n: 1 });
}
`,
};

/** How long a run takes that has nothing to do. */
export const startup: Bench = { name: 'startup', measure };

function measure(): readonly Row[] {
  const project = new BenchProject(FILES);
  const run = project.command(['run']);
  outputOf(run);
  const node = { ...run, args: ['-e', '0'] };
  const samples = inTurn(ROUNDS, { run: () => timeOf(run), node: () => timeOf(node) });
  const ratio = medianRatio(samples.run, samples.node);
  return [
    {
      what: 'a run with one cached build, whole process',
      figure: `${times(ratio)} (${ms(median(samples.run))})`,
      reach: `≤ ${MOST_TIMES_NODE} × \`node -e 0\``,
      reached: ratio <= MOST_TIMES_NODE,
    },
    { what: '`node -e 0`', figure: ms(median(samples.node)) },
  ];
}
