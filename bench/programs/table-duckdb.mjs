// What DuckDB needs for the operations on the table: two threads, everything in memory unless it says Parquet.
// Started where @duckdb/node-api is installed: `node table-duckdb.mjs CSV DIRECTORY`; prints milliseconds as JSON.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const { DuckDBInstance } = createRequire(join(process.cwd(), 'any.js'))('@duckdb/node-api');
const [csv, directory] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
const figures = {};

async function time(name, sql) {
  const startedAt = performance.now();
  await connection.run(sql);
  figures[name] = performance.now() - startedAt;
}

const parquet = (name) => `'${join(directory, name)}.parquet' (FORMAT parquet)`;
const strings = `SELECT * FROM read_csv('${csv}', all_varchar = true)`;
const types = `{'id': 'BIGINT', 'user': 'VARCHAR', 'price': 'DOUBLE', 'ts': 'TIMESTAMP', 'flag': 'BOOLEAN', 'text': 'VARCHAR'}`;
const typed = `SELECT * FROM read_csv('${csv}', columns = ${types}, header = true)`;
const casts = `SELECT id::BIGINT AS id, user, price::DOUBLE AS price, ts::TIMESTAMP AS ts, (flag = '1') AS flag, text`;

await time('import', `CREATE TABLE strings AS ${strings}`);
await time('importParquet', `COPY (${strings}) TO ${parquet('strings')}`);
await time('type', `CREATE TABLE cast_table AS ${casts} FROM strings`);
await connection.run('DROP TABLE cast_table');
await time(
  'typeParquet',
  `COPY (${casts} FROM read_parquet('${join(directory, 'strings.parquet')}')) TO ${parquet('cast')}`,
);
await connection.run('DROP TABLE strings');
await time('typed', `CREATE TABLE typed AS ${typed}`);
await time('typedParquet', `COPY (${typed}) TO ${parquet('typed')}`);
await time('sum', 'SELECT sum(price) FROM typed');
await time(
  'sumParquet',
  `SELECT sum(price) FROM read_parquet('${join(directory, 'typed.parquet')}')`,
);
await time('group', 'CREATE TABLE grouped AS SELECT user, sum(price) FROM typed GROUP BY user');
await time(
  'hashpart',
  `COPY (SELECT *, hash(user) % 2 AS slice FROM typed) TO '${join(directory, 'parts')}' (FORMAT parquet, PARTITION_BY (slice))`,
);
await time('export', `COPY typed TO '${join(directory, 'out.csv')}' (HEADER)`);
await time('sort', 'CREATE TABLE sorted AS SELECT * FROM typed ORDER BY ts');
await connection.run('DROP TABLE sorted');
await time('sortParquet', `COPY (SELECT * FROM typed ORDER BY ts) TO ${parquet('sorted')}`);
console.log(JSON.stringify({ ...figures, peakBytes: process.resourceUsage().maxRSS * 1024 }));
