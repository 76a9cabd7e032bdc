// Carries out one job: prepare, then the slices of analysis, then synthesis, which also seals the job.
// Unaware of threads and processes: it is given a queue for its turn and a way to start a stage.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecTimes } from '../model/manifest.ts';
import type { StageState, StageTask, SubjobReply, SubjobRequest } from '../model/stage.ts';
import { describeEnd, describeStop, describeDisagreement } from './exec-failure.ts';
import { JobProgress } from './job-progress.ts';
import type { ExecFailure, JobOutcome, JobRun } from './job-run.ts';
import { EMPTY_STATE, mergeStage } from './merge-stage.ts';
import { onAbort } from './on-abort.ts';
import type { StageEnd } from './protocol.ts';
import type { RunningStage, StageMessage, StartStage } from './running-stage.ts';
import type { JobQueue } from './scheduler.ts';
import { Stopping } from './stopping.ts';

/** Grace for the other slices when one has failed: what they make is of no use any more. */
const FAILED_GRACE_MS = 500;

/** Node's timers fire at once when they are set to more, which is 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What carrying out a job needs besides the job. */
export interface RunJobOptions {
  readonly job: JobRun;
  readonly queue: JobQueue;
  readonly start: StartStage;
  /** Time between the signal to stop and the end by force. */
  readonly graceMs: number;
}

type Stage = StageTask['stage'];
/** A stage in all its slices; prepare and synthesis have one. */
type Slices = readonly [Stage, ...Stage[]];
type EndedStage = Extract<StageEnd, { readonly kind: 'ended' }>;

/** Carries out one job. When this settles nothing of the job runs any more. Rejects only if the engine is broken. */
export async function runJob(options: RunJobOptions): Promise<JobOutcome> {
  const { job, graceMs } = options;
  using execution = new JobExecution(options);
  const forgetCancel = onAbort(job.cancel, () => execution.stop('cancelled', graceMs));
  const forgetTerminate = onAbort(job.terminate, () => execution.stop('cancelled', 0));
  try {
    return await execution.run();
  } finally {
    forgetCancel();
    forgetTerminate();
  }
}

/** One job on its way through its stages. */
class JobExecution {
  readonly #job: JobRun;
  readonly #queue: JobQueue;
  readonly #start: StartStage;
  readonly #graceMs: number;
  readonly #stopping = new Stopping();
  readonly #progress: JobProgress;
  readonly #times: { prepare?: number; analysis?: number[]; synthesis?: number } = {};
  /** When the slices of analysis ended, in order of their ends. */
  readonly #sliceEnds: number[] = [];
  #state: StageState = EMPTY_STATE;
  #finishedEarly = false;
  #failure: ExecFailure | undefined;
  /** An error of the engine itself, kept until all slices have ended. */
  #broken: { readonly error: unknown } | undefined;
  #startedAt: number | undefined;
  #timeout: NodeJS.Timeout | undefined;

  constructor({ job, queue, start, graceMs }: RunJobOptions) {
    this.#job = job;
    this.#queue = queue;
    this.#start = start;
    this.#graceMs = graceMs;
    this.#progress = new JobProgress(job.onNotice);
  }

  async run(): Promise<JobOutcome> {
    const { stages, setup } = this.#job.task;
    if (stages.includes('prepare')) await this.#runStage([{ name: 'prepare' }]);
    if (stages.includes('analysis') && this.#goesOn && !this.#finishedEarly) {
      await this.#runStage(slicesOf(setup.slices, {}));
      const isSplit = this.#state.openDatasets.some(({ toGather }) => toGather === true);
      const goesOn = this.#goesOn && !this.#finishedEarly;
      if (isSplit && goesOn) await this.#runStage(slicesOf(setup.slices, { gathers: true }));
    }
    if (this.#goesOn) await this.#runStage([{ name: 'synthesis' }]);
    if (this.#broken !== undefined) throw this.#broken.error;
    const execMs = this.#execTimes();
    if (this.#failure !== undefined) {
      this.#removeTemporary();
      return { ok: false, failure: this.#failure, execMs };
    }
    const { files, finishedDatasets } = this.#state;
    return { ok: true, state: { files, finishedDatasets }, execMs, tailMs: this.#tailMs() };
  }

  /** Sealing would have done it. What a stage that did not end had made, it has removed itself, if it could. */
  #removeTemporary(): void {
    for (const name of this.#state.tempFiles) {
      rmSync(join(this.#job.task.path, name), { force: true });
    }
  }

  /** Stops the job: what waits is dropped, what runs is signalled, then ended by force. */
  stop(reason: 'timed_out' | 'cancelled' | 'failed', graceMs: number): void {
    this.#stopping.begin(reason, graceMs);
    this.#queue.clear();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timeout);
    this.#stopping[Symbol.dispose]();
  }

  get #goesOn(): boolean {
    return this.#failure === undefined && this.#broken === undefined;
  }

  /** Runs one stage in all its slices, and takes over what they leave. */
  async #runStage(slices: Slices): Promise<void> {
    const ends = await Promise.all(slices.map((stage) => this.#runSlice(stage)));
    const { reason, stoppedIn, wasForced } = this.#stopping;
    if (reason === 'timed_out' || reason === 'cancelled') {
      const stage = stoppedIn ?? slices[0];
      this.#failure ??= describeStop({ job: this.#job, reason, stage, wasForced });
    }
    if (!this.#goesOn) return;
    this.#takeOver(
      slices,
      ends.filter((end) => end !== undefined),
    );
  }

  /** Runs one slice when it is its turn; `undefined` when it was not started or did not succeed. */
  async #runSlice(stage: Stage): Promise<EndedStage | undefined> {
    try {
      if (this.#stopping.reason !== undefined) return undefined;
      const end = await this.#queue.run(() => this.#runNow(stage));
      if (end === undefined) return undefined;
      if (!isGathering(stage)) this.#noteEnd(stage);
      if (end.kind === 'ended') return end;
      if (this.#stopping.reason === undefined) this.#failure = describeEnd(end, stage, this.#job);
    } catch (error) {
      this.#broken ??= { error };
    }
    if (this.#stopping.reason === undefined) this.stop('failed', FAILED_GRACE_MS);
    return undefined;
  }

  async #runNow(stage: Stage): Promise<StageEnd> {
    const sealOnly = this.#isSealOnly(stage);
    this.#begin(stage, sealOnly);
    const task: StageTask = { job: this.#job.task, stage, sealOnly, state: this.#state };
    const running = await this.#start(task, (message) => this.#receive(stage, message, running));
    this.#stopping.add(running, stage);
    try {
      return await running.end;
    } finally {
      this.#stopping.delete(running);
    }
  }

  /** The time-out counts from the first stage's turn, not from the job's arrival. */
  #begin(stage: Stage, sealOnly: boolean): void {
    const { timeoutMs } = this.#job.limits;
    if (this.#startedAt === undefined) {
      this.#startedAt = performance.now();
      if (timeoutMs !== undefined) {
        const timedOut = (): void => this.stop('timed_out', this.#graceMs);
        this.#timeout = setTimeout(timedOut, Math.min(timeoutMs, LONGEST_TIMER_MS));
      }
    }
    if (!sealOnly && !isGathering(stage)) this.#progress.started(stage);
  }

  #isSealOnly(stage: Stage): boolean {
    return this.#finishedEarly || !this.#job.task.stages.includes(stage.name);
  }

  #receive(stage: Stage, message: StageMessage, running: RunningStage): void {
    if (message.kind !== 'subjob') return this.#progress.receive(stage, message);
    void this.#buildSubjob(message.request).then((reply) =>
      running.post({ kind: 'subjob_reply', id: message.id, reply }),
    );
  }

  /** An error of the engine ends the job, after the stage that waits was told. */
  async #buildSubjob(request: SubjobRequest): Promise<SubjobReply> {
    try {
      return await this.#job.build(request);
    } catch (error) {
      this.#broken ??= { error };
      this.stop('failed', this.#graceMs);
      const message = `Internal error while building ${request.method}`;
      return { ok: false, failure: null, shortMessage: message, message };
    }
  }

  /** Adds what the slices of a stage leave to the state, in slice order. */
  #takeOver(slices: readonly Stage[], ends: readonly EndedStage[]): void {
    this.#failure = describeDisagreement(ends, this.#job);
    for (const [index, { reply, execMs }] of ends.entries()) {
      const stage = slices[index];
      if (stage === undefined) throw new Error('Internal error: more slices ended than began');
      this.#state = mergeStage(this.#state, stage, reply);
      if (!this.#isSealOnly(stage)) this.#addTime(stage, execMs);
    }
    this.#finishedEarly ||= ends.some(({ reply }) => reply.finishedEarly);
  }

  #addTime(stage: Stage, execMs: number): void {
    if (stage.name !== 'analysis') {
      this.#times[stage.name] = execMs;
      return;
    }
    const times = (this.#times.analysis ??= []);
    times[stage.sliceno] = (times[stage.sliceno] ?? 0) + execMs;
  }

  #noteEnd(stage: Stage): void {
    this.#progress.ended(stage);
    if (stage.name === 'analysis') this.#sliceEnds.push(performance.now());
  }

  /** Slices end later than others for want of threads, too: how long a slice took does not say that one waited for it. */
  #tailMs(): number {
    const ends = this.#sliceEnds;
    return (ends.at(-1) ?? 0) - (ends[Math.floor((ends.length - 1) / 2)] ?? 0);
  }

  #execTimes(): ExecTimes {
    const total = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
    return { ...this.#times, total };
  }
}

function slicesOf(count: number, round: { readonly gathers?: true }): Slices {
  const others = Array.from({ length: count - 1 }, (_, index) => index + 1);
  return [
    { name: 'analysis', sliceno: 0, ...round },
    ...others.map((sliceno): Stage => ({ name: 'analysis', sliceno, ...round })),
  ];
}

function isGathering(stage: Stage): boolean {
  return stage.name === 'analysis' && stage.gathers === true;
}
