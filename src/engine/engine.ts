// Decides for each build whether a job exists that answers it, and if not, has one made: once, whoever asks.
// Never prints, never opens a dataset, knows nothing of build scripts: events go out, outcomes come back.

import type { Executor } from '../exec/executor.ts';
import type { JobOutcome, JobRun } from '../exec/job-run.ts';
import type { FileDigests } from '../key/file-digest.ts';
import { jobKeyOf } from '../key/job-key.ts';
import { messageWithHints, UsageError } from '../model/errors.ts';
import type { OnEvent, Reason } from '../model/event.ts';
import type { Failure, SkippedFailure } from '../model/failure.ts';
import type { JobId, JobKey } from '../model/ids.ts';
import type { SubjobRecord } from '../model/manifest.ts';
import type { SubjobReply, SubjobRequest } from '../model/stage.ts';
import type { Claim } from '../store/claims.ts';
import type { FinishedJob } from '../store/lookup.ts';
import { Semaphore } from '../util/semaphore.ts';
import type { BuildOutcome, BuildRequest, ParentJob } from './build-request.ts';
import { BuildTelling, namedBuild } from './build-telling.ts';
import type { NamedBuild } from './build-telling.ts';
import { CurrentJobs } from './current-jobs.ts';
import type { CurrentJobsOptions } from './current-jobs.ts';
import { execute, releaseOnError } from './execution.ts';
import type { Executed, ExecutionSurroundings } from './execution.ts';
import { InputContent } from './input-content.ts';
import type { BuildContent } from './input-content.ts';
import { noticeEvents } from './notice-events.ts';
import type { MissReasons } from './reasons.ts';
import type { RunLog } from './run-log.ts';
import { WaitGraph } from './wait-graph.ts';
import type { Workdirs } from './workdirs.ts';

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
  /** A method as it is now; `undefined` when it cannot be used. */
  readonly currentMethod: CurrentJobsOptions['currentMethod'];
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

/** What an execution needs besides its claim. */
interface Prepared {
  readonly executor: Executor;
  readonly reasons: readonly Reason[];
}

/** The right to build a job, or the job itself. */
type ClaimOrJob =
  | { readonly claim: Claim; readonly job: undefined }
  | { readonly claim: undefined; readonly job: FinishedJob };

/** Builds jobs for one run. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #content: InputContent;
  readonly #current: CurrentJobs;
  readonly #telling: BuildTelling;
  /** Jobs that are being made, or waited for while another process makes them. */
  readonly #inFlight = new Map<JobKey, Promise<BuildOutcome>>();
  readonly #waits = new WaitGraph();
  /** How many jobs may be started at once, by depth. */
  readonly #turns = new Map<number, Semaphore>();
  readonly #cancel = new AbortController();
  readonly #terminate = new AbortController();
  /** Forced jobs that have been made in this run: each is made once, however often it is built. */
  readonly #forced = new Set<JobKey>();
  #executor: Promise<Executor> | undefined;
  #missReasons: MissReasons | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#telling = new BuildTelling(options.onEvent);
    const { workdirs, files, surroundings } = options;
    const { inputDirectory } = surroundings;
    this.#content = new InputContent({ workdirs, files, inputDirectory });
    const { currentMethod } = options;
    this.#current = new CurrentJobs({ workdirs, content: this.#content, currentMethod });
  }

  /** What the run has done up to now. */
  get log(): RunLog {
    return this.#telling.log;
  }

  /**
   * Returns the job that answers the request, executing it if there is none. Every call ends with one
   * `build_ended` event. Throws `UsageError` for inputs that do not fit, `SystemError`, `InterruptedError`.
   */
  async build(request: BuildRequest): Promise<BuildOutcome> {
    this.#refuseWhenCancelled();
    // An unknown workdir is a mistake also where the job needs no new one.
    this.#options.workdirs.named(this.#workdirName(request));
    const content = await this.#content.of(request, this.#options.workdirs.target.slices);
    const wanted: Wanted = { request, content, key: jobKeyOf(content.manifest) };
    const parentKey = request.parent?.key;
    if (parentKey === undefined) return this.#reuseOrRun(wanted);
    if (this.#waits.waits(wanted.key, parentKey)) throw buildsItself(request.code.name);
    return this.#waits.during(parentKey, wanted.key, () => this.#reuseOrRun(wanted));
  }

  /**
   * Returns the job that answers the request if that can be told at once, and ends the build as `build` does.
   * `undefined` says nothing: `build` may find one where a file has to be read or a subjob looked into.
   */
  reuse(request: BuildRequest): BuildOutcome | undefined {
    this.#refuseWhenCancelled();
    const { workdirs } = this.#options;
    workdirs.named(this.#workdirName(request));
    const content = this.#content.known(request, workdirs.target.slices);
    if (content === undefined) return undefined;
    const wanted: Wanted = { request, content, key: jobKeyOf(content.manifest) };
    if (this.#inFlight.has(wanted.key) || this.#isForced(wanted)) return undefined;
    const { job } = workdirs.find(wanted.key, () => true);
    if (job === undefined || job.subjobs.length > 0) return undefined;
    if (!this.#current.hasSoundChains(job)) return undefined;
    return this.#reuse(request, job);
  }

  /** Ends a build that cannot start because an input failed. */
  skip(build: NamedBuild, failure: SkippedFailure): void {
    this.#telling.skipped(build, failure);
  }

  /** Ends a build in a dry run whose input, a job of method `input`, would have to be built first. */
  plan(build: NamedBuild, input: string): void {
    this.#telling.wouldBuild(build, [{ kind: 'input', subject: input }]);
  }

  /** Resolves when no job is being made, also none whose parent has ended before it. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight.values());
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

  async #reuseOrRun(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#join(request, inFlight);
    const found = this.#isForced(wanted) ? undefined : await this.#findCurrent(wanted);
    if (found !== undefined) return this.#reuse(request, found);
    if (this.#options.dryRun || request.settings.whyBuild) {
      this.#telling.wouldBuild(namedBuild(request), await this.#reasons(wanted));
      return { state: 'would_build' };
    }
    return this.#turn(request).use(() => this.#runOnce(wanted));
  }

  /** Runs unless, while this build waited for its turn, another call began or ended the same job. */
  async #runOnce(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    this.#refuseWhenCancelled();
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#join(request, inFlight);
    const running = this.#run(wanted);
    this.#inFlight.set(key, running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  async #run(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    const { retries } = request.settings;
    for (let attempt = 0; ; attempt++) {
      const { claim, job } = await this.#claim(wanted);
      if (claim === undefined) return this.#reuse(request, job);
      const { executor, reasons } = await this.#prepare(wanted, claim);
      const executed = await this.#execute(wanted, claim, { executor, reasons });
      if (executed.ok) {
        if (this.#isForced(wanted)) this.#forced.add(key);
        this.#telling.built(request, executed, reasons);
        return { state: 'built', job: executed.job };
      }
      if (attempt >= retries || this.cancelled) {
        this.#telling.failed(namedBuild(request), executed, reasons);
        return { state: 'failed', failure: executed.failure };
      }
      const { shortMessage } = this.#options.describeFailure(executed.failure);
      const message = `${shortMessage}; trying again (${attempt + 1} of ${retries})`;
      this.#telling.warn('retry', claim.id, message);
    }
  }

  /** Takes the claim, or the job that another process has made meanwhile. */
  async #claim(wanted: Wanted): Promise<ClaimOrJob> {
    const { key, request } = wanted;
    const method = request.code.name;
    const { run } = this.#options.surroundings;
    const workdir = this.#options.workdirs.named(this.#workdirName(request));
    let newerThan = this.#isForced(wanted) ? Infinity : -1;
    for (;;) {
      this.#refuseWhenCancelled();
      const answer = workdir.claim({ key, method, run, newerThan });
      switch (answer.kind) {
        case 'taken':
          this.#telling.tookOver(answer.claim);
          return { claim: answer.claim, job: undefined };
        case 'finished':
          if (await this.#current.isCurrent(answer.job))
            return { claim: undefined, job: answer.job };
          newerThan = answer.job.number;
          break;
        case 'held':
          this.#telling.waiting(namedBuild(request), answer);
          await workdir.waitForClaim(key, this.#cancel.signal);
      }
    }
  }

  #prepare(wanted: Wanted, claim: Claim): Promise<Prepared> {
    const workdir = this.#options.workdirs.named(this.#workdirName(wanted.request));
    return releaseOnError({ workdir, claim }, async () => ({
      reasons: await this.#reasons(wanted),
      executor: await this.#startedExecutor(),
    }));
  }

  async #execute(wanted: Wanted, claim: Claim, { executor, reasons }: Prepared): Promise<Executed> {
    const { request, content } = wanted;
    const { workdirs, files, surroundings, onEvent } = this.#options;
    const workdir = workdirs.named(this.#workdirName(request));
    const subjobs = new Map<string, SubjobRecord>();
    const start = (job: Pick<JobRun, 'task' | 'limits'>): Promise<JobOutcome> => {
      this.#telling.started(request, claim, {
        slices: request.shape.stages.includes('analysis') ? workdir.slices : 0,
        expectedMs: workdir.expectedMs(claim.method),
        reasons,
      });
      return executor.run({
        ...job,
        depth: depthOf(request) - 1,
        cancel: this.#cancel.signal,
        terminate: this.#terminate.signal,
        onNotice: noticeEvents(claim, onEvent),
        build: (subjob) => this.#buildSubjob(subjob, { request, claim, subjobs }),
      });
    };
    return execute(
      { ...surroundings, files, workdirPaths: workdirs.paths },
      { request, content, workdir, claim, subjobs, start },
    );
  }

  /** Answers a build call from inside a stage. Nothing is thrown: what went wrong travels back to the stage. */
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
      const built = outcome.state === 'built' || subjobs.get(id)?.built === true;
      const job = { id, method, code, built };
      subjobs.set(id, job);
      return { ok: true, job, path };
    } catch (error) {
      const message = errorText(error);
      return { ok: false, failure: null, shortMessage: message, message };
    }
  }

  /** Jobs of the present code first, then of code that the method declares equivalent. */
  async #findCurrent({ key, request, content }: Wanted): Promise<FinishedJob | undefined> {
    const found = await this.#findWithKey(key);
    if (found !== undefined || request.code.equivalence === undefined) return found;
    const { equivalentKeys } = await import('./equivalent-jobs.ts');
    for (const older of equivalentKeys(request.code, content.manifest, this.#options.workdirs)) {
      const job = await this.#findWithKey(older);
      if (job !== undefined) return job;
    }
    this.#telling.expired(request.code);
    return undefined;
  }

  async #findWithKey(key: JobKey): Promise<FinishedJob | undefined> {
    const notCurrent = new Set<string>();
    for (;;) {
      const { job, damaged } = this.#options.workdirs.find(key, ({ id }) => !notCurrent.has(id));
      // A damaged job that another has replaced is no news.
      if (job === undefined) this.#telling.damaged(damaged);
      if (job === undefined || (await this.#current.isCurrent(job))) return job;
      notCurrent.add(job.id);
    }
  }

  #isForced({ key, request }: Wanted): boolean {
    const { force } = this.#options;
    const wished = request.settings.force || force === 'all' || force.has(request.code.name);
    return wished && !this.#forced.has(key);
  }

  async #reasons(wanted: Wanted): Promise<readonly Reason[]> {
    if (this.#isForced(wanted)) return [{ kind: 'forced', subject: wanted.request.code.name }];
    const { MissReasons } = await import('./reasons.ts');
    const { workdirs, surroundings } = this.#options;
    this.#missReasons ??= new MissReasons(workdirs, surroundings.run);
    const whyNotCurrent = (id: JobId): Reason | undefined => this.#current.whyNotCurrent(id);
    return this.#missReasons.of({ ...wanted, whyNotCurrent });
  }

  #reuse(request: BuildRequest, job: FinishedJob): BuildOutcome {
    this.#telling.reused(namedBuild(request), job);
    return { state: 'reused', job };
  }

  /** Two calls of the same build are one job: the second one ends as the first does. */
  async #join(request: BuildRequest, inFlight: Promise<BuildOutcome>): Promise<BuildOutcome> {
    const outcome = await inFlight;
    return 'job' in outcome ? this.#reuse(request, outcome.job) : outcome;
  }

  #refuseWhenCancelled(): void {
    if (this.cancelled) throw new InterruptedError();
  }

  #workdirName({ parent, settings }: BuildRequest): string {
    return settings.workdir ?? parent?.workdir ?? this.#options.workdirs.target.name;
  }

  #turn(request: BuildRequest): Semaphore {
    const depth = depthOf(request);
    const turn = this.#turns.get(depth) ?? new Semaphore(this.#options.concurrency);
    this.#turns.set(depth, turn);
    return turn;
  }

  #startedExecutor(): Promise<Executor> {
    this.#executor ??= this.#options.makeExecutor();
    return this.#executor;
  }
}

function depthOf(request: BuildRequest): number {
  return (request.parent?.depth ?? 0) + 1;
}

function errorText(error: unknown): string {
  if (error instanceof UsageError) return messageWithHints(error);
  return error instanceof Error ? error.message : String(error);
}

function buildsItself(method: string): UsageError {
  return new UsageError({
    code: 'builds_itself',
    message: `Method \`${method}\` builds itself with the same inputs, directly or through its subjobs`,
    hint: 'Such a job would wait for itself for ever; give the inner build other inputs.',
  });
}

function tooDeep(method: string): UsageError {
  return new UsageError({
    code: 'too_deep',
    message: `Subjobs are nested at most ${MAX_DEPTH - 1} deep; \`${method}\` would be one more`,
    hint: 'If a method builds itself, its inputs must come to an end.',
  });
}
