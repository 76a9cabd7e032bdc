// Stands for a job that a dry run did not build: it can be passed on and linked, and stops the script when looked into.

import { Job } from '../method/job/job.ts';
import { causesOf } from '../util/causes.ts';

/** Thrown when a script needs what is in a job that a dry run did not build. Ends the dry run, as planned. */
export class DryRunEnd extends Error {
  readonly method: string;
  readonly member: string;

  constructor(method: string, member: string) {
    super(
      `The dry run ends here: the script needs \`${member}\` of the job that \`${method}\` would make`,
    );
    this.name = 'DryRunEnd';
    this.method = method;
    this.member = member;
  }
}

/** What ended a dry run, also where the script threw it on as the cause of an exception of its own. */
export function dryRunEnd(error: unknown): DryRunEnd | undefined {
  // Beside it an aggregate may tell of mistakes.
  if (error instanceof AggregateError) return undefined;
  return [error, ...causesOf(error)].find((one) => one instanceof DryRunEnd);
}

const planned = new WeakMap<object, string>();

/** Makes the stand-in for a job of `method`. */
export function plannedJob(method: string): Job {
  const stand = new Proxy(Object.create(Job.prototype) as Job, {
    get(_, member) {
      // `await` asks for `then`; printing asks for symbols and `toString`.
      if (member === 'then' || typeof member === 'symbol') return undefined;
      if (member === 'method') return method;
      if (member === 'toString') return () => `(${method})`;
      if (member === 'linkResult') return () => '';
      throw new DryRunEnd(method, member);
    },
  });
  planned.set(stand, method);
  return stand;
}

/** Returns the method whose job `value` stands for; `undefined` when it is anything else. */
export function plannedMethod(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? planned.get(value) : undefined;
}
