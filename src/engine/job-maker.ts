// Makes one job that is not there: takes the claim, runs the stages, answers their subjob calls, tries again if that is
// asked for. Whether a job has to be made at all is decided by the engine.

import type { Executor } from '../exec/executor.ts';
import type { JobOutcome, JobRun } from '../exec/job-run.ts';
import type { FileDigests } from '../key/file-digest.ts';
import { messageWithHints, UsageError } from '../model/errors.ts';
import type { OnEvent, Reason } from '../model/event.ts';
import type { Failure } from '../model/failure.ts';
import type { SubjobRecord } from '../model/manifest.ts';
import type { SubjobReply, SubjobRequest } from '../model/stage.ts';
import type { Claim } from '../store/claims.ts';
import type { FinishedJob } from '../store/lookup.ts';
import type { BuildOutcome, BuildRequest, ParentJob } from './build-request.ts';
import { namedBuild } from './build-telling.ts';
import type { BuildTelling } from './build-telling.ts';
import type { CurrentJobs } from './current-jobs.ts';
import { execute, releaseOnError } from './execution.ts';
import type { Executed, ExecutionSurroundings } from './execution.ts';
import type { ForcedBuilds } from './forced-builds.ts';
import type { Interruption } from './interruption.ts';
import { noticeEvents } from './notice-events.ts';
import { depthOf } from './wanted.ts';
import type { Wanted } from './wanted.ts';
import type { Workdirs } from './workdirs.ts';

/** Deepest nesting of subjobs: a build script's job has depth 1, its subjob 2. */
const MAX_DEPTH = 6;

/** What making a job needs of the run. */
export interface JobMakerOptions {
  readonly workdirs: Workdirs;
  readonly files: FileDigests;
  /** Makes the executor; called at the first miss. */
  readonly makeExecutor: () => Promise<Executor>;
  readonly surroundings: Omit<ExecutionSurroundings, 'files' | 'workdirPaths'>;
  readonly current: CurrentJobs;
  readonly forced: ForcedBuilds;
  readonly interruption: Interruption;
  readonly telling: BuildTelling;
  /** Why there is no job that can be reused. */
  readonly reasonsOf: (wanted: Wanted) => Promise<readonly Reason[]>;
  /** Makes a full build request of a subjob call; throws `UsageError`. */
  readonly resolveSubjob: (request: SubjobRequest, parent: ParentJob) => Promise<BuildRequest>;
  /** Builds a subjob. */
  readonly build: (request: BuildRequest) => Promise<BuildOutcome>;
  /** Puts a failure into words: one line, and the whole. */
  readonly describeFailure: (failure: Failure) => { shortMessage: string; message: string };
  readonly onEvent: OnEvent;
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

/** Makes jobs for one run. */
export class JobMaker {
  readonly #options: JobMakerOptions;
  #executor: Promise<Executor> | undefined;

  constructor(options: JobMakerOptions) {
    this.#options = options;
  }

  /** Executes until the job is there or the retries are used up; ends the build with its event. */
  async make(wanted: Wanted): Promise<BuildOutcome> {
    const { key, request } = wanted;
    const { retries } = request.settings;
    for (let attempt = 0; ; attempt++) {
      const { claim, job } = await this.#claim(wanted);
      if (claim === undefined) return this.#reuse(request, job);
      const { executor, reasons } = await this.#prepare(wanted, claim);
      const executed = await this.#execute(wanted, claim, { executor, reasons });
      if (executed.ok) {
        if (this.#options.forced.has(wanted)) this.#options.forced.made(key);
        this.#options.telling.built(request, executed, reasons);
        return { state: 'built', job: executed.job };
      }
      if (foundDamage(executed.failure)) this.#options.current.lookAgain();
      if (attempt >= retries || this.#options.interruption.cancelled) {
        this.#options.telling.failed(namedBuild(request), executed, reasons);
        return { state: 'failed', failure: executed.failure };
      }
      const { shortMessage } = this.#options.describeFailure(executed.failure);
      const message = `${shortMessage}; trying again (${attempt + 1} of ${retries})`;
      this.#options.telling.warn('retry', claim.id, message);
    }
  }

  /** Takes the claim, or the job that another process has made meanwhile. */
  async #claim(wanted: Wanted): Promise<ClaimOrJob> {
    const { key, request } = wanted;
    const method = request.code.name;
    const { run } = this.#options.surroundings;
    const workdir = this.#options.workdirs.forBuild(request);
    let newerThan = this.#options.forced.has(wanted) ? Infinity : -1;
    for (;;) {
      this.#options.interruption.refuseWhenCancelled();
      const answer = workdir.claim({ key, method, run, newerThan });
      switch (answer.kind) {
        case 'taken':
          this.#options.telling.tookOver(answer.claim);
          return { claim: answer.claim, job: undefined };
        case 'finished':
          if (await this.#options.current.isCurrent(answer.job, request.inputs))
            return { claim: undefined, job: answer.job };
          newerThan = answer.job.number;
          break;
        case 'held':
          this.#options.telling.waiting(namedBuild(request), answer);
          await workdir.waitForClaim(key, this.#options.interruption.signals.cancel);
      }
    }
  }

  #prepare(wanted: Wanted, claim: Claim): Promise<Prepared> {
    const workdir = this.#options.workdirs.forBuild(wanted.request);
    return releaseOnError({ workdir, claim }, async () => ({
      reasons: await this.#options.reasonsOf(wanted),
      executor: await this.#startedExecutor(),
    }));
  }

  async #execute(wanted: Wanted, claim: Claim, { executor, reasons }: Prepared): Promise<Executed> {
    const { request, content } = wanted;
    const { workdirs, files, surroundings, interruption, onEvent } = this.#options;
    const workdir = workdirs.forBuild(request);
    const subjobs = new Map<string, SubjobRecord>();
    const unrepeatable = new Set<string>();
    const start = (job: Pick<JobRun, 'task' | 'limits'>): Promise<JobOutcome> => {
      this.#options.telling.started(request, claim, {
        slices: request.shape.stages.includes('analysis') ? workdir.slices : 0,
        expectedMs: workdir.expectedMs(claim.method),
        reasons,
      });
      return executor.run({
        ...job,
        depth: depthOf(request) - 1,
        ...interruption.signals,
        onNotice: noticeEvents(claim, onEvent),
        build: (subjob) => this.#buildSubjob(subjob, { request, claim, subjobs, unrepeatable }),
      });
    };
    return execute(
      { ...surroundings, files, workdirPaths: workdirs.paths },
      { request, content, workdir, claim, subjobs, unrepeatable, start },
    );
  }

  /** Answers a build call from inside a stage. Nothing is thrown: what went wrong travels back to the stage. */
  async #buildSubjob(
    subjob: SubjobRequest,
    caller: {
      readonly request: BuildRequest;
      readonly claim: Claim;
      readonly subjobs: Map<string, SubjobRecord>;
      readonly unrepeatable: Set<string>;
    },
  ): Promise<SubjobReply> {
    const { claim, request, subjobs } = caller;
    const depth = depthOf(request);
    try {
      if (depth >= MAX_DEPTH) throw tooDeep(subjob.method);
      const workdir = this.#options.workdirs.forBuild(request).name;
      const parent: ParentJob = { id: claim.id, key: claim.key, depth, workdir };
      const resolved = await this.#options.resolveSubjob(subjob, parent);
      if (resolved.inputsMayDiffer === true) caller.unrepeatable.add(resolved.code.name);
      const outcome = await this.#options.build(resolved);
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
      const { problems } = error instanceof UsageError ? error : {};
      return {
        ok: false,
        failure: null,
        shortMessage: message,
        message,
        ...(problems === undefined ? {} : { problems }),
      };
    }
  }

  #reuse(request: BuildRequest, job: FinishedJob): BuildOutcome {
    this.#options.telling.reused(namedBuild(request), job);
    return { state: 'reused', job };
  }

  #startedExecutor(): Promise<Executor> {
    this.#executor ??= this.#options.makeExecutor();
    return this.#executor;
  }

  /** Ends worker threads and processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#executor)?.[Symbol.asyncDispose]();
  }
}

function foundDamage(failure: Failure): boolean {
  return failure.kind === 'threw' && failure.error.damagedJob !== undefined;
}

function errorText(error: unknown): string {
  if (error instanceof UsageError) return messageWithHints(error);
  return error instanceof Error ? error.message : String(error);
}

function tooDeep(method: string): UsageError {
  return new UsageError({
    code: 'too_deep',
    message: `Subjobs are nested at most ${MAX_DEPTH - 1} deep; \`${method}\` would be one more`,
    hint: 'If a method builds itself, its inputs must come to an end.',
  });
}
