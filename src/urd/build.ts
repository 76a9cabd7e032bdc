// What `urd.build` returns: a promise of a job that can be passed on as an input before it is there.

import type { Job } from '../method/job/job.ts';
import type { Failure } from '../model/failure.ts';

/** How a build call came out. `error` is a mistake or a fault rather than a job's failure. */
export type Settled =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'planned'; readonly method: string }
  | { readonly kind: 'error'; readonly error: unknown };

/** A promise of a job of a method whose result is an `R`. Never awaited, it still counts: the run waits for it. */
export class Build<R = unknown> extends Promise<Job<R>> {
  /** What `then` and `catch` return is a plain promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  readonly method: string;
  /** Resolves, never rejects, when the build has ended. */
  readonly settled: Promise<Settled>;

  /** `toJob` turns the outcome into what the promise gives, or throws. */
  constructor(method: string, settled: Promise<Settled>, toJob: (settled: Settled) => Job) {
    super((resolve, reject) => {
      settled.then((outcome) => resolve(toJob(outcome) as Job<R>)).catch(reject);
    });
    this.method = method;
    this.settled = settled;
    // A rejection that nobody waits for must not end the process: the run reports it at its end.
    this.catch(ignore);
  }
}

function ignore(): void {
  // The outcome is kept in `settled`.
}
