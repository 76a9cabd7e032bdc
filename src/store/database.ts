// The SQLite file of a workdir: opened, migrated, asked. Knows nothing about what the tables mean.
// The native binding is located here: the search that better-sqlite3 would do costs a millisecond of every start.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import Sqlite from 'better-sqlite3';

import { SystemError, UsageError } from '../model/errors.ts';
import { onMachine, systemError } from '../model/system-error.ts';
import initial from './migrations/001-initial.sql';
import datasetSources from './migrations/002-dataset-sources.sql';
import tiedJobs from './migrations/003-tied-jobs.sql';
import damagedJobs from './migrations/004-damaged-jobs.sql';

/** What may be bound to a parameter. */
export type SqlValue = string | number | null;

/** What a row may hold. */
export type SqlCell = string | number | bigint | Uint8Array | null;

/** Every version of the schema, as the step from the version before it. */
const MIGRATIONS: readonly string[] = [initial, datasetSources, tiedJobs, damagedJobs];

const BUSY_TIMEOUT_MS = 30_000;
const WAL_RETRY_MS = 5;

/**
 * Objects of the binding are never given to the garbage collector: Node 24 aborts the process when it collects one
 * between two turns of the event loop. There are some dozens of them, and what they hold is freed by `close`.
 */
const kept: object[] = [];

function keep<T extends object>(wrapped: T): T {
  kept.push(wrapped);
  return wrapped;
}

/** An open index with its prepared statements. Errors of the machine are thrown as `SystemError`. */
export class IndexDatabase {
  readonly path: string;
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement<SqlValue[]>>();

  private constructor(path: string, sqlite: Sqlite.Database) {
    this.path = path;
    this.#sqlite = sqlite;
  }

  /** Opens for writing; makes the file where there is none, and migrates an older one. Its directory must exist. */
  static open(path: string): IndexDatabase {
    const sqlite = openSqlite(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      useWal(sqlite);
      sqlite.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      const index = new IndexDatabase(path, sqlite);
      index.#migrate();
      return index;
    } catch (error) {
      sqlite.close();
      throw systemError(error, 'open', path);
    }
  }

  /**
   * Opens for reading; `undefined` when nothing was ever put into the file. Where SQLite cannot (its side files cannot
   * be made), a temporary copy is read.
   */
  static openReadonly(path: string): IndexDatabase | undefined {
    const sqlite = openForReading(path);
    try {
      const version = userVersion(sqlite);
      if (version === 0) {
        sqlite.close();
        return undefined;
      }
      refuseNewer(path, version);
      if (version < MIGRATIONS.length) refuseOlder(path, version);
      return new IndexDatabase(path, sqlite);
    } catch (error) {
      sqlite.close();
      throw systemError(error, 'open', path);
    }
  }

  /** The first row of a query. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- nobody can infer a row's type from its SQL
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    try {
      return this.#statement(sql).get(...values) as Row | undefined;
    } catch (error) {
      throw systemError(error, 'read', this.path);
    }
  }

  /** All rows of a query. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    try {
      return this.#statement(sql).all(...values) as Row[];
    } catch (error) {
      throw systemError(error, 'read', this.path);
    }
  }

  /** The rows of a query, one by one. */
  *each<Row>(sql: string, ...values: SqlValue[]): Generator<Row> {
    try {
      for (const row of keep(this.#statement(sql).iterate(...values))) yield row as Row;
    } catch (error) {
      throw systemError(error, 'read', this.path);
    }
  }

  /**
   * A query that somebody has typed: its columns, and its rows as lists. Throws SQLite's own error for one that cannot be
   * carried out; gives `undefined` for a statement that is no query.
   */
  query(
    sql: string,
  ): { columns: readonly string[]; rows: Iterable<readonly SqlCell[]> } | undefined {
    const statement = keep(this.#sqlite.prepare(sql));
    if (!statement.reader) return undefined;
    const columns = statement.columns().map(({ name }) => name);
    const rows = keep(statement.raw(true).iterate()) as Iterable<readonly SqlCell[]>;
    return { columns, rows };
  }

  /** Tells whether the whole file is in order. Takes seconds per gigabyte. */
  isSound(): boolean {
    const sound = onMachine('read', this.path, () => readPragma(this.#sqlite, 'quick_check(1)'));
    return sound === 'ok';
  }

  /** Changes rows; gives how many, and the number of the last row inserted. */
  run(sql: string, ...values: SqlValue[]): { readonly changes: number; readonly lastRow: number } {
    try {
      const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
      return { changes, lastRow: Number(lastInsertRowid) };
    } catch (error) {
      throw systemError(error, 'write', this.path);
    }
  }

  /** Does `work` in one transaction that has the write lock from its start. Inside another one it becomes part of it. */
  write<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work();
    this.#exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#exec('COMMIT');
      return result;
    } catch (error) {
      // After some errors, as a full disk, SQLite has already rolled back.
      if (this.#sqlite.inTransaction) this.#exec('ROLLBACK');
      throw error;
    }
  }

  /** Does `work` in one transaction in which rows may refer to rows that come later, or never. */
  writeUnchecked<T>(work: () => T): T {
    this.#exec('PRAGMA foreign_keys = OFF');
    try {
      return this.write(work);
    } finally {
      this.#exec('PRAGMA foreign_keys = ON');
    }
  }

  /** Closes the file; the last process to do so writes the log back, which costs two flushes. Safe to call twice. */
  close(): void {
    this.#sqlite.close();
  }

  #statement(sql: string): Sqlite.Statement<SqlValue[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = keep(this.#sqlite.prepare<SqlValue[]>(sql));
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #exec(sql: string): void {
    onMachine('write', this.path, () => this.#sqlite.exec(sql));
  }

  /** Several processes may come here at once: the version is read again once the write lock is held. */
  #migrate(): void {
    const version = userVersion(this.#sqlite);
    refuseNewer(this.path, version);
    if (version === MIGRATIONS.length) return;
    this.write(() => {
      for (const step of MIGRATIONS.slice(userVersion(this.#sqlite))) this.#exec(step);
      this.#exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    });
  }
}

function openSqlite(path: string, options: Sqlite.Options): Sqlite.Database {
  const nativeBinding = findBinding();
  const all = nativeBinding === undefined ? options : { ...options, nativeBinding };
  try {
    return onMachine('open', path, () => keep(new Sqlite(path, all)));
  } catch (error) {
    throw bindingError(error) ?? error;
  }
}

/** The binding is made for one version of Node: under another one it cannot be loaded. */
function bindingError(error: unknown): SystemError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_DLOPEN_FAILED') return undefined;
  const reason = `better-sqlite3 was compiled for another version of Node than this ${process.version}; \`npm rebuild better-sqlite3\` compiles it anew`;
  return new SystemError({ code, operation: 'load', path: 'SQLite', reason, cause: error });
}

/**
 * Finds the binding as Node finds packages: in a `node_modules` of this file's directory or of one above it.
 * `undefined` in unusual installations: better-sqlite3 then searches.
 */
function findBinding(): string | undefined {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    const path = join(directory, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node');
    if (existsSync(path)) return path;
    if (directory === dirname(directory)) return undefined;
  }
}

/** The switch needs the file for itself for a moment, and SQLite does not wait for that on its own. */
function useWal(sqlite: Sqlite.Database): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      if (readPragma(sqlite, 'journal_mode') === 'wal') return;
      sqlite.exec('PRAGMA journal_mode = WAL');
    } catch (error) {
      const busy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
}

function openForReading(path: string): Sqlite.Database {
  try {
    const sqlite = openSqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    userVersion(sqlite);
    return sqlite;
  } catch (error) {
    const refused =
      error instanceof Error && 'code' in error && /CANTOPEN|READONLY/.test(String(error.code));
    if (!refused || !existsSync(path)) throw systemError(error, 'open', path);
    return openCopy(path);
  }
}

/** The copy has no name any more when this returns, and is gone when it is closed. */
function openCopy(path: string): Sqlite.Database {
  const directory = onMachine('create a directory in', tmpdir(), () =>
    mkdtempSync(join(tmpdir(), 'acc-index-')),
  );
  try {
    const copy = join(directory, basename(path));
    onMachine('copy', path, () => {
      copyFileSync(path, copy);
      if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    });
    const sqlite = openSqlite(copy, { timeout: BUSY_TIMEOUT_MS });
    sqlite.exec('PRAGMA query_only = ON');
    userVersion(sqlite);
    return sqlite;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function userVersion(sqlite: Sqlite.Database): number {
  return Number(readPragma(sqlite, 'user_version'));
}

function readPragma(sqlite: Sqlite.Database, name: string): unknown {
  return keep(sqlite.prepare<[]>(`PRAGMA ${name}`).pluck()).get();
}

function refuseNewer(path: string, version: number): void {
  if (version <= MIGRATIONS.length) return;
  throw new UsageError({
    code: 'newer_index',
    message: `The index ${path} has version ${version}, but this acc knows versions up to ${MIGRATIONS.length}`,
    hint: 'Use the newer acc that made it.',
  });
}

function refuseOlder(path: string, version: number): never {
  throw new SystemError({
    code: 'SQLITE_READONLY',
    operation: `migrate the index of version ${version}`,
    path,
  });
}
