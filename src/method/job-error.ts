// What a failed build rejects with: the failure as data, and two texts about it.
// The texts are given, because the words for failures are made in one place only, the report room.

import type { Failure } from '../model/failure.ts';
import type { JobId } from '../model/ids.ts';

/** A build did not succeed. `shortMessage` is one line; `message` adds stack and last output. */
export class JobError extends Error {
  readonly failure: Failure;
  /** The job that failed; `null` where none was started. */
  readonly job: JobId | null;
  readonly method: string;
  readonly shortMessage: string;

  constructor(facts: { failure: Failure; shortMessage: string; message: string }) {
    super(facts.message);
    this.name = 'JobError';
    this.failure = facts.failure;
    this.job = facts.failure.kind === 'skipped' ? null : facts.failure.job;
    this.method = facts.failure.method;
    this.shortMessage = facts.shortMessage;
  }
}
