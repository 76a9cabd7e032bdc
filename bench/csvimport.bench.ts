// Importing a CSV file with types: a million rows of six columns, and five times as many to show that memory stays.

import { appendFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { peakBytesOf } from './lib/command.ts';
import { median } from './lib/in-turn.ts';
import { megabytes, ms } from './lib/quantities.ts';

const ROWS = 1_000_000;
const ROUNDS = 5;
const LEAST_BYTES_PER_SECOND = 100e6;
const MOST_PEAK_BYTES = 300e6;

const FILES = {
  'build.ts': `import { writeFileSync } from 'node:fs';
import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const types = { id: 'int32', at: 'datetime', price: 'float64', count: 'int64', sold: 'bool' } as const;
  const inputs = { filename: urd.flags.file ?? 'sales.csv', types };
  const startedAt = performance.now();
  const job = await urd.build('csvimport', inputs, { force: true });
  const ms = performance.now() - startedAt;
  writeFileSync(urd.flags.out!, JSON.stringify({ ms, execMs: job.post.execMs.total }));
}
`,
};

/** Speed and memory of `csvimport`. */
export const csvimport: Bench = { name: 'csvimport', measure };

function measure(): readonly Row[] {
  const project = new BenchProject(FILES);
  writeCsv(project.path('sales.csv'), ROWS);
  const bytes = statSync(project.path('sales.csv')).size;
  const rounds = Array.from({ length: ROUNDS }, () => {
    // A file with another time is hashed again, as a new one would be.
    utimesSync(project.path('sales.csv'), new Date(), new Date());
    return project.figures('build.ts') as { readonly ms: number; readonly execMs: number };
  });
  const call = median(rounds.map((round) => round.ms));
  const execution = median(rounds.map((round) => round.execMs));
  const rate = (bytes / call) * 1000;
  return [
    {
      what: `csvimport of 1 M rows × 6 columns (${megabytes(bytes)}), typed`,
      figure: `${megabytes(rate)}/s (${ms(call)}, with the hash of the file and the start of threads)`,
      reach: `≥ ${megabytes(LEAST_BYTES_PER_SECOND)}/s`,
      reached: rate >= LEAST_BYTES_PER_SECOND,
    },
    {
      what: 'its stages alone',
      figure: `${megabytes((bytes / execution) * 1000)}/s (${ms(execution)})`,
    },
    memoryRow(project, 'peak memory of importing that file', 'sales.csv'),
    largeFile(project),
  ];
}

function largeFile(project: BenchProject): Row {
  writeCsv(project.path('large.csv'), ROWS * 5);
  return memoryRow(project, 'peak memory of importing a file five times as large', 'large.csv');
}

function memoryRow(project: BenchProject, what: string, file: string): Row {
  const flags = ['--flag', `file=${file}`, '--flag', `out=${project.path('figures.json')}`];
  const peak = peakBytesOf(project.command(['run', 'build.ts', ...flags]));
  return {
    what,
    figure: megabytes(peak),
    reach: `≤ ${megabytes(MOST_PEAK_BYTES)}`,
    reached: peak !== undefined && peak <= MOST_PEAK_BYTES,
  };
}

function writeCsv(path: string, rows: number): void {
  writeFileSync(path, 'id,at,place,price,count,sold\n');
  const start = Date.UTC(2020, 0, 1);
  for (let block = 0; block < rows; block += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rows - block) }, (_, i) => {
      const id = block + i;
      const at = new Date(start + id * 61_000).toISOString().slice(0, 19).replace('T', ' ');
      const price = ((id * 7919) % 1_000_003) / 100;
      const place = PLACES[id % PLACES.length];
      return `${id},${at},${place},${price.toFixed(2)},${id * 104_729},${id % 3 === 0 ? 'true' : 'false'}\n`;
    });
    appendFileSync(path, lines.join(''));
  }
}

const PLACES = ['Stockholm', 'Uppsala', '"Malmö, central"', 'Gothenburg', 'Kiruna'];
