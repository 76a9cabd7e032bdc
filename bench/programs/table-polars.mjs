// What polars needs for the operations on the table, in memory, with two threads (POLARS_MAX_THREADS).
// Started where nodejs-polars is installed: `node table-polars.mjs CSV DIRECTORY`; prints milliseconds as JSON.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const pl = createRequire(join(process.cwd(), 'any.js'))('nodejs-polars');
const [csv, directory] = process.argv.slice(2);
const figures = {};

function time(name, run) {
  const startedAt = performance.now();
  const result = run();
  figures[name] = performance.now() - startedAt;
  return result;
}

time('import', () => pl.readCSV(csv, { inferSchemaLength: 0 }));
const table = time('typed', () => pl.readCSV(csv, { tryParseDates: true }));
time('sum', () => table.getColumn('price').sum());
time('group', () => table.groupBy('user').agg(pl.col('price').sum()));
time('sort', () => table.sort('ts'));
time('export', () => table.writeCSV(join(directory, 'polars.csv')));
console.log(JSON.stringify({ ...figures, peakBytes: process.resourceUsage().maxRSS * 1024 }));
