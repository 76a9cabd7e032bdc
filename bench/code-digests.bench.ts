// The identity of the code of many methods: with everything to be bundled, and with nothing changed.

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { median } from './lib/in-turn.ts';
import { program } from './lib/program.ts';
import { ms } from './lib/quantities.ts';
import { settleDisk } from './lib/scratch.ts';

const METHODS = 200;
const HELPERS = 100;
/** Helpers that each method imports, of each one of its two functions. */
const IMPORTS = 6;
const ROUNDS = 9;
const MOST_MS_COLD = 400;
const MOST_MS_UNCHANGED = 30;

/** Digests of 200 methods. */
export const codeDigests: Bench = { name: 'code-digests', measure };

function measure(): readonly Row[] {
  const files = { ...helpers(), ...methods() };
  const paths = Array.from({ length: ROUNDS }, () => new BenchProject(files).path());
  const run = program('code-digests');
  settleDisk();
  const rounds = paths.map((path) => ({ cold: msOf(run(path)), unchanged: msOf(run(path)) }));
  const cold = median(rounds.map((round) => round.cold));
  const unchanged = median(rounds.map((round) => round.unchanged));
  return [
    {
      what: `digests of ${METHODS} methods over ${HELPERS} helpers, cold`,
      figure: ms(cold),
      reach: `≤ ${MOST_MS_COLD} ms`,
      reached: cold <= MOST_MS_COLD,
    },
    {
      what: `digests of ${METHODS} methods when nothing has changed`,
      figure: ms(unchanged),
      reach: `≤ ${MOST_MS_UNCHANGED} ms`,
      reached: unchanged <= MOST_MS_UNCHANGED,
    },
  ];
}

function msOf(printed: unknown): number {
  const figures = printed as { readonly ms: number; readonly methods: number };
  if (figures.methods !== METHODS) throw new Error(`${figures.methods} methods were found`);
  return figures.ms;
}

function helpers(): Record<string, string> {
  const files = Array.from({ length: HELPERS }, (_, i) => {
    const text = `// Two functions that have nothing to do with each other.
export function first${i}(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * ${i + 1}, 0);
}

export function second${i}(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value - ${i}), 0);
}
`;
    return [`methods/lib/helper${i}.ts`, text] as const;
  });
  return Object.fromEntries(files);
}

function methods(): Record<string, string> {
  const files = Array.from({ length: METHODS }, (_, i) => {
    const used = Array.from({ length: IMPORTS }, (__, at) => (i * 7 + at * 13) % HELPERS);
    const names = used.map((helper, at) => (at % 2 === 0 ? `first${helper}` : `second${helper}`));
    const imports = names.map(
      (name, at) => `import { ${name} } from './lib/helper${used[at]}.ts';`,
    );
    const text = `import { defineMethod, z } from 'acc-engine';
${imports.join('\n')}

export default defineMethod({
  options: { n: z.number() },
  synthesis({ options }) {
    const values = [options.n, ${i}];
    return ${names.map((name) => `${name}(values)`).join(' + ')};
  },
});
`;
    return [`methods/method${i}.ts`, text] as const;
  });
  return Object.fromEntries(files);
}
