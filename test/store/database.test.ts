import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';

import { SystemError, UsageError } from '../../src/model/errors.ts';
import { IndexDatabase } from '../../src/store/database.ts';
import { openWorkdir, temporaryDirectory } from './workdir-rig.ts';

function newPath(): string {
  return join(temporaryDirectory(), 'acc.sqlite');
}

test('an index of a newer version is refused with both versions', () => {
  const path = newPath();
  const sqlite = new Sqlite(path);
  sqlite.pragma('user_version = 99');
  sqlite.close();
  const refusal = /has version 99, but this acc knows versions up to 4/;
  expect(() => IndexDatabase.open(path)).toThrow(UsageError);
  expect(() => IndexDatabase.open(path)).toThrow(refusal);
  expect(() => IndexDatabase.openReadonly(path)).toThrow(refusal);
});

test('a file that is no database is the fault of the machine', () => {
  const path = newPath();
  writeFileSync(path, 'no database'.repeat(1000));
  expect(() => IndexDatabase.open(path)).toThrow(
    expect.objectContaining({ name: 'SystemError', code: 'SQLITE_NOTADB', path }) as Error,
  );
});

test('a file that another process is just making is no index yet', () => {
  const path = newPath();
  writeFileSync(path, '');
  expect(IndexDatabase.openReadonly(path)).toBeUndefined();
});

test('a transaction that throws leaves nothing behind', () => {
  const { index } = openWorkdir();
  const fail = () =>
    index.write(() => {
      index.run(`INSERT INTO meta (name, value) VALUES ('x', 1)`);
      throw new Error('no');
    });
  expect(fail).toThrow('no');
  expect(index.get(`SELECT 1 FROM meta WHERE name = 'x'`)).toBeUndefined();
});

test('a lock that is held for too long is the fault of the machine', () => {
  const { index } = openWorkdir();
  const other = new Sqlite(index.path);
  other.exec('BEGIN IMMEDIATE');
  index.get('PRAGMA busy_timeout = 1');
  expect(() => index.write(() => undefined)).toThrow(SystemError);
  other.close();
});

test('a mistake in SQL is not the fault of the machine', () => {
  expect(() => openWorkdir().index.all('SELECT absent')).toThrow(/no such column/);
  expect(() => openWorkdir().index.all('SELECT absent')).not.toThrow(SystemError);
});

test('every table and view has a comment, and every migration is read', () => {
  const { index } = openWorkdir();
  const directory = join(import.meta.dirname, '../../src/store/migrations');
  const files = readdirSync(directory);
  const sql = files.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
  const undocumented = sql.match(/(?<!--[^\n]*\n)CREATE (?:TABLE|VIEW) \w+/g);
  expect(undocumented).toBeNull();
  expect(index.get('PRAGMA user_version')).toEqual({ user_version: files.length });
});
