// What the index knows about one job beyond its own row: inputs, users, outputs, failure and result links.

import type { Digest, JobId } from '../model/ids.ts';
import type { DatasetRecord } from '../model/manifest.ts';
import type { JobFailure } from './job-directory.ts';
import { datasetRecord } from './lookup.ts';
import type { IndexedWorkdir } from './workdir-place.ts';

/** One edge of the graph: `user` was made from (a dataset or file of) `input`, or built it as a subjob. */
export interface Edge {
  readonly user: JobId;
  readonly kind: 'dataset' | 'job' | 'job_file' | 'subjob';
  /** Of the input in the user's method; the subjob's method for a subjob. */
  readonly name: string;
  /** The index in a list; 0 otherwise. */
  readonly position: number;
  readonly input: JobId;
  /** The dataset or file that was used; `null` for a job. */
  readonly inputName: string | null;
}

/** A registered file of a finished job. */
export interface FileRow {
  readonly name: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** A file below the input directory that a job read. */
export interface InputFileRow {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** A result link to a file of a job, as it was made; it may have been replaced since. */
export interface ResultRow {
  /** Absolute path of the result directory. */
  readonly directory: string;
  readonly name: string;
  readonly job: JobId;
  readonly file: string;
  readonly header: string | null;
  readonly description: string | null;
  /** ISO 8601, UTC. */
  readonly linkedAt: string;
}

const EDGES = `SELECT jobs.id AS user, kind, inputs.name, position, input_job AS input, input_name AS inputName
    FROM inputs JOIN jobs ON jobs.number = inputs.job`;
const SUBJOB_EDGES = `SELECT jobs.id, 'subjob', subjobs.method, position, subjob, NULL
    FROM subjobs JOIN jobs ON jobs.number = subjobs.job`;
const RESULTS = `SELECT directory, results.name, jobs.id AS job, file, header, description, linked_at AS linkedAt
    FROM results JOIN jobs ON jobs.number = results.job`;

/** What a job was made from, and the subjobs it built. */
export function inputsOf(workdir: IndexedWorkdir, number: number): Edge[] {
  const sql = `${EDGES} WHERE job = ? UNION ALL ${SUBJOB_EDGES} WHERE job = ?`;
  return workdir.index.all<Edge>(sql, number, number);
}

/** What was made in this workdir from a job of any workdir. */
export function usersOf(workdir: IndexedWorkdir, id: JobId): Edge[] {
  const sql = `${EDGES} WHERE input_job = ? UNION ALL ${SUBJOB_EDGES} WHERE subjob = ?`;
  return workdir.index.all<Edge>(sql, id, id);
}

/** The input files that a job read, by path. */
export function inputFilesOf(workdir: IndexedWorkdir, number: number): InputFileRow[] {
  return workdir.index.all<InputFileRow>(
    'SELECT path, size_bytes AS sizeBytes, digest FROM input_files WHERE job = ? ORDER BY path',
    number,
  );
}

/** The registered files of a job, by name. */
export function filesOf(workdir: IndexedWorkdir, number: number): FileRow[] {
  return workdir.index.all<FileRow>(
    `SELECT name, size_bytes AS sizeBytes, digest FROM files WHERE job = ? AND dataset IS NULL ORDER BY name`,
    number,
  );
}

/** The datasets of a job, in the order in which they were finished. */
export function datasetsOf(workdir: IndexedWorkdir, number: number): DatasetRecord[] {
  const rows = workdir.index.all<{ name: string }>(
    'SELECT name FROM datasets WHERE job = ? ORDER BY position',
    number,
  );
  return rows
    .map(({ name }) => datasetRecord(workdir, number, name))
    .filter((record) => record !== undefined);
}

/** Why a job did not finish; `undefined` when it did, or when its process died. */
export function failureOf(workdir: IndexedWorkdir, number: number): JobFailure | undefined {
  const sql = 'SELECT failure FROM failures WHERE job = ?';
  const row = workdir.index.get<{ failure: string }>(sql, number);
  return row === undefined ? undefined : (JSON.parse(row.failure) as JobFailure);
}

/** Result links to files of a job. */
export function resultsOf(workdir: IndexedWorkdir, number: number): ResultRow[] {
  return workdir.index.all<ResultRow>(
    `${RESULTS} WHERE results.job = ? ORDER BY directory, results.name`,
    number,
  );
}

/** Result links that were made in a directory to jobs of this workdir, by name. */
export function resultsIn(workdir: IndexedWorkdir, directory: string): ResultRow[] {
  return workdir.index.all<ResultRow>(
    `${RESULTS} WHERE directory = ? ORDER BY results.name`,
    directory,
  );
}
