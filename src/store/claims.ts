// Who builds which key: one row per job that is being made, owned by a living process.
// A claim is taken, waited for, and taken over from the dead; what is done under it is not known here.
// The row is committed before the directory is made: a crash between the two leaves a claim of a dead process.

import { existsSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { jobId } from '../model/ids.ts';
import type { JobId, JobKey } from '../model/ids.ts';
import { systemError } from '../model/system-error.ts';
import { crashPoint } from '../util/crash-point.ts';
import { recordEvent } from './events.ts';
import { indexJob } from './index-job.ts';
import { readRecords } from './job-directory.ts';
import { removeLeftovers } from './leftovers.ts';
import { findFinished } from './lookup.ts';
import type { FinishedJob } from './lookup.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { jobPath } from './workdir-place.ts';
import type { IndexedWorkdir } from './workdir-place.ts';

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
  readonly tookOverFrom?: TakenOver;
}

/** An unfinished job whose process died. */
interface TakenOver {
  readonly id: JobId;
  /** Absolute path of its directory, which may not exist. */
  readonly path: string;
  readonly pid: number;
}

/** How the wish to build a key was answered. */
export type ClaimOutcome =
  | { readonly kind: 'taken'; readonly claim: Claim }
  /** Someone else has made it meanwhile. */
  | { readonly kind: 'finished'; readonly job: FinishedJob }
  | HeldClaim;

/** Someone else is making it: wait with `Workdir.waitForClaim`, then claim again. */
interface HeldClaim {
  readonly kind: 'held';
  readonly job: JobId;
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** A row of the claims table. */
export interface ClaimRow {
  readonly number: number;
  readonly key: JobKey;
  readonly method: string;
  readonly run: number;
  readonly pid: number;
  readonly processStarted: string;
  readonly host: string;
  readonly machine: string;
  readonly claimedAt: string;
  /** Milliseconds since 1970. */
  readonly heartbeatAt: number;
}

const CLAIM_ROW = `SELECT number, key, method, run, pid, process_started AS processStarted, host, machine,
  claimed_at AS claimedAt, heartbeat_at AS heartbeatAt FROM claims`;

/** How often an owner says that it lives, and how long its silence is believed on another machine. */
export const HEARTBEAT_MS = 10_000;
const SILENCE_MS = 60_000;

const FIRST_POLL_MS = 2;
const LONGEST_POLL_MS = 50;

/** See `Workdir.claim`. `abandoned` are numbers of claims of this process that it could not end. */
export function takeClaim(
  workdir: IndexedWorkdir,
  request: ClaimRequest,
  abandoned: ReadonlySet<number>,
): ClaimOutcome {
  const { outcome, left } = workdir.index.write(() => decide(workdir, request, abandoned));
  if (left !== undefined) removeLeftovers(left.path);
  if (outcome.kind !== 'taken') return outcome;
  crashPoint('claimed');
  const claim = makeDirectory(workdir, outcome.claim);
  crashPoint('directory_made');
  return { kind: 'taken', claim };
}

/** See `Workdir.waitForClaim`. */
export async function waitForClaim(
  workdir: IndexedWorkdir,
  key: JobKey,
  signal: AbortSignal | undefined,
): Promise<void> {
  let pause = FIRST_POLL_MS;
  for (;;) {
    const row = claimOf(workdir, key);
    if (row === undefined || !ownerLives(row)) return;
    await sleepUnlessAborted(pause, signal);
    pause = Math.min(pause * 1.5, LONGEST_POLL_MS);
  }
}

/** All claims, oldest first. */
export function listClaims(workdir: IndexedWorkdir): ClaimRow[] {
  return workdir.index.all<ClaimRow>(`${CLAIM_ROW} ORDER BY claimed_at, number`);
}

/** Tells whether the process that holds a claim lives, as far as can be known from here. */
export function ownerLives(claim: ClaimRow): boolean {
  return claim.machine === ownIdentity().machine
    ? isAlive(claim.pid, claim.processStarted)
    : Date.now() - claim.heartbeatAt < SILENCE_MS;
}

/** Removes a claim's row. To be called inside a transaction that says what became of the job. */
export function dropClaim(workdir: IndexedWorkdir, number: number): void {
  workdir.index.run('DELETE FROM claims WHERE number = ?', number);
}

/** Ends a claim of this process after an error, whatever state its job was in. */
export function endAbandoned(workdir: IndexedWorkdir, { key, number }: Claim): void {
  const left = workdir.index.write(() => {
    const row = claimOf(workdir, key);
    return row?.number === number ? settle(workdir, row, NOT_RECORDED) : undefined;
  });
  if (left !== undefined) removeLeftovers(left.path);
}

/** Says that the owner of these claims lives. */
export function beat(workdir: IndexedWorkdir, numbers: Iterable<number>): void {
  workdir.index.write(() => {
    for (const number of numbers) {
      workdir.index.run('UPDATE claims SET heartbeat_at = ? WHERE number = ?', Date.now(), number);
    }
  });
}

/**
 * Indexes the jobs whose process died. The claim of an unfinished one stays, so that who builds its key next is told
 * whose place it takes.
 */
export function recoverDead(workdir: IndexedWorkdir): void {
  for (const row of listClaims(workdir)) {
    if (ownerLives(row)) continue;
    const path = jobPath(workdir, row.number);
    if (existsSync(`${path}/post.json`)) workdir.index.write(() => settle(workdir, row, DIED));
    else if (lacksRow(workdir, row)) workdir.index.write(() => enterUnfinished(workdir, row));
  }
}

/** Tells whether a claim is still there and its job not in the index. */
function lacksRow(workdir: IndexedWorkdir, { number }: ClaimRow): boolean {
  const sql = 'SELECT 1 FROM claims WHERE number = ? AND number NOT IN (SELECT number FROM jobs)';
  return workdir.index.get(sql, number) !== undefined;
}

/** Enters the job of a claim. We look again: its owner, or who took its place, may have ended it meanwhile. */
function enterUnfinished(workdir: IndexedWorkdir, row: ClaimRow): void {
  if (!lacksRow(workdir, row)) return;
  const { number } = row;
  const records = readRecords(jobPath(workdir, number));
  if (records !== undefined) indexJob(workdir.index, number, records);
}

/** The steps of `takeClaim` that need the write lock. */
function decide(
  workdir: IndexedWorkdir,
  request: ClaimRequest,
  abandoned: ReadonlySet<number>,
): { readonly outcome: ClaimOutcome; readonly left?: TakenOver | undefined } {
  const row = claimOf(workdir, request.key);
  const isOver = row !== undefined && abandoned.has(row.number);
  if (row !== undefined && !isOver && ownerLives(row)) return { outcome: held(workdir, row) };
  const left = row === undefined ? undefined : settle(workdir, row, isOver ? NOT_RECORDED : DIED);
  const tookOverFrom = isOver ? undefined : left;
  const { job } = findFinished(workdir, request.key, Number.MAX_SAFE_INTEGER);
  const outcome: ClaimOutcome =
    job !== undefined && job.number > (request.newerThan ?? -1)
      ? { kind: 'finished', job }
      : { kind: 'taken', claim: insertClaim(workdir, request, tookOverFrom) };
  // A silent process of another machine may have been asleep only: its directory is left alone.
  return { outcome, left: row?.host === ownIdentity().host ? left : undefined };
}

/** Why a claim is over although nobody ended it, as the event about it tells. */
const DIED = {
  finished: 'died after it finished the job',
  unfinished: 'died while it made the job',
};
const NOT_RECORDED = {
  finished: 'could not record that it finished the job',
  unfinished: 'could not record how the job ended',
};

/** Removes a claim that is over. Its job is either finished after all, or given back as unfinished. */
function settle(
  workdir: IndexedWorkdir,
  row: ClaimRow,
  what: Readonly<Record<'finished' | 'unfinished', string>>,
): TakenOver | undefined {
  const { pid, host, number } = row;
  const id = jobId(workdir.name, number);
  const path = jobPath(workdir, number);
  const records = readRecords(path);
  dropClaim(workdir, number);
  if (records !== undefined) indexJob(workdir.index, number, records);
  const finished = records?.finished !== undefined;
  recordEvent(workdir.index, {
    kind: finished ? 'recovered' : 'takeover',
    job: id,
    detail: `process ${pid} on ${host} ${finished ? what.finished : what.unfinished}`,
  });
  return finished ? undefined : { id, path, pid };
}

function held(workdir: IndexedWorkdir, row: ClaimRow): HeldClaim {
  const { pid, host, claimedAt } = row;
  return { kind: 'held', job: jobId(workdir.name, row.number), pid, host, since: claimedAt };
}

function insertClaim(
  workdir: IndexedWorkdir,
  { key, method, run }: ClaimRequest,
  tookOverFrom: TakenOver | undefined,
): Claim {
  const own = ownIdentity();
  const number = nextNumber(workdir);
  workdir.index.run(
    `INSERT INTO claims (number, key, method, run, pid, process_started, host, machine, claimed_at, heartbeat_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    number,
    key,
    method,
    run,
    own.pid,
    own.startedAt,
    own.host,
    own.machine,
    new Date().toISOString(),
    Date.now(),
  );
  const id = jobId(workdir.name, number);
  const claim = { id, number, key, method, path: jobPath(workdir, number) };
  return tookOverFrom === undefined ? claim : { ...claim, tookOverFrom };
}

/** Numbers only grow, and a directory that the index does not know keeps its number. */
function nextNumber(workdir: IndexedWorkdir): number {
  const row = workdir.index.get<{ value: number }>(
    `SELECT value FROM meta WHERE name = 'next_job'`,
  );
  let number = row?.value ?? 0;
  while (existsSync(jobPath(workdir, number))) number++;
  workdir.index.run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('next_job', ?)`, number + 1);
  return number;
}

function makeDirectory(workdir: IndexedWorkdir, claim: Claim): Claim {
  try {
    mkdirSync(claim.path);
    return claim;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return makeDirectory(workdir, renumber(workdir, claim));
    }
    workdir.index.write(() => dropClaim(workdir, claim.number));
    throw systemError(error, 'create', claim.path);
  }
}

/** Someone made a directory by this name since the number was chosen: it is left alone. */
function renumber(workdir: IndexedWorkdir, claim: Claim): Claim {
  const number = workdir.index.write(() => {
    const next = nextNumber(workdir);
    workdir.index.run('UPDATE claims SET number = ? WHERE number = ?', next, claim.number);
    return next;
  });
  return { ...claim, id: jobId(workdir.name, number), number, path: jobPath(workdir, number) };
}

function claimOf(workdir: IndexedWorkdir, key: JobKey): ClaimRow | undefined {
  return workdir.index.get<ClaimRow>(`${CLAIM_ROW} WHERE key = ?`, key);
}

async function sleepUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
