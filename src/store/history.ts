// Looks back over the jobs of a workdir for people: lists, sums and the candidates that `acc why` compares with.
// Works on a workdir opened readonly; nothing here is on the way of a build.

import type { JobId, JobKey } from '../model/ids.ts';
import type { ExecTimes, Setup } from '../model/manifest.ts';
import type { SqlValue } from './database.ts';
import type { JobState } from './index-job.ts';
import { readSetup } from './job-directory.ts';
import type { DamageMark } from './job-directory.ts';
import { jobPath } from './workdir-place.ts';
import type { IndexedWorkdir } from './workdir-place.ts';

/** A job as the index knows it, finished or not. */
export interface JobRow {
  readonly id: JobId;
  readonly number: number;
  /** Absolute path of the job directory, whether it still exists or not. */
  readonly path: string;
  readonly key: JobKey;
  readonly method: string;
  readonly state: JobState;
  readonly name: string;
  readonly caption: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly code: string;
  /** `null` unless finished. */
  readonly digest: string | null;
  readonly parent: JobId | null;
  readonly script: string | null;
  /** 0 outside a run. */
  readonly run: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `null` where it is not known: the job's process died. */
  readonly endedAt: string | null;
  readonly execMs: ExecTimes | null;
  readonly sizeBytes: number;
  readonly tainted: string | null;
  /** A file that was found not to hold what was written to it; `null` for all other jobs. */
  readonly damaged: Omit<DamageMark, 'version'> | null;
  /** It stands for the very inputs that it was given, and not for others with the same content. */
  readonly tied: boolean;
  readonly unsound: readonly string[];
  readonly host: string;
  readonly accVersion: string;
  readonly nodeVersion: string;
}

/** Which jobs to list. An absent field does not restrict. */
export interface JobFilter {
  readonly method?: string;
  readonly state?: JobState;
  /** Only finished jobs that are never reused, for this reason. */
  readonly mark?: 'tainted' | 'damaged';
  readonly key?: JobKey;
  /** ISO 8601, UTC, inclusive; compared with the start. */
  readonly since?: string;
  /** Only jobs with a lower number. */
  readonly before?: number;
  /** Only jobs that another run built. */
  readonly exceptRun?: number;
  readonly limit?: number;
}

/** An earlier job of a method, with all that went into it. */
export interface Candidate {
  readonly job: JobRow;
  readonly setup: Setup;
}

/** A run of a build script. */
export interface RunRow {
  readonly run: number;
  readonly script: string;
  readonly argv: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
  readonly startedAt: string;
  /** `null` while it runs, and when it was killed; the counts and the exit code then too. */
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  readonly built: number | null;
  readonly reused: number | null;
  readonly failed: number | null;
  readonly skipped: number | null;
  readonly wouldBuild: number | null;
  readonly host: string;
  readonly pid: number;
  readonly accVersion: string;
}

/** A workdir in numbers. */
export interface WorkdirSummary {
  /** Jobs by state; a state without jobs is 0. */
  readonly jobs: Readonly<Record<JobState, number>>;
  readonly tainted: number;
  /** Of registered files and datasets of finished jobs. */
  readonly sizeBytes: number;
  /** The newest job of any state. */
  readonly latest: JobId | null;
}

type StoredJob = Omit<JobRow, 'path' | 'labels' | 'execMs' | 'unsound' | 'damaged' | 'tied'> & {
  readonly damaged: string | null;
  readonly tied: number;
  readonly labels: string;
  readonly execTimes: string | null;
  readonly unsound: string | null;
};
type StoredRun = Omit<RunRow, 'argv' | 'flags'> & { readonly argv: string; readonly flags: string };

const JOB_ROW = `SELECT number, id, key, method, state, name, caption, labels, code, digest, parent, script, run,
  started_at AS startedAt, ended_at AS endedAt, exec_times AS execTimes, size_bytes AS sizeBytes, tainted, unsound, damaged, tied,
  host, acc_version AS accVersion, node_version AS nodeVersion FROM jobs`;

/** Lists jobs, newest first. */
export function listJobs(workdir: IndexedWorkdir, filter: JobFilter = {}): JobRow[] {
  const conditions: readonly [string, SqlValue | undefined][] = [
    ['method = ?', filter.method],
    ['state = ?', filter.state],
    // A damaged job is not looked at any further.
    ['(tainted IS NOT NULL AND damaged IS NULL) = ?', filter.mark === 'tainted' ? 1 : undefined],
    ['(damaged IS NOT NULL) = ?', filter.mark === 'damaged' ? 1 : undefined],
    ['key = ?', filter.key],
    ['started_at >= ?', filter.since],
    ['number < ?', filter.before],
    ['run <> ?', filter.exceptRun],
  ];
  const used = conditions.filter(
    (condition): condition is [string, SqlValue] => condition[1] !== undefined,
  );
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  const values = used.map(([, value]) => value);
  const sql = `${JOB_ROW} ${where} ORDER BY number DESC LIMIT ?`;
  return workdir.index
    .all<StoredJob>(sql, ...values, filter.limit ?? -1)
    .map((row) => fromRow(workdir, row));
}

/** A job by number, in any state; `undefined` when the index does not know it, as while it is made. */
export function jobRow(workdir: IndexedWorkdir, number: number): JobRow | undefined {
  const row = workdir.index.get<StoredJob>(`${JOB_ROW} WHERE number = ?`, number);
  return row === undefined ? undefined : fromRow(workdir, row);
}

/** The newest finished job of a method, or the one `back` jobs before it. */
export function latestJob(
  workdir: IndexedWorkdir,
  method: string,
  back: number = 0,
): JobRow | undefined {
  const sql = `${JOB_ROW} WHERE method = ? AND state = 'finished' ORDER BY number DESC LIMIT 1 OFFSET ?`;
  const row = workdir.index.get<StoredJob>(sql, method, back);
  return row === undefined ? undefined : fromRow(workdir, row);
}

/** The newest finished job with a key, also one that is tainted or damaged; `undefined` when there is none. */
export function newestWithKey(workdir: IndexedWorkdir, key: JobKey): JobRow | undefined {
  const sql = `${JOB_ROW} WHERE state = 'finished' AND key = ? ORDER BY number DESC LIMIT 1`;
  const row = workdir.index.get<StoredJob>(sql, key);
  return row === undefined ? undefined : fromRow(workdir, row);
}

/** The newest finished jobs of a method whose `setup.json` can still be read, newest first. */
export function candidates(
  workdir: IndexedWorkdir,
  method: string,
  { limit, exceptRun }: { readonly limit: number; readonly exceptRun?: number },
): Candidate[] {
  const filter = exceptRun === undefined ? {} : { exceptRun };
  return listJobs(workdir, { method, state: 'finished', limit, ...filter }).flatMap((job) => {
    const setup = readSetup(job.path);
    return setup === undefined ? [] : [{ job, setup }];
  });
}

/** Runs of build scripts, newest first. */
export function listRuns(workdir: IndexedWorkdir, limit: number): RunRow[] {
  const rows = workdir.index.all<StoredRun>(
    `SELECT run, script, argv, flags, started_at AS startedAt, ended_at AS endedAt, exit_code AS exitCode, built,
       reused, failed, skipped, would_build AS wouldBuild, host, pid, acc_version AS accVersion
       FROM runs ORDER BY run DESC LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({
    ...row,
    argv: JSON.parse(row.argv) as RunRow['argv'],
    flags: JSON.parse(row.flags) as RunRow['flags'],
  }));
}

/** Counts and sums up the jobs of a workdir. */
export function summarise(workdir: IndexedWorkdir): WorkdirSummary {
  const jobs = { finished: 0, failed: 0, timed_out: 0, cancelled: 0, unfinished: 0 };
  let sizeBytes = 0;
  let tainted = 0;
  const rows = workdir.index.all<{
    state: JobState;
    jobs: number;
    tainted: number;
    sizeBytes: number;
  }>(
    `SELECT state, count(*) AS jobs, count(tainted) AS tainted, sum(size_bytes) AS sizeBytes
       FROM jobs GROUP BY state`,
  );
  for (const row of rows) {
    jobs[row.state] = row.jobs;
    tainted += row.tainted;
    sizeBytes += row.sizeBytes;
  }
  const latest = workdir.index.get<{ id: JobId }>(
    'SELECT id FROM jobs ORDER BY number DESC LIMIT 1',
  );
  return { jobs, tainted, sizeBytes, latest: latest?.id ?? null };
}

function fromRow(workdir: IndexedWorkdir, row: StoredJob): JobRow {
  const { labels, execTimes, unsound, damaged, tied, ...facts } = row;
  return {
    ...facts,
    path: jobPath(workdir, row.number),
    labels: JSON.parse(labels) as JobRow['labels'],
    execMs: execTimes === null ? null : (JSON.parse(execTimes) as ExecTimes),
    damaged: damaged === null ? null : (JSON.parse(damaged) as JobRow['damaged']),
    tied: tied !== 0,
    unsound: unsound === null ? [] : (JSON.parse(unsound) as JobRow['unsound']),
  };
}
