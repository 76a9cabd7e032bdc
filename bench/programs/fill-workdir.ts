// Makes a workdir in the directory of its first argument whose index has as many jobs as the second says: rows only,
// but for the newest thousand, which have directories and can be reused. Prints how many there are.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Sqlite from 'better-sqlite3';

import { Workdir } from '../../src/store/workdir.ts';

const WITH_DIRECTORY = 1000;
const POST = '{}';

const [, , path = '', count = '0'] = process.argv;
fillWorkdir(path, Number(count));
console.log(count);

function fillWorkdir(directory: string, jobs: number): void {
  Workdir.open({ name: 'dev', path: directory, slices: 2 }).close();
  const index = new Sqlite(join(directory, 'acc.sqlite'));
  index.pragma('foreign_keys = OFF');
  index.pragma('synchronous = OFF');
  index.pragma('cache_size = -500000');
  fillTables(index, jobs);
  index.close();
  for (let number = jobs - WITH_DIRECTORY; number < jobs; number++) {
    mkdirSync(join(directory, `dev-${number}`));
    writeFileSync(join(directory, `dev-${number}`, 'post.json'), POST);
    writeFileSync(join(directory, `dev-${number}`, 'result.msgpack'), '');
  }
}

/** Indexes are made after the rows: keys come in no order. */
function fillTables(index: Sqlite.Database, jobs: number): void {
  const indexes = index
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all() as { readonly name: string; readonly sql: string }[];
  for (const { name } of indexes) index.exec(`DROP INDEX ${name}`);
  index.exec(`
    BEGIN;
    CREATE TEMP TABLE numbers AS
      WITH RECURSIVE n (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM n WHERE number < ${jobs - 1})
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
    UPDATE meta SET value = ${jobs} WHERE name = 'next_job';
    COMMIT;`);
  for (const { sql } of indexes) index.exec(sql);
}
