// Every way in which a job can end without success, as data. The words are made in report/failure-text.ts.

import type { Problem } from './errors.ts';
import type { JobId } from './ids.ts';

/** Where in a job something went wrong: `prepare`, `analysis(3)`, `synthesis`, or `publish` after the last stage. */
export interface FailedStage {
  readonly name: 'prepare' | 'analysis' | 'synthesis' | 'publish';
  /** Only for analysis. */
  readonly sliceno?: number;
}

/** An exception that another one was made of. */
export interface ThrownCause {
  readonly name: string;
  readonly message: string;
  readonly stack: readonly string[];
}

/** An exception as it left the method's code. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  /** Source-mapped, engine frames removed; one frame a line, empty when there is none. */
  readonly stack: readonly string[];
  /** What its `cause` and its `errors` say, outermost first; absent when it has none. */
  readonly causes?: readonly ThrownCause[];
  /** The author's mistakes that it tells of. Some have a place of their own, as in a file that does not parse. */
  readonly problems?: readonly Problem[];
  /** The mistakes are those of the build call, whatever code found them: nobody needs to look into that. */
  readonly ofCall?: true;
  /** The subjob that did not succeed, where the exception is just that; its own failure tells the rest. */
  readonly subjob?: { readonly id: JobId; readonly method: string };
  /** The operating system's code, as `ENOSPC`; absent when the exception has none. */
  readonly code?: string;
  /** The file of a job that does not hold what was written to it; absent for all other exceptions. */
  readonly damagedFile?: string;
  /** The job that file belongs to, where it was marked as damaged. */
  readonly damagedJob?: JobId;
}

/** Facts that every failure of an executed job has. */
interface ExecutedFailure {
  readonly job: JobId;
  readonly method: string;
  readonly stage: FailedStage;
  /** The last lines the stage printed, oldest first. */
  readonly lastOutput: readonly string[];
}

/** The method threw. `status` holds what the stage was doing, outermost first. */
export interface ThrewFailure extends ExecutedFailure {
  readonly kind: 'threw';
  readonly error: ThrownError;
  readonly status: readonly string[];
}

/** The method ended its worker with `process.exit`, or the worker's process was killed. */
export interface ExitedFailure extends ExecutedFailure {
  readonly kind: 'exited';
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The stage used more memory than it may. `limitMb` is `null` when the machine's own limit was met. */
export interface OutOfMemoryFailure extends ExecutedFailure {
  readonly kind: 'out_of_memory';
  readonly limitMb: number | null;
}

/** The job was still running after its time-out. `stopped` tells how it ended after the signal. */
export interface TimedOutFailure extends ExecutedFailure {
  readonly kind: 'timed_out';
  readonly timeoutMs: number;
  readonly stopped: 'by_itself' | 'terminated';
}

/** What the stages left cannot be published: a missing slice, a value that does not serialise, a vanished file. */
export interface InvalidOutputFailure extends ExecutedFailure {
  readonly kind: 'invalid_output';
  readonly message: string;
}

/** The run was interrupted. */
export interface CancelledFailure extends ExecutedFailure {
  readonly kind: 'cancelled';
}

/** An input could not be built, so this job was never started. */
export interface SkippedFailure {
  readonly kind: 'skipped';
  readonly method: string;
  /** The failed input: its name in this build, its method, and its job where one was started. */
  readonly input: string;
  readonly inputMethod: string;
  readonly inputJob: JobId | null;
}

/** A job did not succeed. */
export type Failure =
  | ThrewFailure
  | ExitedFailure
  | OutOfMemoryFailure
  | TimedOutFailure
  | InvalidOutputFailure
  | CancelledFailure
  | SkippedFailure;

/** What a machine lacks when it refuses to write: space, descriptors, memory, a working disk. */
const MACHINE_LACKS = /^(?:ENOSPC|EDQUOT|EROFS|EIO|EMFILE|ENFILE|ENOMEM)$/u;

/** Tells whether it was the machine that made the job fail, and not what the method does. */
export function isMachineFault(failure: Failure): boolean {
  return failure.kind === 'threw' && MACHINE_LACKS.test(failure.error.code ?? '');
}
