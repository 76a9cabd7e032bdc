// A project with one large dataset of float64 columns, and methods that time passes over it from inside a stage.

import { BenchProject } from './bench-project.ts';

/** When a pass over one slice began and ended, in milliseconds since 1970. */
export type Pass = readonly [start: number, end: number];

/** What a timed script needs beside its own method: columns `a` and `b`, random, in two slices. */
const FILES = {
  'methods/numbers.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { rows: z.number() },
  prepare: ({ job }) => job.datasetWriter({ columns: { a: 'float64', b: 'float64' } }),
  analysis({ options, slices, prepareRes }) {
    const rows = options.rows / slices;
    for (let start = 0; start < rows; start += 50_000) {
      const length = Math.min(50_000, rows - start);
      prepareRes.writeBatch({
        a: Float64Array.from({ length }, Math.random),
        b: Float64Array.from({ length }, Math.random),
      });
    }
  },
});
`,
  'build.ts': `import { writeFileSync } from 'node:fs';
import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const source = await urd.build('numbers', { rows: Number(urd.flags.rows) });
  const timed = await urd.build('timed', { source }, { force: true });
  writeFileSync(urd.flags.out!, JSON.stringify(await timed.load()));
}
`,
};

/** A project whose build.ts makes the dataset and runs `timed`, the text of a method that returns its figures. */
export function numbersProject(timed: string): BenchProject {
  return new BenchProject({ ...FILES, 'methods/timed.ts': timed });
}
