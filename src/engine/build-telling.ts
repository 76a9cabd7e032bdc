// Tells what becomes of each build: events for people and programs, and a line in the run's log.
// Decides nothing.

import type { BuildEnded, OnEvent, Reason, Warning } from '../model/event.ts';
import type { Failure, SkippedFailure } from '../model/failure.ts';
import type { JobId } from '../model/ids.ts';
import type { Post } from '../model/manifest.ts';
import { expiryText } from '../model/method-shape.ts';
import type { MethodCode } from '../model/method-shape.ts';
import type { Claim } from '../store/claims.ts';
import type { Damage, FinishedJob } from '../store/lookup.ts';
import type { BuildRequest } from './build-request.ts';
import { RunLog } from './run-log.ts';

/** A build call as its line names it. */
export interface NamedBuild {
  readonly method: string;
  readonly name: string;
}

const NOTHING_RAN = { job: null, execMs: 0, reasons: [], failure: null } as const;

/** Emits the events of one run's builds, and counts them. */
export class BuildTelling {
  readonly log: RunLog = new RunLog();
  readonly #onEvent: OnEvent;
  readonly #told = new Set<string>();

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  /** A job that answers the build is there. */
  reused(build: NamedBuild, job: FinishedJob): void {
    const { id, execMs } = job;
    this.#end(build, { ...NOTHING_RAN, state: 'reused', job: id, execMs });
  }

  /** A dry run would execute it. */
  wouldBuild(build: NamedBuild, reasons: readonly Reason[]): void {
    this.#end(build, { ...NOTHING_RAN, state: 'would_build', reasons });
  }

  /** It was never started. */
  skipped(build: NamedBuild, failure: SkippedFailure): void {
    this.#end(build, { ...NOTHING_RAN, state: 'skipped', failure });
  }

  /** It was executed and published. */
  built(
    request: BuildRequest,
    done: { job: FinishedJob; post: Post; tailMs: number },
    reasons: readonly Reason[],
  ): void {
    const { job, post, tailMs } = done;
    const times = { ...post.execMs, tailMs };
    this.log.executed({ id: job.id, method: job.method }, request.inputs, times);
    if (post.tainted !== undefined) {
      const message = `${job.id} (${job.method}) is kept but will not be reused: ${post.tainted}`;
      this.warn('tainted', job.id, message);
    }
    const { name, unsound } = request.code;
    if (unsound.length > 0) {
      this.#warnOnce(
        'unsound',
        job.id,
        `Method ${name} is unsound, so that its jobs may be reused wrongly: ${unsound.join('; ')}`,
        name,
      );
    }
    const ended = { job: job.id, execMs: post.execMs.total, reasons, failure: null };
    this.#end(namedBuild(request), { ...ended, state: 'built' });
  }

  /** It was executed and did not succeed. */
  failed(
    build: NamedBuild,
    ended: { failure: Failure; totalMs: number },
    reasons: readonly Reason[],
  ): void {
    const { failure, totalMs } = ended;
    this.log.failed(failure);
    const job = failure.kind === 'skipped' ? null : failure.job;
    this.#end(build, { state: 'failed', job, execMs: totalMs, reasons, failure });
  }

  /** Its stages begin. */
  started(
    request: BuildRequest,
    claim: Claim,
    facts: { slices: number; expectedMs: number | null; reasons: readonly Reason[] },
  ): void {
    const { method, name } = namedBuild(request);
    this.#onEvent({ type: 'job_started', job: claim.id, method, name, ...facts });
  }

  /** Another process makes the same job. */
  waiting(build: NamedBuild, holder: { job: JobId; pid: number; host: string }): void {
    const { job, pid, host } = holder;
    this.#onEvent({ type: 'waiting', method: build.method, job, pid, host });
  }

  /** Jobs that have the key but not their files any more: each is told once. */
  damaged(damages: readonly Damage[]): void {
    for (const { job, method, file, problem } of damages) {
      this.#warnOnce(
        'damaged',
        job,
        `${job} (${method}) is not reused: ${damageText(file, problem)}`,
        job,
      );
    }
  }

  /** The job of a process that died is made again. */
  tookOver({ id, tookOverFrom }: Claim): void {
    if (tookOverFrom === undefined) return;
    const { id: left, pid } = tookOverFrom;
    this.warn(
      'takeover',
      id,
      `${left} was left unfinished by process ${pid}, which has ended; ${id} replaces it`,
    );
  }

  /** The method's `equivalentTo`, if it has one, was written for code that has been edited since. */
  expired({ name, equivalence }: MethodCode): void {
    if (equivalence === undefined || equivalence.holds) return;
    this.#warnOnce('expired', null, `Method ${name}: ${expiryText(equivalence)}`, name);
  }

  /** Something the user should know that stops nothing. */
  warn(kind: Warning['kind'], job: JobId | null, message: string): void {
    this.#onEvent({ type: 'warning', kind, job, message });
  }

  #warnOnce(kind: Warning['kind'], job: JobId | null, message: string, subject: string): void {
    if (this.#told.has(`${kind} ${subject}`)) return;
    this.#told.add(`${kind} ${subject}`);
    this.warn(kind, job, message);
  }

  #end(build: NamedBuild, end: Omit<BuildEnded, 'type' | 'method' | 'name'>): void {
    this.log.count(end.state, end.job);
    const { method, name } = build;
    this.#onEvent({ type: 'build_ended', method, name, ...end });
  }
}

/** The names a request's line shows. */
export function namedBuild({ code, settings }: BuildRequest): NamedBuild {
  return { method: code.name, name: settings.name };
}

function damageText(file: string, problem: Damage['problem']): string {
  switch (problem) {
    case 'missing':
      return `its file ${file} is missing`;
    case 'wrong_size':
      return `its file ${file} has another size than it was made with`;
    case 'no_directory':
      return 'its directory is missing';
    case 'marked':
      return `its file ${file} was changed after it was written`;
  }
}
