// Who builds which key: one row per job that is being made, owned by a living process.
// A claim is taken, waited for, and taken over from the dead; what is done under it is not known here.

import type { JobId, JobKey } from '../model/ids.ts';
import type { FinishedJob } from './lookup.ts';

/** What a process wants to build. */
export interface ClaimRequest {
  readonly key: JobKey;
  readonly method: string;
  /** The run that wants it, as numbered by `Workdir.startRun`; 0 outside a run. */
  readonly run: number;
  /**
   * Finished jobs with this key count only if their number is higher. The engine gives the number of the job it has
   * seen and refused (a subjob is not current), and `Infinity` to build in any case. −1 when absent.
   */
  readonly newerThan?: number;
}

/** The right to build a key, with the directory made for it. Ends with `publish`, `fail` or `release`. */
export interface Claim {
  readonly id: JobId;
  readonly number: number;
  readonly key: JobKey;
  readonly method: string;
  /** Absolute path of the job directory, which exists and is empty. */
  readonly path: string;
  /** The unfinished job of a dead process that had claimed the same key. */
  readonly tookOverFrom?: { readonly id: JobId; readonly path: string; readonly pid: number };
}

/** How the wish to build a key was answered. */
export type ClaimOutcome =
  | { readonly kind: 'taken'; readonly claim: Claim }
  /** Someone else has made it meanwhile. */
  | { readonly kind: 'finished'; readonly job: FinishedJob }
  /** Someone else is making it: wait with `Workdir.waitForClaim`, then claim again. */
  | {
      readonly kind: 'held';
      readonly job: JobId;
      readonly pid: number;
      readonly host: string;
      /** ISO 8601, UTC. */
      readonly since: string;
    };
