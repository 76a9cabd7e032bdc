// Decides for each build whether a job exists that answers it, and if not, has one made: once, whoever asks.
// Never prints, never opens a dataset, knows nothing of build scripts: events go out, outcomes come back.

import type { Executor } from '../exec/executor.ts';
import type { JobOutcome, JobRun } from '../exec/job-run.ts';
import type { FileDigests } from '../key/file-digest.ts';
import { jobKeyOf } from '../key/job-key.ts';
import { UsageError } from '../model/errors.ts';
import type { OnEvent, Reason } from '../model/event.ts';
import type { Failure, SkippedFailure } from '../model/failure.ts';
import type { Digest, JobKey } from '../model/ids.ts';
import type { SubjobRecord } from '../model/manifest.ts';
import type { SubjobReply, SubjobRequest } from '../model/stage.ts';
import type { Claim } from '../store/claims.ts';
import type { FinishedJob } from '../store/lookup.ts';
import { Semaphore } from '../util/semaphore.ts';
import type { BuildOutcome, BuildRequest, ParentJob } from './build-request.ts';
import { execute } from './execution.ts';
import type { Executed, ExecutionSurroundings } from './execution.ts';
import { InputContent } from './input-content.ts';
import type { BuildContent } from './input-content.ts';
import { noticeEvents } from './notice-events.ts';
import { reasonsToRun } from './reasons.ts';
import { RunLog } from './run-log.ts';
import { WaitGraph } from './wait-graph.ts';
import type { Workdirs } from './workdirs.ts';

const NOTHING_RAN = { job: null, execMs: 0, reasons: [], failure: null } as const;

/** Deepest nesting of subjobs: a build script's job has depth 1, its subjob 2. */
const MAX_DEPTH = 6;

/** What an engine is made of. */
export interface EngineOptions {
  readonly workdirs: Workdirs;
  readonly files: FileDigests;
  /** Makes the executor; called at the first miss. */
  readonly makeExecutor: () => Promise<Executor>;
  readonly surroundings: Omit<ExecutionSurroundings, 'files' | 'workdirPaths'>;
  /** Jobs that may be started at the same time, at each depth. */
  readonly concurrency: number;
  readonly dryRun: boolean;
  /** Methods to execute in any case; `'all'` for every one. */
  readonly force: ReadonlySet<string> | 'all';
  /** The digest of a method's present code; `undefined` when it cannot be had. */
  readonly currentCode: (method: string) => Promise<Digest | undefined>;
  /** Makes a full build request of a subjob call; throws `UsageError`. */
  readonly resolveSubjob: (request: SubjobRequest, parent: ParentJob) => Promise<BuildRequest>;
  /** Puts a failure into words: one line, and the whole. */
  readonly describeFailure: (failure: Failure) => { shortMessage: string; message: string };
  readonly onEvent: OnEvent;
}

/** The run was interrupted before the build was started. */
export class InterruptedError extends Error {
  constructor() {
    super('The run was interrupted');
    this.name = 'InterruptedError';
  }
}

/** One build, with what was found out about it. */
interface Wanted {
  readonly request: BuildRequest;
  readonly content: BuildContent;
  readonly key: JobKey;
}

/** The right to build a job, or the job itself. */
type ClaimOrJob =
  | { readonly claim: Claim; readonly job: undefined }
  | { readonly claim: undefined; readonly job: FinishedJob };

/** Builds jobs for one run. */
export class Engine {
  readonly log = new RunLog();
  readonly #options: EngineOptions;
  readonly #content: InputContent;
  readonly #inFlight = new Map<JobKey, Promise<BuildOutcome>>();
  readonly #waits = new WaitGraph();
  readonly #starting = new Map<number, Semaphore>();
  readonly #cancel = new AbortController();
  readonly #terminate = new AbortController();
  readonly #forced = new Set<JobKey>();
  readonly #damageReported = new Set<string>();
  readonly #unsoundReported = new Set<string>();
  #executor: Promise<Executor> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { workdirs, files, surroundings } = options;
    const { inputDirectory } = surroundings;
    this.#content = new InputContent({ workdirs, files, inputDirectory });
  }

  /**
   * Returns the job that answers the request, executing it if there is none. Every call ends with one
   * `build_ended` event. Throws `UsageError` for inputs that do not fit, `SystemError`, `InterruptedError`.
   */
  async build(request: BuildRequest): Promise<BuildOutcome> {
    this.#refuseWhenCancelled();
    const wanted = await this.#wanted(request);
    const parentKey = request.parent?.key;
    if (parentKey !== undefined && this.#waits.waits(wanted.key, parentKey)) {
      throw buildsItself(request.code.name);
    }
    const build = (): Promise<BuildOutcome> => this.#reuseOrRun(wanted);
    return parentKey === undefined ? build() : this.#waits.during(parentKey, wanted.key, build);
  }

  /** Ends a build that cannot start because an input failed. */
  skip(build: { readonly method: string; readonly name: string }, failure: SkippedFailure): void {
    const { method, name } = build;
    this.#end({ method, name }, { ...NOTHING_RAN, state: 'skipped', failure });
  }

  /** Ends a build in a dry run whose input would have to be built first. */
  plan(build: { readonly method: string; readonly name: string }, input: string): void {
    const reasons: Reason[] = [{ kind: 'job', subject: input }];
    this.#end(build, { ...NOTHING_RAN, state: 'would_build', reasons });
  }

  /** Stops starting work and signals what runs; it is terminated after a grace time. */
  cancel(): void {
    this.#cancel.abort(new InterruptedError());
  }

  /** Terminates what runs at once. */
  terminate(): void {
    this.cancel();
    this.#terminate.abort(new InterruptedError());
  }

  /** True after `cancel`. */
  get cancelled(): boolean {
    return this.#cancel.signal.aborted;
  }

  /** Ends worker threads and processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#executor)?.[Symbol.asyncDispose]();
  }

  async #wanted(request: BuildRequest): Promise<Wanted> {
    const content = await this.#content.of(request, this.#options.workdirs.target.slices);
    return { request, content, key: jobKeyOf(content.manifest) };
  }

  async #reuseOrRun(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#joined(request, await inFlight);
    const found = this.#mustRun(wanted) ? undefined : await this.#findCurrent(wanted);
    if (found !== undefined) return this.#reused(request, found);
    if (this.#options.dryRun || request.settings.whyBuild) return this.#wouldBuild(wanted);
    return this.#limit(request).use(() => this.#runOnce(wanted));
  }

  /** Runs unless, while this build waited for its turn, another call began or ended the same job. */
  async #runOnce(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    this.#refuseWhenCancelled();
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#joined(request, await inFlight);
    const running = this.#run(wanted);
    this.#inFlight.set(key, running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  async #run(wanted: Wanted): Promise<BuildOutcome> {
    const { request } = wanted;
    for (let attempt = 0; ; attempt++) {
      const { claim, job } = await this.#claim(wanted);
      if (job !== undefined) return this.#reused(request, job);
      const reasons = this.#reasons(wanted);
      const executed = await this.#execute(wanted, claim, reasons);
      if (executed.ok) return this.#built(wanted, executed, reasons);
      if (attempt >= request.settings.retries || this.cancelled) {
        return this.#failed(wanted, executed, reasons);
      }
      this.#warn('retry', claim, `${claim.id} failed; trying again (${attempt + 1} of ${request.settings.retries})`);
    }
  }

  /** Returns a claim, or the job that another process made meanwhile. */
  async #claim(wanted: Wanted): Promise<ClaimOrJob> {
    const { key, request } = wanted;
    const { workdirs, surroundings, onEvent } = this.#options;
    const workdir = workdirs.named(this.#workdirName(request));
    let newerThan = this.#mustRun(wanted) ? Infinity : -1;
    for (;;) {
      this.#refuseWhenCancelled();
      const method = request.code.name;
      const answer = workdir.claim({ key, method, run: surroundings.run, newerThan });
      if (answer.kind === 'taken') {
        if (answer.claim.tookOverFrom !== undefined) this.#reportTakeover(answer.claim);
        return { claim: answer.claim, job: undefined };
      }
      if (answer.kind === 'finished') {
        if (await this.#isCurrent(answer.job)) return { claim: undefined, job: answer.job };
        newerThan = answer.job.number;
        continue;
      }
      const { job, pid, host } = answer;
      onEvent({ type: 'waiting', method, job, pid, host });
      await workdir.waitForClaim(key, this.#cancel.signal);
    }
  }

  async #execute(wanted: Wanted, claim: Claim, reasons: readonly Reason[]): Promise<Executed> {
    const { request, content } = wanted;
    const { workdirs, files, surroundings } = this.#options;
    const workdir = workdirs.named(this.#workdirName(request));
    const subjobs = new Map<string, SubjobRecord>();
    const executor = await this.#startedExecutor();
    return execute(
      { ...surroundings, files, workdirPaths: workdirs.paths },
      {
        request,
        content,
        workdir,
        claim,
        subjobs,
        start: ({ task, limits }): Promise<JobOutcome> => {
          this.#reportStart(request, claim, reasons);
          return executor.run({
            task,
            limits,
            depth: depthOf(request) - 1,
            cancel: this.#cancel.signal,
            terminate: this.#terminate.signal,
            onNotice: noticeEvents(claim, this.#options.onEvent),
            build: (subjob) => this.#buildSubjob(subjob, { request, claim, subjobs }),
          } satisfies JobRun);
        },
      },
    );
  }

  async #buildSubjob(
    subjob: SubjobRequest,
    caller: { request: BuildRequest; claim: Claim; subjobs: Map<string, SubjobRecord> },
  ): Promise<SubjobReply> {
    const { claim, request, subjobs } = caller;
    const depth = depthOf(request);
    try {
      if (depth >= MAX_DEPTH) throw tooDeep(subjob.method);
      const workdir = this.#workdirName(request);
      const parent: ParentJob = { id: claim.id, key: claim.key, depth, workdir };
      const outcome = await this.build(await this.#options.resolveSubjob(subjob, parent));
      if (outcome.state === 'failed') {
        const { failure } = outcome;
        return { ok: false, failure, ...this.#options.describeFailure(failure) };
      }
      if (outcome.state === 'would_build') throw new Error('Internal error: a dry run ran a stage');
      const { id, method, code, path } = outcome.job;
      const earlier = subjobs.get(id)?.built === true;
      const job = { id, method, code, built: earlier || outcome.state === 'built' };
      subjobs.set(id, job);
      return { ok: true, job, path };
    } catch (error) {
      const { message } = error as Error;
      return { ok: false, failure: null, shortMessage: message, message };
    }
  }

  async #findCurrent(wanted: Wanted): Promise<FinishedJob | undefined> {
    const notCurrent = new Set<string>();
    for (;;) {
      const found = this.#options.workdirs.find(wanted.key, (job) => !notCurrent.has(job.id));
      for (const damage of found.damaged) {
        if (this.#damageReported.has(damage.job)) continue;
        this.#damageReported.add(damage.job);
        const what = damage.problem === 'missing' ? 'is missing' : 'has another size';
        this.#warn('damaged', { id: damage.job }, `${damage.job} (${damage.method}) is not reused: ${damage.file} ${what}`);
      }
      if (found.job === undefined) return undefined;
      if (found.job.subjobs.length === 0 || (await this.#isCurrent(found.job))) return found.job;
      notCurrent.add(found.job.id);
    }
  }

  /** A job is current when the code of each of its subjobs, at any depth, is what it was. */
  async #isCurrent(job: FinishedJob): Promise<boolean> {
    for (const subjob of job.subjobs) {
      if ((await this.#options.currentCode(subjob.method)) !== subjob.code) return false;
      const finished = this.#options.workdirs.job(subjob.id);
      if (finished !== undefined && !(await this.#isCurrent(finished))) return false;
    }
    return true;
  }

  /** A forced job runs once in a run, however often it is built. */
  #mustRun({ key, request }: Wanted): boolean {
    const { force } = this.#options;
    const forced = request.settings.force || force === 'all' || force.has(request.code.name);
    return forced && !this.#forced.has(key);
  }

  #reasons(wanted: Wanted): readonly Reason[] {
    if (this.#mustRun(wanted)) return [{ kind: 'forced', subject: wanted.request.code.name }];
    return reasonsToRun(this.#options.workdirs, wanted);
  }

  #reused(request: BuildRequest, job: FinishedJob): BuildOutcome {
    this.#end(named(request), { state: 'reused', job: job.id, execMs: job.execMs, reasons: [], failure: null });
    return { state: 'reused', job };
  }

  #joined(request: BuildRequest, outcome: BuildOutcome): BuildOutcome {
    if (outcome.state === 'built' || outcome.state === 'reused') return this.#reused(request, outcome.job);
    return outcome;
  }

  #wouldBuild(wanted: Wanted): BuildOutcome {
    const reasons = this.#reasons(wanted);
    this.#end(named(wanted.request), { state: 'would_build', job: null, execMs: 0, reasons, failure: null });
    return { state: 'would_build' };
  }

  #built(wanted: Wanted, executed: Executed & { ok: true }, reasons: readonly Reason[]): BuildOutcome {
    const { request, key } = wanted;
    const { job, post } = executed;
    if (this.#mustRun(wanted)) this.#forced.add(key);
    this.log.executed({ id: job.id, method: job.method }, request.inputs, post.execMs);
    if (post.tainted !== undefined) {
      this.#warn('tainted', job, `${job.id} (${job.method}) is kept but will not be reused: ${post.tainted}`);
    }
    this.#reportUnsound(request, job);
    this.#end(named(request), { state: 'built', job: job.id, execMs: post.execMs.total, reasons, failure: null });
    return { state: 'built', job };
  }

  #failed(wanted: Wanted, executed: Executed & { ok: false }, reasons: readonly Reason[]): BuildOutcome {
    const { failure, totalMs } = executed;
    const job = failure.kind === 'skipped' ? null : failure.job;
    this.#end(named(wanted.request), { state: 'failed', job, execMs: totalMs, reasons, failure });
    return { state: 'failed', failure };
  }

  #end(
    build: { readonly method: string; readonly name: string },
    end: Omit<Extract<Parameters<OnEvent>[0], { type: 'build_ended' }>, 'type' | 'method' | 'name'>,
  ): void {
    this.log.count(end.state, end.job);
    const { method, name } = build;
    this.#options.onEvent({ type: 'build_ended', method, name, ...end });
  }

  #reportStart(request: BuildRequest, claim: Claim, reasons: readonly Reason[]): void {
    const { workdirs, onEvent } = this.#options;
    const method = request.code.name;
    onEvent({
      type: 'job_started',
      job: claim.id,
      method,
      name: request.settings.name,
      slices: request.shape.stages.includes('analysis') ? workdirs.target.slices : 0,
      expectedMs: workdirs.target.expectedMs(method),
      reasons,
    });
  }

  #reportTakeover(claim: Claim): void {
    const from = claim.tookOverFrom;
    if (from === undefined) return;
    this.#warn('takeover', claim, `${from.id} was left unfinished by process ${from.pid}, which has ended; ${claim.id} replaces it`);
  }

  #reportUnsound({ code }: BuildRequest, job: { readonly id: FinishedJob['id'] }): void {
    if (code.unsound.length === 0 || this.#unsoundReported.has(code.name)) return;
    this.#unsoundReported.add(code.name);
    this.#warn('unsound', job, `Method ${code.name} is unsound: ${code.unsound.join('; ')}`);
  }

  #warn(
    kind: Extract<Parameters<OnEvent>[0], { type: 'warning' }>['kind'],
    job: { readonly id: FinishedJob['id'] } | null,
    message: string,
  ): void {
    this.#options.onEvent({ type: 'warning', kind, job: job?.id ?? null, message });
  }

  #refuseWhenCancelled(): void {
    if (this.cancelled) throw new InterruptedError();
  }

  #workdirName(request: BuildRequest): string {
    return request.settings.workdir ?? request.parent?.workdir ?? this.#options.workdirs.target.name;
  }

  #limit(request: BuildRequest): Semaphore {
    const depth = depthOf(request);
    const limit = this.#starting.get(depth) ?? new Semaphore(this.#options.concurrency);
    this.#starting.set(depth, limit);
    return limit;
  }

  #startedExecutor(): Promise<Executor> {
    this.#executor ??= this.#options.makeExecutor();
    return this.#executor;
  }
}

function named({ code, settings }: BuildRequest): { method: string; name: string } {
  return { method: code.name, name: settings.name };
}

function depthOf(request: BuildRequest): number {
  return (request.parent?.depth ?? 0) + 1;
}

function buildsItself(method: string): UsageError {
  return new UsageError({
    code: 'builds_itself',
    message: `Method \`${method}\` builds itself with the same inputs, directly or through its subjobs`,
    hint: 'Such a job would wait for itself for ever; give the inner build other inputs',
  });
}

function tooDeep(method: string): UsageError {
  return new UsageError({
    code: 'too_deep',
    message: `Subjobs are nested at most ${MAX_DEPTH - 1} deep; \`${method}\` would be one more`,
  });
}
