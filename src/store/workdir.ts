// A workdir: a directory of job directories and their SQLite index. The door of this room for the engine.
// Every method is one verb, carried out by the file of the same subject; rows for people are in listing.ts.

import type { Failure } from '../model/failure.ts';
import type { Digest, JobId, JobKey } from '../model/ids.ts';
import type { DatasetRecord, ExecTimes, Post, Setup } from '../model/manifest.ts';
import type { Claim, ClaimOutcome, ClaimRequest } from './claims.ts';
import type { FinishedJob, Found } from './lookup.ts';
import type { RunEnd, RunStart } from './runs.ts';

/** Where a workdir lies. */
export interface WorkdirPlace {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** How to open a workdir for building. */
export interface OpenWorkdir extends WorkdirPlace {
  /** Slices of every job. Must agree with what is stored; `undefined` takes that, or the CPU count in a new workdir. */
  readonly slices: number | undefined;
}

/** An open workdir. Used from one thread only; any number of processes may have it open. */
export class Workdir {
  readonly name: string = '';
  readonly path: string = '';
  readonly slices: number = 0;
  readonly readonly: boolean = false;

  /** Opens a workdir for building; makes directory and index where there are none, and migrates an older index. */
  static open(options: OpenWorkdir): Workdir {
    throw new Error(`Internal error: not made yet ${options.name}`);
  }

  /** Opens an existing workdir for looking only, also in a directory that cannot be written. */
  static openReadonly(place: WorkdirPlace): Workdir {
    throw new Error(`Internal error: not made yet ${place.name}`);
  }

  /** Absolute path of a job's directory, whether it exists or not. */
  jobPath(number: number): string {
    return `${this.path}/${this.name}-${number}`;
  }

  /** Finds the newest reusable job with this key and an intact directory, among numbers below `before`. */
  find(key: JobKey, before?: number): Found {
    throw new Error(`Internal error: not made yet ${key} ${before}`);
  }

  /** The finished job with this id, without a look at its directory; also a tainted one. */
  job(id: JobId): FinishedJob | undefined {
    throw new Error(`Internal error: not made yet ${id}`);
  }

  /** A dataset of a finished job. */
  datasetRecord(id: JobId, name: string): DatasetRecord | undefined {
    throw new Error(`Internal error: not made yet ${id} ${name}`);
  }

  /** Milliseconds the newest finished job of a method took; `null` when there is none. */
  expectedMs(method: string): number | null {
    throw new Error(`Internal error: not made yet ${method}`);
  }

  /** Validated options, as stored by `putMemo`. */
  getMemo(code: Digest, inputs: Digest): string | undefined {
    throw new Error(`Internal error: not made yet ${code} ${inputs}`);
  }

  /** Remembers the validated options of raw inputs. Written with the next transaction, or by `flush`. */
  putMemo(code: Digest, inputs: Digest, json: string): void {
    throw new Error(`Internal error: not made yet ${code} ${inputs} ${json}`);
  }

  /** Claims the right to build a key; see `ClaimOutcome`. */
  claim(request: ClaimRequest): ClaimOutcome {
    throw new Error(`Internal error: not made yet ${request.key}`);
  }

  /** Resolves when nobody alive holds a claim on the key; rejects with the signal's reason. */
  waitForClaim(key: JobKey, signal?: AbortSignal): Promise<void> {
    throw new Error(`Internal error: not made yet ${key} ${String(signal)}`);
  }

  /** Writes `setup.json`. */
  writeSetup(claim: Claim, setup: Setup): void {
    throw new Error(`Internal error: not made yet ${claim.id} ${setup.id}`);
  }

  /** Makes the job visible: `post.json` by rename, then its rows, then the claim is gone. Durable when it resolves. */
  publish(claim: Claim, setup: Setup, post: Post): Promise<FinishedJob> {
    throw new Error(`Internal error: not made yet ${claim.id} ${setup.id} ${post.digest}`);
  }

  /** Records an execution that did not succeed, and gives up the claim. The directory is kept. */
  fail(claim: Claim, setup: Setup, failure: Failure, execMs: ExecTimes): void {
    throw new Error(`Internal error: not made yet ${claim.id} ${setup.id} ${failure.kind} ${execMs.total}`);
  }

  /** Gives up a claim under which nothing was executed, with its directory. */
  release(claim: Claim): void {
    throw new Error(`Internal error: not made yet ${claim.id}`);
  }

  /** Marks a finished job as never to be reused. */
  markTainted(id: JobId, reason: string): void {
    throw new Error(`Internal error: not made yet ${id} ${reason}`);
  }

  /** Records that a run began; gives its number. */
  startRun(run: RunStart): number {
    throw new Error(`Internal error: not made yet ${run.script}`);
  }

  /** Records how a run ended and which jobs it had. */
  endRun(end: RunEnd): void {
    throw new Error(`Internal error: not made yet ${end.run}`);
  }

  /** Writes what is held back. Enough before `process.exit`, which skips the checkpoint that `close` costs. */
  flush(): void {
    throw new Error('Internal error: not made yet');
  }

  /** Flushes, stops the heartbeat and closes the index. Safe to call several times. */
  close(): void {
    throw new Error('Internal error: not made yet');
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
