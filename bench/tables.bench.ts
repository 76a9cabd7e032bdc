// Operations on a table of 10 million rows: import, typing, loops, grouping, partition, sort and export, each in a process
// of its own that finds its input made. DuckDB, polars and exax do the same on the same file where they can be had.
// ACC_BENCH_ROWS changes the number of rows.

import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BenchProject } from './lib/bench-project.ts';
import type { Bench, Row } from './lib/bench.ts';
import { outputOf, peakBytesOf } from './lib/command.ts';
import { median } from './lib/in-turn.ts';
import { exaxCommand } from './lib/peers/exax.ts';
import { duckdbTool } from './lib/peers/npm-tools.ts';
import { megabytes, seconds, times } from './lib/quantities.ts';
import { scratchDirectory, settleDisk } from './lib/scratch.ts';
import { TABLE_TYPES, writeTableCsv } from './lib/table-csv.ts';

const ROWS = Number(process.env['ACC_BENCH_ROWS'] ?? 10_000_000);
const ROUNDS = 3;
const MOST_PEAK_BYTES = { sort: 600e6, others: 400e6 } as const;
const MOST_TYPED_BYTES = 300e6;

/** One operation: what the peers call it, and the most it may take for 10 million rows. */
interface Operation {
  readonly step: string;
  readonly what: string;
  readonly mostSeconds: number;
  readonly duckdb?: readonly string[];
  readonly polars?: string;
}

const OPERATIONS: readonly Operation[] = [
  {
    step: 'import',
    what: 'csvimport, strings',
    mostSeconds: 2,
    duckdb: ['import', 'importParquet'],
    polars: 'import',
  },
  { step: 'type', what: 'type all six columns', mostSeconds: 1.5, duckdb: ['type', 'typeParquet'] },
  {
    step: 'typed',
    what: 'csvimport typed in one step',
    mostSeconds: 3,
    duckdb: ['typed', 'typedParquet'],
    polars: 'typed',
  },
  {
    step: 'sum',
    what: 'sum of float64 (`batches`)',
    mostSeconds: 0.03,
    duckdb: ['sum', 'sumParquet'],
    polars: 'sum',
  },
  { step: 'loop1', what: 'loop over price', mostSeconds: 0.15 },
  { step: 'loop2', what: 'loop over user and price', mostSeconds: 0.35 },
  { step: 'loop6', what: 'loop over all six', mostSeconds: 0.8 },
  {
    step: 'group',
    what: 'group by user, sum of price',
    mostSeconds: 0.7,
    duckdb: ['group'],
    polars: 'group',
  },
  { step: 'hashpart', what: 'hash partition on user', mostSeconds: 1.5, duckdb: ['hashpart'] },
  {
    step: 'sort',
    what: 'sort by ts within slices',
    mostSeconds: 3,
    duckdb: ['sort', 'sortParquet'],
    polars: 'sort',
  },
  { step: 'export', what: 'csvexport', mostSeconds: 2, duckdb: ['export'], polars: 'export' },
];

const LOOP = (
  columns: string,
  body: string,
): string => `import { dataset, defineMethod } from 'acc-engine';
export default defineMethod({
  datasets: { source: dataset() },
  analysis({ sliceno, datasets }) {
    const passes: number[] = [];
    let sum = 0;
    for (let pass = 0; pass < 3; pass++) {
      const startedAt = performance.now();
      ${body.replaceAll('COLUMNS', columns)}
      passes.push(performance.now() - startedAt);
    }
    return { passes, sum };
  },
  synthesis: ({ analysisRes }) => Math.max(...analysisRes.map(({ passes }) => passes.toSorted((a, b) => a - b)[1]!)),
});
`;

const ITERATE =
  'for (const row of datasets.source.iterate(sliceno, COLUMNS)) sum += row === null ? 0 : 1;';

const FILES = {
  'methods/sum.ts': LOOP(
    "['price']",
    `for (const { columns, length } of datasets.source.batches(sliceno, COLUMNS)) {
        const { price } = columns;
        for (let i = 0; i < length; i++) sum += price[i]!;
      }`,
  ),
  'methods/loop1.ts': LOOP("'price'", ITERATE),
  'methods/loop2.ts': LOOP("['user', 'price']", ITERATE),
  'methods/loop6.ts': LOOP("['id', 'user', 'price', 'ts', 'flag', 'text']", ITERATE),
  'methods/warm.ts': `import { defineMethod } from 'acc-engine';
export default defineMethod({ analysis: () => 1 });
`,
  'build.ts': `import { writeFileSync } from 'node:fs';
import type { Job, Urd } from 'acc-engine';

const types = ${JSON.stringify(TABLE_TYPES)};

export default async function main(urd: Urd) {
  const { step, file, out } = urd.flags as { step: string; file: string; out: string };
  const force = { force: true };
  const strings = (settings = {}) => urd.build('csvimport', { filename: file }, settings);
  const typed = (settings = {}) => urd.build('csvimport', { filename: file, types }, settings);
  const loop = async (method: 'sum') => (await urd.build(method, { source: await typed() }, force)).load();
  await urd.build('warm', {}, force);
  const timed = async (source: Job | null, run: (source: Job) => PromiseLike<Job>): Promise<void> => {
    const startedAt = performance.now();
    const job = await run(source!);
    const ms = performance.now() - startedAt;
    writeFileSync(out, JSON.stringify({ ms, path: job.path }));
  };
  switch (step) {
    case 'import': return timed(null, () => strings(force));
    case 'type': return timed(await strings(), (source) => urd.build('dataset_type', { source, column2type: { ...types, ts: 'datetime:%Y-%m-%d %H:%M:%S', flag: 'strbool' } }, force));
    case 'typed': return timed(null, () => typed(force));
    case 'sum': case 'loop1': case 'loop2': case 'loop6':
      return writeFileSync(out, JSON.stringify({ ms: await loop(step as 'sum') }));
    case 'group': return timed(await typed(), (source) => urd.build('dataset_group', { source, keys: ['user'], aggregates: { total: { sum: 'price' } } }, force));
    case 'hashpart': return timed(await typed(), (source) => urd.build('dataset_hashpart', { source, hashlabel: 'user' }, force));
    case 'sort': return timed(await typed(), (source) => urd.build('dataset_sort', { source, sortColumns: ['ts'] }, force));
    case 'export': return timed(await typed(), (source) => urd.build('csvexport', { source, filename: 'out.csv' }, force));
  }
}
`,
};

/** Operations on datasets, beside DuckDB and polars. */
export const tables: Bench = { name: 'tables', measure };

interface Figures {
  readonly ms: number;
  readonly path?: string;
}

type PeerFigures = Readonly<Record<string, number>>;

interface Peers {
  readonly duckdb: PeerFigures;
  readonly polars: PeerFigures;
  /** By the steps of the operations. */
  readonly exax: PeerFigures;
}

function measure(): readonly Row[] {
  const project = new BenchProject(FILES);
  const file = 'table.csv';
  writeTableCsv(project.path(file), ROWS);
  settleDisk();
  const peers = {
    duckdb: duckdbFigures(project.path(file)),
    polars: polarsFigures(project.path(file)),
    exax: exaxFigures(project.path(file)),
  };
  // The first run of each kind makes what the others start from.
  run(project, 'import', file);
  const typedJob = run(project, 'typed', file).path ?? '';
  const rows = OPERATIONS.flatMap((operation) => {
    const { step, what, mostSeconds } = operation;
    const typical = median(Array.from({ length: ROUNDS }, () => run(project, step, file).ms));
    const most = (mostSeconds * 1000 * ROWS) / 10_000_000;
    return [
      {
        what: `${what}, ${ROWS / 1e6} M rows`,
        figure: `${seconds(typical)}${beside(operation, typical, peers)}`,
        reach: `≤ ${most / 1000} s`,
        reached: typical <= most,
      },
      memoryRow(project, operation, file),
    ];
  });
  return [...rows, diskRow(join(typedJob, 'DS')), ...peerMemory(peers)];
}

function run(project: BenchProject, step: string, file: string): Figures {
  return project.figures('build.ts', { step, file }) as Figures;
}

/** How long the peers take for the same, as ratios to acc. */
function beside(
  { step, duckdb: names = [], polars: name }: Operation,
  typical: number,
  { duckdb, polars, exax }: Peers,
): string {
  const words = [
    ...names.map((figure) => [duckdbWords(figure), duckdb[figure]] as const),
    ['polars', name === undefined ? undefined : polars[name]] as const,
    ['exax', exax[step]] as const,
  ];
  const known = words.flatMap(([peer, value]) =>
    value === undefined ? [] : [`${peer} ${times(value / typical)}`],
  );
  return known.length === 0 ? '' : `; ${known.join(', ')}`;
}

function duckdbWords(figure: string): string {
  return figure.endsWith('Parquet') ? 'DuckDB to or from Parquet' : 'DuckDB in memory';
}

function memoryRow(project: BenchProject, { step, what }: Operation, file: string): Row {
  const flags = { step, file, out: project.path('figures.json') };
  const words = Object.entries(flags).flatMap(([name, value]) => ['--flag', `${name}=${value}`]);
  const peak = peakBytesOf(project.command(['run', 'build.ts', '--slices', '2', ...words]));
  const most = step === 'sort' ? MOST_PEAK_BYTES.sort : MOST_PEAK_BYTES.others;
  return {
    what: `peak memory of: ${what}`,
    figure: megabytes(peak),
    reach: `≤ ${megabytes(most)}`,
    reached: peak !== undefined && peak <= most,
  };
}

function diskRow(directory: string): Row {
  const bytes = readdirSync(directory).reduce(
    (sum, name) => sum + statSync(join(directory, name)).size,
    0,
  );
  return {
    what: 'bytes on disk, typed',
    figure: megabytes(bytes),
    reach: `≤ ${megabytes((MOST_TYPED_BYTES * ROWS) / 10_000_000)}`,
    reached: bytes <= (MOST_TYPED_BYTES * ROWS) / 10_000_000,
  };
}

function peerMemory(peers: Peers): Row[] {
  return Object.entries(peers).flatMap(([name, { peakBytes }]) =>
    peakBytes === undefined
      ? []
      : [{ what: `peak memory of ${name}, all operations`, figure: megabytes(peakBytes) }],
  );
}

function duckdbFigures(csv: string): PeerFigures {
  const modules = duckdbTool();
  return modules === undefined ? {} : peerFigures('table-duckdb', csv, dirname(modules));
}

function exaxFigures(csv: string): PeerFigures {
  const command = exaxCommand('tables', csv);
  return command === undefined ? {} : (JSON.parse(outputOf(command)) as PeerFigures);
}

/** polars is a dev dependency of this repository. */
function polarsFigures(csv: string): PeerFigures {
  return peerFigures('table-polars', csv, fileURLToPath(new URL('..', import.meta.url)));
}

function peerFigures(program: string, csv: string, cwd: string): PeerFigures {
  const file = fileURLToPath(new URL(`programs/${program}.mjs`, import.meta.url));
  const command = {
    program: process.execPath,
    args: [file, csv, scratchDirectory()],
    cwd,
    env: { POLARS_MAX_THREADS: '2' },
  };
  return JSON.parse(outputOf(command)) as PeerFigures;
}
