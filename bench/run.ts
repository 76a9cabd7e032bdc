// Measures what acc promises and writes the figures into README.md: `npm run bench`, or `npm run bench NAME…`.
// Needs a built dist/.

import { cachedBuilds } from './cached-builds.bench.ts';
import { cachedCall } from './cached-call.bench.ts';
import { chain } from './chain.bench.ts';
import { codeDigests } from './code-digests.bench.ts';
import { compression } from './compression.bench.ts';
import { csvimport } from './csvimport.bench.ts';
import { datasetSum } from './dataset-sum.bench.ts';
import { indexSize } from './index-size.bench.ts';
import { iterate } from './iterate.bench.ts';
import type { Bench, Row } from './lib/bench.ts';
import { writeTables } from './lib/report.ts';
import { newJob } from './new-job.bench.ts';
import { startup } from './startup.bench.ts';
import { tables } from './tables.bench.ts';

const BENCHES: readonly Bench[] = [
  startup,
  cachedBuilds,
  cachedCall,
  newJob,
  codeDigests,
  indexSize,
  datasetSum,
  iterate,
  chain,
  csvimport,
  compression,
  tables,
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  const known = BENCHES.map((bench) => bench.name).join(', ');
  throw new Error(`There is no bench ${unknown.join(', ')}; there are ${known}`);
}

const figures = new Map<string, readonly Row[]>();
for (const bench of BENCHES) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  console.log(`\n${bench.name}`);
  const rows = await bench.measure();
  for (const { what, figure, reach, reached } of rows) {
    const target =
      reach === undefined ? '' : ` (reach ${reach}: ${reached === true ? 'yes' : 'NO'})`;
    console.log(`  ${what}: ${figure}${target}`);
  }
  figures.set(bench.name, rows);
}
writeTables(figures);
