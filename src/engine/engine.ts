// Decides for each build whether a job exists that answers it, and if not, has one made: once, whoever asks.
// Never prints, never opens a dataset, knows nothing of build scripts: events go out, outcomes come back.

import { jobKeyOf } from '../key/job-key.ts';
import { UsageError } from '../model/errors.ts';
import type { Reason } from '../model/event.ts';
import type { SkippedFailure } from '../model/failure.ts';
import type { JobId, JobKey } from '../model/ids.ts';
import type { InputRefs } from '../model/manifest.ts';
import type { FinishedJob } from '../store/lookup.ts';
import { Semaphore } from '../util/semaphore.ts';
import type { BuildOutcome, BuildRequest } from './build-request.ts';
import { BuildTelling, namedBuild } from './build-telling.ts';
import type { NamedBuild } from './build-telling.ts';
import { CurrentJobs } from './current-jobs.ts';
import type { CurrentJobsOptions } from './current-jobs.ts';
import { ForcedBuilds } from './forced-builds.ts';
import { InputContent } from './input-content.ts';
import { Interruption } from './interruption.ts';
import { JobMaker } from './job-maker.ts';
import type { JobMakerOptions } from './job-maker.ts';
import type { MissReasons } from './reasons.ts';
import type { RunLog } from './run-log.ts';
import { WaitGraph } from './wait-graph.ts';
import { depthOf } from './wanted.ts';
import type { Wanted } from './wanted.ts';

/** What an engine is made of. */
export interface EngineOptions extends Pick<
  JobMakerOptions,
  | 'workdirs'
  | 'files'
  | 'makeExecutor'
  | 'surroundings'
  | 'resolveSubjob'
  | 'describeFailure'
  | 'onEvent'
> {
  /** Jobs that may be started at the same time, at each depth. */
  readonly concurrency: number;
  readonly dryRun: boolean;
  /** Methods to execute in any case; `'all'` for every one. */
  readonly force: ReadonlySet<string> | 'all';
  /** A method as it is now; `undefined` when it cannot be used. */
  readonly currentMethod: CurrentJobsOptions['currentMethod'];
}

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
  readonly #interruption = new Interruption();
  readonly #forced: ForcedBuilds;
  readonly #maker: JobMaker;
  #missReasons: MissReasons | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#telling = new BuildTelling(options.onEvent);
    const { workdirs, files, surroundings } = options;
    const { inputDirectory } = surroundings;
    this.#content = new InputContent({ workdirs, files, inputDirectory });
    const { currentMethod } = options;
    this.#current = new CurrentJobs({ workdirs, content: this.#content, currentMethod });
    this.#forced = new ForcedBuilds(options.force);
    this.#maker = new JobMaker({
      ...options,
      current: this.#current,
      forced: this.#forced,
      interruption: this.#interruption,
      telling: this.#telling,
      reasonsOf: (wanted) => this.#reasons(wanted),
      build: (request) => this.build(request),
    });
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
    this.#interruption.refuseWhenCancelled();
    // An unknown workdir is a mistake also where the job needs no new one.
    this.#options.workdirs.forBuild(request);
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
    this.#interruption.refuseWhenCancelled();
    const { workdirs } = this.#options;
    workdirs.forBuild(request);
    const content = this.#content.known(request, workdirs.target.slices);
    if (content === undefined) return undefined;
    const wanted: Wanted = { request, content, key: jobKeyOf(content.manifest) };
    if (this.#inFlight.has(wanted.key) || this.#forced.has(wanted)) return undefined;
    const { job } = workdirs.find(wanted.key, () => true);
    if (job === undefined || job.subjobs.length > 0) return undefined;
    if (!this.#current.hasSoundChains(job)) return undefined;
    if (!this.#current.standsFor(job, request.inputs)) return undefined;
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
    this.#interruption.cancel();
  }

  /** Terminates what runs at once. */
  terminate(): void {
    this.#interruption.terminate();
  }

  /** True after `cancel`. */
  get cancelled(): boolean {
    return this.#interruption.cancelled;
  }

  /** Ends worker threads and processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#maker[Symbol.asyncDispose]();
  }

  async #reuseOrRun(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#join(wanted, inFlight);
    const found = this.#forced.has(wanted) ? undefined : await this.#findCurrent(wanted);
    if (found !== undefined) return this.#reuse(request, found);
    if (this.#options.dryRun || request.settings.whyBuild) {
      this.#telling.wouldBuild(namedBuild(request), await this.#reasons(wanted));
      return { state: 'would_build' };
    }
    return this.#turn(request).use(() => this.#runOnce(wanted));
  }

  /** Runs unless, while this build waited for its turn, another call began or ended the same job. */
  async #runOnce(wanted: Wanted): Promise<BuildOutcome> {
    const { key } = wanted;
    this.#interruption.refuseWhenCancelled();
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#join(wanted, inFlight);
    const running = this.#maker.make(wanted);
    this.#inFlight.set(key, running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  /** Jobs of the present code first, then of code that the method declares equivalent. */
  async #findCurrent({ key, request, content }: Wanted): Promise<FinishedJob | undefined> {
    const { inputs } = request;
    const found = await this.#findWithKey(key, inputs);
    if (found !== undefined || request.code.equivalence === undefined) return found;
    const { equivalentKeys } = await import('./equivalent-jobs.ts');
    for (const older of equivalentKeys(request.code, content.manifest, this.#options.workdirs)) {
      const job = await this.#findWithKey(older, inputs);
      if (job !== undefined) return job;
    }
    this.#telling.expired(request.code);
    return undefined;
  }

  async #findWithKey(key: JobKey, inputs: InputRefs): Promise<FinishedJob | undefined> {
    const notCurrent = new Set<string>();
    for (;;) {
      const { job, damaged } = this.#options.workdirs.find(key, ({ id }) => !notCurrent.has(id));
      // A damaged job that another has replaced is no news.
      if (job === undefined) this.#telling.damaged(damaged);
      if (job === undefined || (await this.#current.isCurrent(job, inputs))) return job;
      notCurrent.add(job.id);
    }
  }

  async #reasons(wanted: Wanted): Promise<readonly Reason[]> {
    if (this.#forced.has(wanted)) return [{ kind: 'forced', subject: wanted.request.code.name }];
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

  /** Two calls of the same build are one job: the second one ends as the first does, unless that is tied to its inputs. */
  async #join(wanted: Wanted, inFlight: Promise<BuildOutcome>): Promise<BuildOutcome> {
    const outcome = await inFlight;
    if (!('job' in outcome)) return outcome;
    const { request } = wanted;
    return this.#current.standsFor(outcome.job, request.inputs)
      ? this.#reuse(request, outcome.job)
      : this.#reuseOrRun(wanted);
  }

  #turn(request: BuildRequest): Semaphore {
    const depth = depthOf(request);
    const turn = this.#turns.get(depth) ?? new Semaphore(this.#options.concurrency);
    this.#turns.set(depth, turn);
    return turn;
  }
}

function buildsItself(method: string): UsageError {
  return new UsageError({
    code: 'builds_itself',
    message: `Method \`${method}\` builds itself with the same inputs, directly or through its subjobs`,
    hint: 'Such a job would wait for itself for ever; give the inner build other inputs.',
  });
}
