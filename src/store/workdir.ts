// A workdir: a directory of job directories and their SQLite index. The door of this room for the engine.
// Every method is one verb, carried out by the file of the same subject; rows for people are in history.ts.

import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { SystemError, UsageError } from '../model/errors.ts';
import type { Digest, JobId, JobKey } from '../model/ids.ts';
import type { DatasetRecord, ExecTimes, Post, Setup } from '../model/manifest.ts';
import { onMachine } from '../model/system-error.ts';
import { crashPoint } from '../util/crash-point.ts';
import {
  beat,
  dropClaim,
  endAbandoned,
  HEARTBEAT_MS,
  recoverDead,
  takeClaim,
  waitForClaim,
} from './claims.ts';
import type { Claim, ClaimOutcome, ClaimRequest } from './claims.ts';
import { IndexDatabase } from './database.ts';
import { recordEvent } from './events.ts';
import { TreeFlusher } from './flush-tree.ts';
import { indexJob } from './index-job.ts';
import { recordSizes, writeFailureFile, writePostFile, writeSetupFile } from './job-directory.ts';
import type { FailureRecord, JobFailure } from './job-directory.ts';
import { removeLeftovers } from './leftovers.ts';
import {
  datasetRecord,
  fileDigest,
  findFinished,
  finishedJob,
  isIntact,
  predecessors,
  sources,
} from './lookup.ts';
import type { FinishedJob, Found } from './lookup.ts';
import { Memo } from './memo.ts';
import { reconcileOncePerBoot, slicesOfJobs } from './reconcile.ts';
import { endRun, startRun } from './runs.ts';
import type { RunEnd, RunStart } from './runs.ts';
import { indexPath, jobNumber, jobPath } from './workdir-place.ts';
import type { IndexedWorkdir, WorkdirPlace } from './workdir-place.ts';

/** How to open a workdir for building. */
export interface OpenWorkdir extends WorkdirPlace {
  /** Slices of every job. Must agree with what is stored; `undefined` takes that, or the CPU count in a new workdir. */
  readonly slices: number | undefined;
  /** Absolute; where the index is new, its links into this workdir are entered as results. */
  readonly resultDirectory?: string | undefined;
}

/** An open workdir. Used from one thread only; any number of processes may have it open. */
export class Workdir implements IndexedWorkdir {
  readonly name: string;
  readonly path: string;
  readonly slices: number;
  readonly index: IndexDatabase;
  readonly #memo: Memo;
  readonly #flusher = new TreeFlusher();
  /** Numbers of the claims that this object holds: they are kept alive by the timer. */
  readonly #claims = new Set<number>();
  /** Numbers of claims that could not be ended: this process lives, but nobody is to wait for it. */
  readonly #abandoned = new Set<number>();
  #heartbeat: NodeJS.Timeout | undefined;

  private constructor(place: WorkdirPlace, index: IndexDatabase, slices: number) {
    this.name = place.name;
    this.path = place.path;
    this.slices = slices;
    this.index = index;
    this.#memo = new Memo(index);
  }

  /** Opens a workdir for building; makes directory and index where there are none, and migrates an older index. */
  static open(options: OpenWorkdir): Workdir {
    const { name, path } = options;
    onMachine('create', path, () => mkdirSync(path, { recursive: true }));
    const index = IndexDatabase.open(indexPath(options));
    try {
      const workdir = { name, path, index };
      const slices = agreeOnFacts(workdir, options.slices);
      reconcileOncePerBoot(workdir, options.resultDirectory);
      recoverDead(workdir);
      return new Workdir(options, index, slices);
    } catch (error) {
      index.close();
      throw error;
    }
  }

  /** Opens a workdir for looking only, also in a directory that cannot be written; `undefined` without an index. */
  static openReadonly(place: WorkdirPlace): Workdir | undefined {
    if (!existsSync(indexPath(place))) return undefined;
    const index = IndexDatabase.openReadonly(indexPath(place));
    if (index === undefined) return undefined;
    return new Workdir(place, index, Number(readFact(index, 'slices') ?? 0));
  }

  /** Absolute path of a job's directory, whether it exists or not. */
  jobPath(number: number): string {
    return jobPath(this, number);
  }

  /** Finds the newest reusable job with this key and an intact directory, among numbers below `before`. */
  find(key: JobKey, before: number = Number.MAX_SAFE_INTEGER): Found {
    return findFinished(this, key, before);
  }

  /** The finished job with this id, without a look at its directory; also a tainted one. */
  job(id: JobId): FinishedJob | undefined {
    const number = jobNumber(this, id);
    return number === undefined ? undefined : finishedJob(this, number);
  }

  /** Tells whether there is a finished job with this id, in whose directory everything is that it made. */
  isIntact(id: JobId): boolean {
    const number = jobNumber(this, id);
    return number !== undefined && isIntact(this, number);
  }

  /** The jobs that the chains of a job lead to next: by `previous` of its datasets, and by its job input of that name. */
  predecessors(id: JobId): readonly JobId[] {
    const number = jobNumber(this, id);
    return number === undefined ? [] : predecessors(this, number);
  }

  /** The jobs whose files hold columns of the datasets of a job. */
  sources(id: JobId): readonly JobId[] {
    const number = jobNumber(this, id);
    return number === undefined ? [] : sources(this, number);
  }

  /** The content of a registered file of a finished job; `undefined` when it has no such file. */
  fileDigest(id: JobId, name: string): Digest | undefined {
    const number = jobNumber(this, id);
    return number === undefined ? undefined : fileDigest(this, number, name);
  }

  /** A dataset of a finished job. */
  datasetRecord(id: JobId, name: string): DatasetRecord | undefined {
    const number = jobNumber(this, id);
    return number === undefined ? undefined : datasetRecord(this, number, name);
  }

  /** Milliseconds the newest finished job of a method took; `null` when there is none. */
  expectedMs(method: string): number | null {
    const row = this.index.get<{ execMs: number }>(
      `SELECT exec_ms AS execMs FROM jobs WHERE method = ? AND state = 'finished' ORDER BY number DESC LIMIT 1`,
      method,
    );
    return row?.execMs ?? null;
  }

  /** Directory of the newest finished job that ran with this code; `undefined` when there is none. */
  newestOfCode(method: string, code: Digest): string | undefined {
    const row = this.index.get<{ number: number }>(
      `SELECT number FROM jobs WHERE method = ? AND code = ? AND state = 'finished' ORDER BY number DESC LIMIT 1`,
      method,
      code,
    );
    return row === undefined ? undefined : this.jobPath(row.number);
  }

  /** Validated options, as stored by `putMemo`. */
  getMemo(code: Digest, inputs: Digest): string | undefined {
    return this.#memo.get(code, inputs);
  }

  /** Remembers the validated options of raw inputs. Held back for a while: `flush` writes it. */
  putMemo(code: Digest, inputs: Digest, json: string): void {
    this.#memo.put(code, inputs, json);
  }

  /** Claims the right to build a key; see `ClaimOutcome`. */
  claim(request: ClaimRequest): ClaimOutcome {
    const outcome = takeClaim(this, request, this.#abandoned);
    if (outcome.kind === 'taken') this.#hold(outcome.claim.number);
    return outcome;
  }

  /** Resolves when nobody alive holds a claim on the key; rejects with the signal's reason. */
  waitForClaim(key: JobKey, signal?: AbortSignal): Promise<void> {
    return waitForClaim(this, key, signal);
  }

  /** Writes `setup.json`. */
  writeSetup(claim: Claim, setup: Setup): void {
    writeSetupFile(claim.path, setup);
    crashPoint('setup_written');
  }

  /** Makes the job visible: `post.json` by rename, then its rows, then the claim is gone. Durable when it resolves. */
  async publish(claim: Claim, setup: Setup, post: Post): Promise<FinishedJob> {
    try {
      await writePostFile(claim.path, post, this.#flusher);
      const finished = { post, ...recordSizes(claim.path) };
      this.#end(claim, () => indexJob(this.index, claim.number, { setup, finished }));
    } catch (error) {
      this.#giveUp(claim, () => endAbandoned(this, claim));
      throw error;
    }
    crashPoint('row_committed');
    const job = finishedJob(this, claim.number);
    if (job === undefined)
      throw new Error(`Internal error: ${claim.id} was published but is not there`);
    return job;
  }

  /** Records an execution that did not succeed, and gives up the claim. The directory is kept, without leftovers. */
  fail(claim: Claim, setup: Setup, failure: JobFailure, execMs: ExecTimes): void {
    const endedAt = new Date().toISOString();
    const failed = { version: 1, state: endState(failure), endedAt, execMs, failure } as const;
    try {
      this.#keepFailure(claim, failed);
      this.#end(claim, () => indexJob(this.index, claim.number, { setup, failed }));
    } catch (error) {
      this.#giveUp(claim, () => endAbandoned(this, claim));
      throw error;
    } finally {
      removeLeftovers(claim.path);
    }
  }

  /** Gives up a claim under which nothing was executed. Its directory goes too, if nothing was put there. */
  release(claim: Claim): void {
    removeLeftovers(claim.path);
    try {
      rmdirSync(claim.path);
    } catch {
      // What was put there may be of interest; a directory without setup.json is never taken for a job.
    }
    this.#giveUp(claim, () => this.index.write(() => dropClaim(this, claim.number)));
  }

  /** Marks a finished job as never to be reused. */
  markTainted(id: JobId, reason: string): void {
    this.index.write(() => {
      this.index.run('UPDATE jobs SET tainted = ? WHERE id = ?', reason, id);
      recordEvent(this.index, { kind: 'tainted', job: id, detail: reason });
    });
  }

  /** Records that a run began; gives its number. */
  startRun(run: RunStart): number {
    return startRun(this.index, run);
  }

  /** Records how a run ended and which jobs it had. */
  endRun(end: RunEnd): void {
    endRun(this.index, end);
  }

  /** Writes what is held back. Enough before `process.exit`, which skips the flushes that `close` costs. */
  flush(): void {
    this.#memo.flush();
  }

  /** Flushes, stops the heartbeat and closes the index. Safe to call several times. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.flush();
    this.index.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hold(number: number): void {
    this.#claims.add(number);
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /** Ends a claim in the same transaction that says what became of its job. */
  #end(claim: Claim, record: () => void): void {
    this.index.write(() => {
      record();
      dropClaim(this, claim.number);
    });
    this.#claims.delete(claim.number);
  }

  /** Ends a claim when there is, or may be, something wrong with the disk. */
  #giveUp(claim: Claim, end: () => void): void {
    this.#claims.delete(claim.number);
    try {
      end();
    } catch (error) {
      // The row is there until this process ends or builds the key again, whichever comes first.
      if (!(error instanceof SystemError)) throw error;
      this.#abandoned.add(claim.number);
    }
  }

  /** For an index that is made from the directories. Nothing depends on it: a full disk is no reason to lose the row. */
  #keepFailure({ path }: Claim, failed: FailureRecord): void {
    try {
      writeFailureFile(path, failed);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }

  #beat(): void {
    try {
      beat(this, this.#claims);
    } catch (error) {
      // A busy or full disk: the next beat comes before anyone has given us up.
      if (!(error instanceof SystemError)) throw error;
    }
  }
}

/** Stores name and slices when the workdir is new, and refuses what does not agree with them. */
function agreeOnFacts(workdir: IndexedWorkdir, wanted: number | undefined): number {
  if (readFact(workdir.index, 'slices') === undefined) {
    const slices = wanted ?? slicesOfJobs(workdir) ?? availableParallelism();
    workdir.index.run(
      `INSERT OR IGNORE INTO meta (name, value) VALUES ('workdir', ?), ('slices', ?), ('next_job', 0)`,
      workdir.name,
      slices,
    );
  }
  refuseOtherName(workdir, String(readFact(workdir.index, 'workdir')));
  const stored = Number(readFact(workdir.index, 'slices'));
  if (wanted === undefined || wanted === stored) return stored;
  throw new UsageError({
    code: 'slices_disagree',
    message: `Workdir ${workdir.name} has ${stored} slices, but ${wanted} are asked for`,
    hint: `Leave out \`--slices\`, set \`slices\` to ${stored} in acc.config.ts, or use another workdir.`,
  });
}

function refuseOtherName(workdir: WorkdirPlace, stored: string): void {
  if (stored === workdir.name) return;
  throw new UsageError({
    code: 'workdir_renamed',
    message: `The workdir in ${workdir.path} is called ${stored}, but is configured as ${workdir.name}`,
    hint: `Job ids contain the name: configure it as ${stored}.`,
  });
}

function readFact(index: IndexDatabase, name: string): string | number | undefined {
  return index.get<{ value: string | number }>('SELECT value FROM meta WHERE name = ?', name)
    ?.value;
}

function endState(failure: JobFailure): FailureRecord['state'] {
  switch (failure.kind) {
    case 'timed_out':
    case 'cancelled':
      return failure.kind;
    case 'threw':
    case 'exited':
    case 'out_of_memory':
    case 'invalid_output':
      return 'failed';
  }
}
