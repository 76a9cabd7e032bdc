// Makes the index again from the job directories. They are the truth about jobs; what only the index knows (runs,
// failures, results, marks) is kept where the old index can be read, even if only in part.

import { existsSync, renameSync, rmSync } from 'node:fs';

import { SystemError, UsageError } from '../model/errors.ts';
import { jobId } from '../model/ids.ts';
import { onMachine } from '../model/system-error.ts';
import { listClaims, ownerLives } from './claims.ts';
import { IndexDatabase } from './database.ts';
import type { SqlValue } from './database.ts';
import { recordEvent } from './events.ts';
import { indexJob } from './index-job.ts';
import type { Ending } from './index-job.ts';
import {
  findResults,
  jobDirectories,
  raiseNextNumber,
  recordsOf,
  slicesOfJobs,
} from './reconcile.ts';
import { indexPath, jobPath } from './workdir-place.ts';
import type { IndexedWorkdir, WorkdirPlace } from './workdir-place.ts';

/** Which workdir to rebuild. */
export interface RebuildOptions extends WorkdirPlace {
  /** Absolute; its links into this workdir are entered as results. */
  readonly resultDirectory?: string;
}

/** What a rebuild found. */
export interface RebuildReport {
  readonly finished: number;
  /** Directories of executions that did not finish. */
  readonly unfinished: number;
  /** Directories that are called like jobs but cannot be read as such. */
  readonly unreadable: readonly string[];
  /** Where the old index was put because it was damaged; `null` when it was not. */
  readonly setAside: string | null;
}

/** What only the index knows about a job. */
interface Remembered {
  readonly number: number;
  readonly state: Ending['state'] | 'finished';
  readonly endedAt: string | null;
  readonly execTimes: string | null;
  readonly tainted: string | null;
}

const FROM_DIRECTORIES = [
  'params',
  'inputs',
  'input_files',
  'subjobs',
  'files',
  'datasets',
  'dataset_sources',
  'columns',
  'jobs',
];
const FROM_INDEX = ['meta', 'jobs', 'runs', 'run_jobs', 'failures', 'results', 'events'];

/** Re-creates the index of a workdir from its job directories. Refused while a living process builds there. */
export function rebuild(options: RebuildOptions): RebuildReport {
  const { index, setAside } = openOrReplace(indexPath(options));
  try {
    const workdir = { name: options.name, path: options.path, index };
    return index.writeUnchecked(() => {
      refuseInUse(workdir);
      const report = { ...indexDirectories(workdir), setAside };
      if (options.resultDirectory !== undefined) findResults(workdir, options.resultDirectory);
      const detail = `${report.finished} finished, ${report.unfinished} unfinished`;
      recordEvent(index, { kind: 'rebuilt', job: null, detail });
      return report;
    });
  } finally {
    index.close();
  }
}

/** A sound index is rebuilt in place, so that processes that have it open go on with it. */
function openOrReplace(path: string): { index: IndexDatabase; setAside: string | null } {
  const sound = openSound(path);
  if (sound !== undefined) return { index: sound, setAside: null };
  const setAside = `${path}.damaged`;
  for (const suffix of ['', '-wal'].filter((end) => existsSync(path + end))) {
    onMachine('rename', path + suffix, () => renameSync(path + suffix, setAside + suffix));
  }
  rmSync(`${path}-shm`, { force: true });
  const index = IndexDatabase.open(path);
  salvage(setAside, index);
  return { index, setAside };
}

function openSound(path: string): IndexDatabase | undefined {
  let index: IndexDatabase | undefined;
  try {
    index = IndexDatabase.open(path);
    if (index.isSound()) return index;
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  index?.close();
  return undefined;
}

/** Copies what can be read of the tables that have no other source. */
function salvage(damaged: string, into: IndexDatabase): void {
  const from = openDamaged(damaged);
  if (from === undefined) return;
  try {
    into.writeUnchecked(() => {
      for (const table of FROM_INDEX) salvageTable(from, into, table);
    });
  } finally {
    from.close();
  }
}

function openDamaged(path: string): IndexDatabase | undefined {
  try {
    return IndexDatabase.openReadonly(path);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function salvageTable(from: IndexDatabase, into: IndexDatabase, table: string): void {
  try {
    for (const row of from.each<Record<string, SqlValue>>(`SELECT * FROM ${table}`)) {
      const names = Object.keys(row);
      const places = names.map(() => '?').join(', ');
      const sql = `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${places})`;
      into.run(sql, ...Object.values(row));
    }
  } catch (error) {
    // The rows up to the damage are kept.
    if (!isDamage(error)) throw error;
  }
}

function refuseInUse(workdir: IndexedWorkdir): void {
  const claim = listClaims(workdir).find(ownerLives);
  if (claim === undefined) return;
  throw new UsageError({
    code: 'workdir_in_use',
    message: `Process ${claim.pid} on ${claim.host} is building ${jobId(workdir.name, claim.number)}`,
    hint: `Run this again when it has ended.`,
  });
}

function indexDirectories(workdir: IndexedWorkdir): Omit<RebuildReport, 'setAside'> {
  const { index } = workdir;
  const remembered = rememberedJobs(index);
  for (const table of [...FROM_DIRECTORIES, 'claims']) index.run(`DELETE FROM ${table}`);
  const numbers = jobDirectories(workdir);
  const unreadable = numbers.filter(
    (number) => !indexDirectory(workdir, number, remembered.get(number)),
  );
  for (const table of ['failures', 'results']) {
    index.run(`DELETE FROM ${table} WHERE job NOT IN (SELECT number FROM jobs)`);
  }
  setFacts(workdir, numbers);
  const finished =
    index.get<{ n: number }>(`SELECT count(*) AS n FROM jobs WHERE state = 'finished'`)?.n ?? 0;
  return {
    finished,
    unfinished: numbers.length - unreadable.length - finished,
    unreadable: unreadable.map((number) => jobPath(workdir, number)),
  };
}

function indexDirectory(
  workdir: IndexedWorkdir,
  number: number,
  before: Remembered | undefined,
): boolean {
  const records = recordsOf(workdir, number);
  if (records === undefined) return false;
  indexJob(workdir.index, number, records, records.failed ?? endingOf(before));
  if (before?.tainted != null) {
    workdir.index.run('UPDATE jobs SET tainted = ? WHERE number = ?', before.tainted, number);
  }
  return true;
}

/** Of an execution that has left no record of its end. */
function endingOf(before: Remembered | undefined): Ending | undefined {
  if (before === undefined || before.state === 'finished') return undefined;
  return {
    state: before.state,
    endedAt: before.endedAt,
    execMs: before.execTimes === null ? null : (JSON.parse(before.execTimes) as Ending['execMs']),
  };
}

/** Of most jobs the directory knows everything. */
function rememberedJobs(index: IndexDatabase): Map<number, Remembered> {
  const rows = index.all<Remembered>(
    `SELECT number, state, ended_at AS endedAt, exec_times AS execTimes, tainted FROM jobs
      WHERE state <> 'finished' OR tainted IS NOT NULL`,
  );
  return new Map(rows.map((row) => [row.number, row]));
}

function setFacts(workdir: IndexedWorkdir, numbers: readonly number[]): void {
  const facts: readonly [string, SqlValue | undefined][] = [
    ['workdir', workdir.name],
    ['slices', slicesOfJobs(workdir)],
    ['next_job', 0],
  ];
  for (const [name, value] of facts) {
    if (value === undefined) continue;
    workdir.index.run('INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)', name, value);
  }
  raiseNextNumber(workdir, numbers);
}

function isDamage(error: unknown): boolean {
  return error instanceof SystemError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}
