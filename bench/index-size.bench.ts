// Whether an index of a million jobs is opened and asked as fast as one of a thousand.

import { join } from 'node:path';

import type { Bench, Row } from './lib/bench.ts';
import { program } from './lib/program.ts';
import { ms, times } from './lib/quantities.ts';
import { scratchDirectory } from './lib/scratch.ts';

const SMALL = 1000;
const LARGE = 1_000_000;
const MOST_TIMES = 2;

interface Figures {
  /** All in nanoseconds. */
  readonly firstOpen: number;
  readonly open: number;
  readonly find: number;
}

/** The same look-ups in a small and in a large index. */
export const indexSize: Bench = { name: 'index-size', measure };

function measure(): readonly Row[] {
  const scratch = scratchDirectory();
  const fill = program('fill-workdir');
  const run = program('index-size');
  const [small, large] = [SMALL, LARGE].map((count) => {
    const path = join(scratch, String(count));
    fill(path, String(count));
    return (): Figures => run(path) as Figures;
  });
  if (small === undefined || large === undefined) throw new Error('two workdirs were expected');
  const rounds = Array.from({ length: 5 }, () => ({ small: small(), large: large() }));
  return (['find', 'open', 'firstOpen'] as const).map((figure) => {
    const pairs = rounds.map((round) => [round.small[figure], round.large[figure]] as const);
    const [few, many] = pairs.toSorted(([, a], [, b]) => a - b)[pairs.length >> 1] ?? [1, Infinity];
    return {
      what: WHAT[figure],
      figure: `${times(many / few)} (${ms(many / 1e6)}; with 1,000: ${ms(few / 1e6)})`,
      reach: `≤ ${MOST_TIMES} × that of 1,000`,
      reached: many / few <= MOST_TIMES,
    };
  });
}

const WHAT: Readonly<Record<keyof Figures, string>> = {
  find: 'look-up by key among 1,000,000 jobs, with the stat of the files',
  open: 'opening and closing an index of 1,000,000 jobs',
  firstOpen: 'opening an index of 1,000,000 jobs in a fresh process',
};
