// Whether an index of a million jobs is opened and asked as fast as one of a thousand.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Sqlite from 'better-sqlite3';

import { Workdir } from '../src/store/workdir.ts';
import type { Bench, Row } from './lib/bench.ts';
import { program } from './lib/program.ts';
import { ms, times } from './lib/quantities.ts';
import { Scratch } from './lib/scratch.ts';

/** Jobs that have a directory and are looked up. */
const LOOKED_UP = 1000;
const LARGE = 1_000_000;
const MOST_TIMES = 2;
const POST = '{}';

interface Figures {
  /** All in nanoseconds. */
  readonly firstOpen: number;
  readonly open: number;
  readonly find: number;
}

/** The same look-ups in a small and in a large index. */
export const indexSize: Bench = { name: 'index-size', measure };

function measure(): readonly Row[] {
  using scratch = new Scratch();
  const run = program('index-size');
  const [small, large] = [LOOKED_UP, LARGE].map((count) => {
    const path = join(scratch.path, String(count));
    fillWorkdir(path, count);
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
  firstOpen: 'the same in a fresh process, without closing',
};

/** Makes a workdir whose index has `count` jobs, the newest of them with directories. */
function fillWorkdir(path: string, count: number): void {
  Workdir.open({ name: 'dev', path, slices: 2 }).close();
  const index = new Sqlite(join(path, 'acc.sqlite'));
  index.pragma('foreign_keys = OFF');
  index.pragma('synchronous = OFF');
  index.pragma('cache_size = -500000');
  fillTables(index, count);
  index.close();
  for (let number = count - LOOKED_UP; number < count; number++) {
    mkdirSync(join(path, `dev-${number}`));
    writeFileSync(join(path, `dev-${number}`, 'post.json'), POST);
    writeFileSync(join(path, `dev-${number}`, 'result.msgpack'), '');
  }
}

/** Indexes are made after the rows: keys come in no order. */
function fillTables(index: Sqlite.Database, count: number): void {
  const indexes = index
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all() as { readonly name: string; readonly sql: string }[];
  for (const { name } of indexes) index.exec(`DROP INDEX ${name}`);
  index.exec(`
    BEGIN;
    CREATE TEMP TABLE numbers AS
      WITH RECURSIVE n (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM n WHERE number < ${count - 1})
      SELECT number FROM n;
    INSERT INTO jobs (number, id, key, method, state, name, caption, labels, code, digest, script, run, started_at,
        ended_at, exec_ms, exec_times, size_bytes, subjobs, host, acc_version, node_version, seal)
      SELECT number, 'dev-' || number, lower(hex(randomblob(32))), 'method' || number % 50, 'finished',
        'method' || number % 50, '', '{}', lower(hex(randomblob(32))), lower(hex(randomblob(32))), 'build.ts', 1,
        '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z', 1000.0, '{"total":1000}', 1234, 0, 'host', '0.1.0',
        '20.20.2', '["post.json",${POST.length},"result.msgpack",0]'
      FROM numbers;
    INSERT INTO params (job, name, value) SELECT number, 'n', number FROM numbers;
    INSERT INTO files (job, name, size_bytes, digest)
      SELECT number, 'result.msgpack', 0, lower(hex(randomblob(32))) FROM numbers;
    INSERT INTO inputs (job, kind, name, position, input_job)
      SELECT number, 'job', 'previous', 0, 'dev-' || (number - 1) FROM numbers WHERE number > 0;
    UPDATE meta SET value = ${count} WHERE name = 'next_job';
    COMMIT;`);
  for (const { sql } of indexes) index.exec(sql);
}
