// New jobs on a warm pool, durable when the build call returns; and how much of that is waiting for the disk.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { outputOf } from './lib/command.ts';
import { median } from './lib/in-turn.ts';
import { exaxFigure } from './lib/peers/exax.ts';
import { plainDurableFiles } from './lib/plain-files.ts';
import { ms, times } from './lib/quantities.ts';
import { settleDisk } from './lib/scratch.ts';

const MOST_MS = { trivial: 2, staged: 4 } as const;
const JOBS = 300;

const FILES = {
  'methods/trivial.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  synthesis: ({ options }) => options.n,
});
`,
  'methods/staged.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { n: z.number() },
  prepare: ({ options }) => options.n,
  analysis: ({ prepareRes, sliceno }) => prepareRes + sliceno,
  synthesis: ({ analysisRes }) => analysisRes.length,
});
`,
  'build.ts': `import { writeFileSync } from 'node:fs';
import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const method = urd.flags.method as 'trivial';
  for (let n = 0; n < 50; n++) await urd.build(method, { n: -1 - n });
  const jobs: number[] = [];
  for (let n = 0; n < ${JOBS}; n++) {
    const startedAt = performance.now();
    await urd.build(method, { n });
    jobs.push(performance.now() - startedAt);
  }
  writeFileSync(urd.flags.out!, JSON.stringify(jobs));
}
`,
  // Counts and times every flush of a thread. Imports of node:fs see the replaced functions after the sync.
  'count-flushes.mjs': `import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { threadId } from 'node:worker_threads';

const file = process.env.FLUSHES + '/' + threadId;
const { appendFileSync } = fs;
let pending = '';
function note(startedAt) {
  pending += (performance.now() - startedAt) + '\\n';
  if (pending.length > 4000) flush();
}
function flush() {
  appendFileSync(file, pending);
  pending = '';
}
process.on('exit', flush);
for (const name of ['fsyncSync', 'fdatasyncSync']) {
  const original = fs[name];
  fs[name] = (fd) => {
    const startedAt = performance.now();
    original(fd);
    note(startedAt);
  };
}
for (const name of ['fsync', 'fdatasync']) {
  const original = fs[name];
  fs[name] = (fd, done) => {
    const startedAt = performance.now();
    original(fd, (error) => {
      note(startedAt);
      done(error);
    });
  };
}
const handle = await fsPromises.open(new URL(import.meta.url).pathname);
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['sync', 'datasync']) {
  const original = prototype[name];
  prototype[name] = async function () {
    const startedAt = performance.now();
    await original.call(this);
    note(startedAt);
  };
}
syncBuiltinESMExports();
`,
};

/** Builds that execute. */
export const newJob: Bench = { name: 'new-job', measure };

async function measure(): Promise<readonly Row[]> {
  return [
    ...(await measureMethod('trivial', 'trivial new job, warm pool, durable')),
    ...(await measureMethod('staged', 'new job with prepare, 2 slices and synthesis')),
  ];
}

async function measureMethod(method: 'trivial' | 'staged', what: string): Promise<readonly Row[]> {
  const project = new BenchProject(FILES);
  settleDisk();
  const typical = median(project.figures('build.ts', { method }) as number[]);
  const floor = await plainDurableFiles();
  const { count, share } = flushes(method);
  const peer = exaxFigure(method === 'trivial' ? 'new-job' : 'new-staged-job');
  const most = MOST_MS[method];
  return [
    { what, figure: ms(typical), reach: `≤ ${most} ms`, reached: typical <= most },
    {
      what: 'of it flushes to disk',
      figure: `${count.toFixed(1)} per job, ${Math.round(share * 100)} % of the time`,
    },
    {
      what: 'three plain files, written and flushed in two rounds without a job',
      figure: `${times(floor / typical)} acc (${ms(floor)})`,
    },
    ...(peer === undefined ? [] : [{ what: 'exax', figure: `${times(peer / typical)} acc` }]),
  ];
}

/** Flushes per job, and the part of a job's time that they take if none of them overlap. */
function flushes(method: string): { count: number; share: number } {
  const project = new BenchProject(FILES);
  const directory = project.path('flushes');
  project.write({ 'flushes/README': '' });
  const counted = ['run', 'build.ts', '--slices', '2', '--flag', `method=${method}`];
  const out = project.path('figures.json');
  outputOf({
    ...project.command(
      [...counted, '--flag', `out=${out}`],
      ['--import', project.path('count-flushes.mjs')],
    ),
    env: { FLUSHES: directory },
  });
  const jobs = JSON.parse(readFileSync(out, 'utf8')) as number[];
  const noted = readdirSync(directory)
    .filter((name) => name !== 'README')
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n').map(Number));
  const total = noted.reduce((sum, value) => sum + value, 0);
  const made = jobs.length + 50;
  return {
    count: noted.length / made,
    share: ((total / noted.length) * (noted.length / made)) / median(jobs),
  };
}
