// Carries out jobs on worker threads and isolated processes; nothing is started before the first task needs it.
// Each nesting depth of subjobs has threads of its own: a stage that waits for its subjob keeps its thread, so with
// shared threads enough waiting parents would leave none for their children.

import { availableParallelism } from 'node:os';

import type { JobOutcome, JobRun } from './job-run.ts';
import { ProcessPool } from './process-pool.ts';
import { runJob } from './run-job.ts';
import type { StartStage } from './running-stage.ts';
import { Scheduler } from './scheduler.ts';
import { ThreadPool } from './thread-pool.ts';

const GRACE_MS = 2000;

/** What an executor is made of. */
export interface ExecutorOptions {
  /** The worker's entry file, as built (`dist/worker.cjs`). */
  readonly worker: URL;
  /** Tasks that run at once, at each nesting depth; the machine's parallelism when absent. */
  readonly concurrency?: number;
  /** Heap of one thread, buffers not counted; the runtime's own limit when absent. */
  readonly threadHeapMb?: number;
  /** Time between the signal to stop and the end by force; 2000 when absent. */
  readonly graceMs?: number;
}

/** What the jobs of one nesting depth share. */
interface Depth {
  readonly scheduler: Scheduler;
  /** `undefined` until the first task that needs a thread. */
  threads: Promise<ThreadPool> | undefined;
}

/** Carries out any number of jobs at a time; their tasks share the threads fairly. */
export class Executor {
  readonly #worker: URL;
  readonly #concurrency: number;
  readonly #graceMs: number;
  readonly #threadHeapMb: number | undefined;
  readonly #depths = new Map<number, Depth>();
  readonly #processes: ProcessPool;

  constructor(options: ExecutorOptions) {
    this.#worker = options.worker;
    this.#concurrency = options.concurrency ?? availableParallelism();
    this.#graceMs = options.graceMs ?? GRACE_MS;
    this.#threadHeapMb = options.threadHeapMb;
    this.#processes = new ProcessPool(this.#worker, this.#concurrency);
  }

  /** Carries out one job. When this settles nothing of the job runs any more. Rejects only if the engine is broken. */
  async run(job: JobRun): Promise<JobOutcome> {
    const depth = this.#depth(job.depth);
    using queue = depth.scheduler.open(job.limits.concurrency);
    return await runJob({ job, queue, start: this.#starter(job, depth), graceMs: this.#graceMs });
  }

  /** Ends all threads and processes. To be called when no job runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#processes[Symbol.asyncDispose](),
      ...[...this.#depths.values()].map(closeThreads),
    ]);
  }

  #depth(number: number): Depth {
    let depth = this.#depths.get(number);
    if (depth === undefined) {
      depth = { scheduler: new Scheduler(this.#concurrency), threads: undefined };
      this.#depths.set(number, depth);
    }
    return depth;
  }

  #starter({ task, limits }: JobRun, depth: Depth): StartStage {
    const { memoryLimitMb } = limits;
    if (memoryLimitMb !== undefined) {
      return async (stageTask, onMessage) =>
        this.#processes.start(stageTask, memoryLimitMb, onMessage);
    }
    const wanted = task.stages.includes('analysis') ? task.setup.slices : 1;
    const firstThreads = Math.min(wanted, limits.concurrency ?? wanted, this.#concurrency);
    return async (stageTask, onMessage) => {
      depth.threads ??= this.#startThreads(firstThreads);
      return (await depth.threads).start(stageTask, onMessage);
    };
  }

  /** As many as the first job can use start side by side; a job without slices does not wait for more than one. */
  #startThreads(firstThreads: number): Promise<ThreadPool> {
    return ThreadPool.create({
      worker: this.#worker,
      maxThreads: this.#concurrency,
      firstThreads,
      heapMb: this.#threadHeapMb,
    });
  }
}

async function closeThreads({ threads }: Depth): Promise<void> {
  await (await threads)?.[Symbol.asyncDispose]();
}
