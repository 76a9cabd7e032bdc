// What a failed build rejects with: the failure as data, and two texts about it.
// The texts are given, because the words for failures are made in one place only, the report room.

import type { FailedStage, Failure } from '../../model/failure.ts';
import type { JobId } from '../../model/ids.ts';

/** A build did not succeed. `shortMessage` is one line; `message` adds stack and last output. */
export class JobError extends Error {
  readonly failure: Failure;
  /** The job that failed; `null` where none was started. */
  readonly job: JobId | null;
  readonly method: string;
  /** The stage that failed; `null` where none was started. */
  readonly stage: FailedStage['name'] | null;
  /** The slice that failed; `null` unless it was in analysis. */
  readonly sliceno: number | null;
  /** The last lines the stage printed, oldest first. */
  readonly lastOutput: readonly string[];
  readonly shortMessage: string;

  constructor(facts: { failure: Failure; shortMessage: string; message: string }) {
    super(facts.message);
    this.name = 'JobError';
    const { failure } = facts;
    const executed = failure.kind === 'skipped' ? undefined : failure;
    this.failure = failure;
    this.job = executed?.job ?? null;
    this.method = failure.method;
    this.stage = executed?.stage.name ?? null;
    this.sliceno = executed?.stage.sliceno ?? null;
    this.lastOutput = executed?.lastOutput ?? [];
    this.shortMessage = facts.shortMessage;
  }
}
