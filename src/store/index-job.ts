// Writes and removes the rows of one job: the two records of its directory, setup.json and post.json, as tables.
// The directory is the truth; whatever is written here can be written again from it.

import type { DatasetRecord, ExecTimes, Post, Setup, SubjobRecord } from '../model/manifest.ts';
import { filesIn } from '../model/option-value.ts';
import type { OptionData } from '../model/option-value.ts';
import type { IndexDatabase } from './database.ts';
import type { DamageMark, FinishedRecords, JobFailure, JobRecords } from './job-directory.ts';
import { makeSeal } from './lookup.ts';

/** How the execution of a job ended; `unfinished` when its process died. */
export type JobState = 'finished' | 'failed' | 'timed_out' | 'cancelled' | 'unfinished';

/** How an execution ended that did not finish. */
export interface Ending {
  readonly state: Exclude<JobState, 'finished'>;
  /** ISO 8601, UTC; `null` when it is not known. */
  readonly endedAt: string | null;
  readonly execMs: ExecTimes | null;
}

/** The ending of a job whose process died. */
const UNFINISHED: Ending = { state: 'unfinished', endedAt: null, execMs: null };

/** Writes all rows of a job, in place of those it had. To be called inside a transaction. */
export function indexJob(
  index: IndexDatabase,
  number: number,
  records: JobRecords,
  ending: Ending = records.failed ?? UNFINISHED,
): void {
  removeJob(index, number);
  insertJob(index, number, records, ending);
  insertInputs(index, number, records.setup);
  if (records.finished !== undefined) insertOutputs(index, number, records.finished.post);
  if (records.failed !== undefined) insertFailure(index, number, records.failed.failure);
}

/** Removes a job's rows in all tables, those of results and failures too. */
function removeJob(index: IndexDatabase, number: number): void {
  index.run('DELETE FROM jobs WHERE number = ?', number);
}

/** Writes why a job failed; the job's own row must be there. */
function insertFailure(index: IndexDatabase, number: number, failure: JobFailure): void {
  const { stage } = failure;
  index.run(
    'INSERT OR REPLACE INTO failures (job, kind, stage, sliceno, message, last_output, failure) VALUES (?, ?, ?, ?, ?, ?, ?)',
    number,
    failure.kind,
    stage.name,
    stage.sliceno ?? null,
    messageOf(failure),
    failure.lastOutput.join('\n'),
    JSON.stringify(failure),
  );
}

function insertJob(
  index: IndexDatabase,
  number: number,
  { setup, finished, damage }: JobRecords,
  ending: Ending,
): void {
  const post = finished?.post;
  const execMs = post?.execMs ?? ending.execMs;
  index.run(
    `INSERT INTO jobs (number, id, key, method, state, name, caption, labels, code, digest, parent, script, run,
       started_at, ended_at, exec_ms, exec_times, size_bytes, subjobs, tainted, unsound, host, acc_version,
       node_version, seal, tied, damaged)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    number,
    setup.id,
    setup.key,
    setup.method,
    post === undefined ? ending.state : 'finished',
    setup.name,
    setup.caption,
    JSON.stringify(setup.labels),
    setup.manifest.code,
    post?.digest ?? null,
    setup.parent,
    setup.script,
    setup.run,
    setup.startedAt,
    post?.endedAt ?? ending.endedAt,
    execMs?.total ?? null,
    execMs === null ? null : JSON.stringify(execMs),
    post === undefined ? 0 : sizeOf(post),
    post?.subjobs.length ?? 0,
    post?.tainted ?? null,
    setup.unsound.length === 0 ? null : JSON.stringify(setup.unsound),
    setup.host,
    setup.versions.acc,
    setup.versions.node,
    finished === undefined ? null : sealOf(finished),
    post?.datasets.some(({ tied }) => tied) === true ? 1 : 0,
    damage === undefined ? null : damageText(damage),
  );
}

function insertInputs(index: IndexDatabase, job: number, setup: Setup): void {
  const { options, datasets, jobs } = setup.inputs;
  for (const [name, value] of Object.entries(options)) {
    index.run(
      'INSERT INTO params (job, name, value) VALUES (?, ?, ?)',
      job,
      name,
      JSON.stringify(value),
    );
    insertEdges(index, { job, kind: 'job_file', name }, jobFilesIn(value));
  }
  for (const [name, value] of Object.entries(datasets)) {
    const edges = listOf(value).map((ref) => ({ job: ref.job, name: ref.name }));
    insertEdges(index, { job, kind: 'dataset', name }, edges);
  }
  for (const [name, value] of Object.entries(jobs)) {
    insertEdges(
      index,
      { job, kind: 'job', name },
      listOf(value).map((id) => ({ job: id, name: null })),
    );
  }
  for (const file of setup.inputFiles) {
    index.run(
      'INSERT OR IGNORE INTO input_files (job, path, size_bytes, digest) VALUES (?, ?, ?, ?)',
      job,
      file.path,
      file.sizeBytes,
      file.digest,
    );
  }
}

function insertEdges(
  index: IndexDatabase,
  from: { readonly job: number; readonly kind: string; readonly name: string },
  edges: readonly { readonly job: string; readonly name: string | null }[],
): void {
  for (const [position, edge] of edges.entries()) {
    index.run(
      'INSERT INTO inputs (job, kind, name, position, input_job, input_name) VALUES (?, ?, ?, ?, ?, ?)',
      from.job,
      from.kind,
      from.name,
      position,
      edge.job,
      edge.name,
    );
  }
}

function insertOutputs(index: IndexDatabase, job: number, post: Post): void {
  for (const [name, { sizeBytes, digest }] of Object.entries(post.files)) {
    insertFile(index, job, { name, sizeBytes, digest, dataset: null });
  }
  for (const [position, dataset] of post.datasets.entries()) {
    insertDataset(index, job, position, dataset);
  }
  for (const [position, subjob] of post.subjobs.entries()) {
    insertSubjob(index, job, position, subjob);
  }
}

function insertDataset(
  index: IndexDatabase,
  job: number,
  position: number,
  dataset: DatasetRecord,
): void {
  const { previous } = dataset;
  index.run(
    `INSERT INTO datasets (job, name, position, digest, rows, hashlabel, previous_job, previous_name)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    job,
    dataset.name,
    position,
    dataset.digest,
    dataset.rows,
    dataset.hashlabel,
    previous?.job ?? null,
    previous?.name ?? null,
  );
  for (const [i, [name, column]] of Object.entries(dataset.columns).entries()) {
    index.run(
      'INSERT INTO columns (job, dataset, position, name, type, digest) VALUES (?, ?, ?, ?, ?, ?)',
      job,
      dataset.name,
      i,
      name,
      column.type,
      column.digest,
    );
  }
  for (const [name, sizeBytes] of Object.entries(dataset.files)) {
    insertFile(index, job, { name, sizeBytes, digest: null, dataset: dataset.name });
  }
  for (const source of dataset.sources ?? []) {
    index.run(
      'INSERT INTO dataset_sources (job, dataset, source) VALUES (?, ?, ?)',
      job,
      dataset.name,
      source,
    );
  }
}

function insertFile(
  index: IndexDatabase,
  job: number,
  file: { name: string; sizeBytes: number; digest: string | null; dataset: string | null },
): void {
  index.run(
    'INSERT OR IGNORE INTO files (job, name, size_bytes, digest, dataset) VALUES (?, ?, ?, ?, ?)',
    job,
    file.name,
    file.sizeBytes,
    file.digest,
    file.dataset,
  );
}

function insertSubjob(
  index: IndexDatabase,
  job: number,
  position: number,
  subjob: SubjobRecord,
): void {
  index.run(
    'INSERT INTO subjobs (job, position, subjob, method, code, built) VALUES (?, ?, ?, ?, ?, ?)',
    job,
    position,
    subjob.id,
    subjob.method,
    subjob.code,
    subjob.built ? 1 : 0,
  );
}

/** Files of a finished job with their sizes, each once. */
function sizesOf(post: Post): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const dataset of post.datasets) {
    for (const [name, sizeBytes] of Object.entries(dataset.files)) sizes.set(name, sizeBytes);
  }
  for (const [name, { sizeBytes }] of Object.entries(post.files)) sizes.set(name, sizeBytes);
  return sizes;
}

function sizeOf(post: Post): number {
  let sum = 0;
  for (const sizeBytes of sizesOf(post).values()) sum += sizeBytes;
  return sum;
}

function sealOf({ post, sizeBytes, setupSizeBytes }: FinishedRecords): string {
  const records = [['post.json', sizeBytes] as const, ['setup.json', setupSizeBytes] as const];
  return makeSeal([...records, ...sizesOf(post)]);
}

function damageText({ at, file, reason }: DamageMark): string {
  return JSON.stringify({ at, file, reason });
}

function messageOf(failure: JobFailure): string | null {
  if (failure.kind === 'threw') return failure.error.message;
  return failure.kind === 'invalid_output' ? failure.message : null;
}

function listOf<Ref>(value: Ref | readonly Ref[] | null): readonly Ref[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly Ref[]) : [value as Ref];
}

function jobFilesIn(value: OptionData): { job: string; name: string }[] {
  return filesIn(value).flatMap((file) =>
    file.kind === 'job_file' ? [{ job: file.job, name: file.name }] : [],
  );
}
