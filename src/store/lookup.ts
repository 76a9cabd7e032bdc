// Finds the finished job that has a key, and checks by stat that its directory still holds what it made.
// Unaware of subjobs being current and of other workdirs: the engine decides whether what was found can be used.

import type { DatasetRecord, SubjobRecord } from '../model/manifest.ts';
import type { Digest, JobId, JobKey } from '../model/ids.ts';
import type { Workdir } from './workdir.ts';

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
  /** Why the job is kept but never reused; `null` when it can be. */
  readonly tainted: string | null;
}

/** Why a finished job cannot be reused: the first thing that is wrong in its directory. */
export interface Damage {
  readonly job: JobId;
  readonly method: string;
  /** Relative to the job directory. */
  readonly file: string;
  readonly problem: 'missing' | 'wrong_size';
}

/** What a look-up gave. */
export interface Found {
  readonly job: FinishedJob | undefined;
  /** Jobs that have the key and would have been taken, newest first. */
  readonly damaged: readonly Damage[];
}

/** See `Workdir.find`. */
export function findFinished(workdir: Workdir, key: JobKey, before: number): Found {
  throw new Error(`Internal error: not made yet ${workdir.name} ${key} ${before}`);
}

/** See `Workdir.job`. */
export function finishedJob(workdir: Workdir, number: number): FinishedJob | undefined {
  throw new Error(`Internal error: not made yet ${workdir.name} ${number}`);
}

/** See `Workdir.datasetRecord`. */
export function datasetRecord(
  workdir: Workdir,
  number: number,
  name: string,
): DatasetRecord | undefined {
  throw new Error(`Internal error: not made yet ${workdir.name} ${number} ${name}`);
}
