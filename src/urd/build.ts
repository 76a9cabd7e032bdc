// What `urd.build` returns: a promise of a job that can be passed on as an input before it is there.

import { Job } from '../method/job/job.ts';
import { UsageError } from '../model/errors.ts';
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
  #ending: Settled | Promise<Settled>;

  /** `toJob` turns the outcome, known by now or later, into what the promise gives, or throws. */
  constructor(
    method: string,
    ending: Settled | Promise<Settled>,
    toJob: (settled: Settled) => Job,
  ) {
    super((resolve, reject) => {
      if (!(ending instanceof Promise)) resolve(toJob(ending) as Job<R>);
      else ending.then((outcome) => resolve(toJob(outcome) as Job<R>)).catch(reject);
    });
    this.method = method;
    this.#ending = ending;
    if (!(ending instanceof Promise)) return;
    void ending.then((outcome) => (this.#ending = outcome));
    // A rejection that nobody waits for must not end the process: the run reports it at its end.
    this.catch(ignore);
  }

  /** How the build ended, or a promise of that, which never rejects. */
  get ending(): Settled | Promise<Settled> {
    return this.#ending;
  }
}

// JavaScript would say no more than "is not a function". Types know nothing of these members: the compiler refuses them.
for (const member of ['id', 'number', 'workdir', ...Object.getOwnPropertyNames(Job.prototype)]) {
  if (member in Build.prototype) continue;
  Reflect.defineProperty(Build.prototype, member, {
    configurable: true,
    get(this: Build): never {
      throw notAwaited(this.method, member);
    },
  });
}

function notAwaited(method: string, member: string): UsageError {
  return new UsageError({
    code: 'build_not_awaited',
    message: `Expected a job to have \`${member}\` of, got a build of \`${method}\` that was not awaited`,
    hint: `Write \`const job = await urd.build('${method}', …)\`, then \`job.${member}\`.`,
    token: member,
  });
}

function ignore(): void {
  // The outcome is kept in `ending`.
}
