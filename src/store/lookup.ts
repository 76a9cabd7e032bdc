// Finds the finished job that has a key, and checks by stat that its directory still holds what it made.
// Unaware of subjobs being current and of other workdirs: the engine decides whether what was found can be used.

import { existsSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

import type { Digest, JobId, JobKey } from '../model/ids.ts';
import type { DatasetRecord, SubjobRecord } from '../model/manifest.ts';
import { onMachine } from '../model/system-error.ts';
import type { DamageMark } from './job-directory.ts';
import { jobPath } from './workdir-place.ts';
import type { IndexedWorkdir } from './workdir-place.ts';

/** A finished job, with what the engine needs to reuse it or to use it as an input. */
export interface FinishedJob {
  readonly id: JobId;
  readonly number: number;
  /** Absolute path of the job directory. */
  readonly path: string;
  readonly key: JobKey;
  readonly method: string;
  /** What the job shows to those who use it. */
  readonly digest: Digest;
  /** The code digest it ran with. */
  readonly code: Digest;
  /** Total execution time. */
  readonly execMs: number;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly subjobs: readonly SubjobRecord[];
  /** It has predecessors or sources: see `Workdir.predecessors` and `Workdir.sources`. */
  readonly chained: boolean;
  /** Why the job is kept but never reused; `null` when it can be. */
  readonly tainted: string | null;
  /** It stands for the very inputs that it was given, and not for others with the same content. */
  readonly tied: boolean;
}

/** Why a finished job cannot be reused: the first thing that is wrong in its directory. */
export interface Damage {
  readonly job: JobId;
  readonly method: string;
  /** Relative to the job directory. */
  readonly file: string;
  /** `marked`: it was read, and found not to hold what was written to it. */
  readonly problem: 'missing' | 'wrong_size' | 'no_directory' | 'marked';
}

/** What a look-up gave. */
export interface Found {
  readonly job: FinishedJob | undefined;
  /** Jobs that have the key and would have been taken, newest first. */
  readonly damaged: readonly Damage[];
}

interface FinishedRow {
  readonly number: number;
  readonly id: JobId;
  readonly key: JobKey;
  readonly method: string;
  readonly digest: Digest;
  readonly code: Digest;
  readonly execMs: number;
  readonly endedAt: string;
  readonly subjobs: number;
  readonly chained: number;
  readonly tainted: string | null;
  readonly tied: number;
  readonly damaged: string | null;
  readonly seal: string;
}

const FINISHED_ROW = `SELECT number, id, key, method, digest, code, exec_ms AS execMs, ended_at AS endedAt,
  subjobs, tainted, tied, damaged, seal,
  EXISTS (SELECT 1 FROM datasets WHERE job = number AND previous_job IS NOT NULL)
    OR EXISTS (SELECT 1 FROM inputs WHERE job = number AND kind = 'job' AND name = 'previous')
    OR EXISTS (SELECT 1 FROM dataset_sources WHERE job = number) AS chained
  FROM jobs WHERE state = 'finished'`;
const BY_KEY = `${FINISHED_ROW} AND tainted IS NULL AND key = ? AND number < ?
  ORDER BY number DESC LIMIT 1`;
const BY_NUMBER = `${FINISHED_ROW} AND number = ?`;

const NO_DAMAGE: readonly Damage[] = [];
const NO_SUBJOBS: readonly SubjobRecord[] = [];

/** See `Workdir.find`. */
export function findFinished(workdir: IndexedWorkdir, key: JobKey, before: number): Found {
  let damaged = NO_DAMAGE;
  let limit = before;
  for (;;) {
    const row = workdir.index.get<FinishedRow>(BY_KEY, key, limit);
    if (row === undefined) return { job: undefined, damaged };
    const damage = findDamage(jobPath(workdir, row.number), row);
    if (damage === undefined) return { job: fromRow(workdir, row), damaged };
    damaged = [...damaged, damage];
    limit = row.number;
  }
}

/** See `Workdir.job`. */
export function finishedJob(workdir: IndexedWorkdir, number: number): FinishedJob | undefined {
  const row = workdir.index.get<FinishedRow>(BY_NUMBER, number);
  return row === undefined ? undefined : fromRow(workdir, row);
}

/** See `Workdir.isIntact`. */
export function isIntact(workdir: IndexedWorkdir, number: number): boolean {
  const row = workdir.index.get<FinishedRow>(BY_NUMBER, number);
  return row !== undefined && findDamage(jobPath(workdir, number), row) === undefined;
}

/** See `Workdir.predecessors`. */
export function predecessors(workdir: IndexedWorkdir, number: number): readonly JobId[] {
  const rows = workdir.index.all<{ id: JobId }>(
    `SELECT previous_job AS id FROM datasets WHERE job = ? AND previous_job IS NOT NULL
     UNION SELECT input_job FROM inputs WHERE job = ? AND kind = 'job' AND name = 'previous'`,
    number,
    number,
  );
  return rows.map(({ id }) => id);
}

/** See `Workdir.sources`. */
export function sources(workdir: IndexedWorkdir, number: number): readonly JobId[] {
  const rows = workdir.index.all<{ source: JobId }>(
    'SELECT DISTINCT source FROM dataset_sources WHERE job = ?',
    number,
  );
  return rows.map(({ source }) => source);
}

/** See `Workdir.fileDigest`. */
export function fileDigest(
  workdir: IndexedWorkdir,
  number: number,
  name: string,
): Digest | undefined {
  return workdir.index.get<{ digest: Digest }>(
    'SELECT digest FROM files WHERE job = ? AND name = ? AND digest IS NOT NULL',
    number,
    name,
  )?.digest;
}

/** See `Workdir.datasetRecord`. */
export function datasetRecord(
  workdir: IndexedWorkdir,
  number: number,
  name: string,
): DatasetRecord | undefined {
  const row = workdir.index.get<{
    digest: Digest;
    rows: number;
    hashlabel: string | null;
    previousJob: JobId | null;
    previousName: string;
  }>(
    `SELECT digest, rows, hashlabel, previous_job AS previousJob, previous_name AS previousName
       FROM datasets WHERE job = ? AND name = ?`,
    number,
    name,
  );
  if (row === undefined) return undefined;
  return {
    name,
    digest: row.digest,
    rows: row.rows,
    previous: row.previousJob === null ? null : { job: row.previousJob, name: row.previousName },
    hashlabel: row.hashlabel,
    columns: columnsOf(workdir, number, name),
    files: datasetFiles(workdir, number, name),
    ...sourcesOf(workdir, number, name),
  };
}

/** The list of names and sizes that must be found in a finished job's directory; see column `seal`. */
export function makeSeal(files: Iterable<readonly [name: string, sizeBytes: number]>): string {
  return JSON.stringify([...files].flat());
}

function fromRow(workdir: IndexedWorkdir, row: FinishedRow): FinishedJob {
  const { seal: _, damaged: _mark, ...facts } = row;
  return {
    ...facts,
    chained: row.chained !== 0,
    tied: row.tied !== 0,
    path: jobPath(workdir, row.number),
    subjobs: row.subjobs === 0 ? NO_SUBJOBS : subjobsOf(workdir, row.number),
  };
}

function subjobsOf(workdir: IndexedWorkdir, number: number): readonly SubjobRecord[] {
  const rows = workdir.index.all<Omit<SubjobRecord, 'built'> & { built: number }>(
    'SELECT subjob AS id, method, code, built FROM subjobs WHERE job = ? ORDER BY position',
    number,
  );
  return rows.map((row) => ({ ...row, built: row.built !== 0 }));
}

function findDamage(path: string, row: FinishedRow): Damage | undefined {
  if (row.damaged !== null) {
    const { file } = JSON.parse(row.damaged) as Pick<DamageMark, 'file'>;
    return { job: row.id, method: row.method, file, problem: 'marked' };
  }
  const seal = JSON.parse(row.seal) as readonly (string | number)[];
  for (let i = 0; i < seal.length; i += 2) {
    const file = String(seal[i]);
    const stat = onMachine('look at', `${path}/${file}`, () =>
      statSync(`${path}/${file}`, { throwIfNoEntry: false }),
    );
    if (stat?.size === seal[i + 1]) continue;
    return { job: row.id, method: row.method, file, problem: problemOf(path, stat) };
  }
  return undefined;
}

function problemOf(path: string, stat: Stats | undefined): Damage['problem'] {
  if (stat !== undefined) return 'wrong_size';
  return existsSync(path) ? 'missing' : 'no_directory';
}

function columnsOf(
  workdir: IndexedWorkdir,
  number: number,
  dataset: string,
): DatasetRecord['columns'] {
  const rows = workdir.index.all<{ name: string; type: string; digest: Digest }>(
    'SELECT name, type, digest FROM columns WHERE job = ? AND dataset = ? ORDER BY position',
    number,
    dataset,
  );
  return Object.fromEntries(rows.map(({ name, type, digest }) => [name, { type, digest }]));
}

function datasetFiles(
  workdir: IndexedWorkdir,
  number: number,
  dataset: string,
): DatasetRecord['files'] {
  const rows = workdir.index.all<{ name: string; sizeBytes: number }>(
    'SELECT name, size_bytes AS sizeBytes FROM files WHERE job = ? AND dataset = ?',
    number,
    dataset,
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.sizeBytes]));
}

function sourcesOf(
  workdir: IndexedWorkdir,
  number: number,
  dataset: string,
): Pick<DatasetRecord, 'sources'> {
  const rows = workdir.index.all<{ source: JobId }>(
    'SELECT source FROM dataset_sources WHERE job = ? AND dataset = ? ORDER BY source',
    number,
    dataset,
  );
  return rows.length === 0 ? {} : { sources: rows.map(({ source }) => source) };
}
