// What happens during a run, as plain data for the report room and for `--json`. Names and fields are a contract.

import type { SourceLocation } from './errors.ts';
import type { Failure } from './failure.ts';
import type { JobId } from './ids.ts';

/** How a build ended. */
export type BuildState = 'built' | 'reused' | 'failed' | 'skipped' | 'would_build';

/** Why a job ran: one difference to the nearest earlier job, most telling first. */
export interface Reason {
  readonly kind:
    | 'never_built'
    | 'method'
    | 'option'
    | 'source'
    | 'package'
    | 'dataset'
    | 'job'
    | 'file'
    | 'environment'
    | 'version'
    | 'slices'
    | 'engine'
    | 'forced'
    | 'subjob'
    /** An input, a job of method `subject`, has to be made first: what it comes to decides. Only in dry runs. */
    | 'input'
    | 'damaged'
    | 'tainted';
  /** What differs, as an option's name or `lib/feat.ts:41`. */
  readonly subject: string;
  /** The earlier and the present value as text; absent where there is none. */
  readonly before?: string;
  readonly after?: string;
  /** Source lines that differ, in the order of the file; only where the kind is `source`. */
  readonly lines?: readonly ChangedLine[];
}

/** A source line that is gone (`-`) or new (`+`). */
export interface ChangedLine {
  readonly sign: '-' | '+';
  readonly text: string;
}

/** A run of a build script began. */
export interface RunStarted {
  readonly type: 'run_started';
  readonly run: number;
  readonly script: string;
  readonly workdir: string;
  readonly dryRun: boolean;
  /** Methods that the script names; it may build others, too. */
  readonly methods: readonly string[];
}

/** A job began to execute. */
export interface JobStarted {
  readonly type: 'job_started';
  readonly job: JobId;
  readonly method: string;
  readonly name: string;
  readonly slices: number;
  /** Milliseconds that the method's latest execution took; `null` when it never ran. */
  readonly expectedMs: number | null;
  readonly reasons: readonly Reason[];
}

/** A stage began. `analysis` begins once, when its first slice does. */
export interface StageStarted {
  readonly type: 'stage_started';
  readonly job: JobId;
  readonly stage: 'prepare' | 'analysis' | 'synthesis';
}

/** One more slice is done, or more rows were read. */
export interface JobProgress {
  readonly type: 'job_progress';
  readonly job: JobId;
  readonly slicesDone: number;
  readonly rows: number;
  /** How much of what their loops read the running stages have read: each counts up to 1. */
  readonly readPart: number;
  /** Status lines of the running stages, by `prepare`, slice number or `synthesis`. */
  readonly status: Readonly<Record<string, string>>;
}

/** A stage printed something. */
export interface JobOutput {
  readonly type: 'job_output';
  readonly job: JobId;
  readonly method: string;
  readonly stage: string;
  readonly text: string;
}

/** A build came to an end: the line a user sees for each build call. */
export interface BuildEnded {
  readonly type: 'build_ended';
  readonly state: BuildState;
  /** `null` where no job was started: skipped, or a dry run. */
  readonly job: JobId | null;
  readonly method: string;
  readonly name: string;
  /** Of the execution now, or of the reused job's own execution. */
  readonly execMs: number;
  readonly reasons: readonly Reason[];
  readonly failure: Failure | null;
}

/** Something the user should know that stops nothing. */
export interface Warning {
  readonly type: 'warning';
  readonly kind: 'tainted' | 'unsound' | 'damaged' | 'script' | 'takeover' | 'retry' | 'expired';
  readonly job: JobId | null;
  readonly message: string;
}

/** The run waits for another process that builds the same job. */
export interface WaitingForClaim {
  readonly type: 'waiting';
  readonly method: string;
  readonly job: JobId;
  readonly pid: number;
  readonly host: string;
}

/** Where a script that plans only could not go on: it needs what is in a job that would be built. */
export interface PlanEnd {
  readonly method: string;
  /** The member of the job that it asked for, as `load`. */
  readonly member: string;
  /** `null` when the place is not known. */
  readonly where: SourceLocation | null;
}

/** A run came to an end. */
export interface RunEnded {
  readonly type: 'run_ended';
  readonly run: number;
  readonly built: number;
  readonly reused: number;
  readonly failed: number;
  readonly skipped: number;
  readonly wouldBuild: number;
  /** Build calls that made no build, because of a mistake in the call. */
  readonly refused: number;
  readonly elapsedMs: number;
  readonly exitCode: number;
  /** Builds that the script would ask for from there on are not known; `null` when it went to its end. */
  readonly stoppedAt: PlanEnd | null;
  /** The chain of builds that decided how long the run took; empty when nothing ran. */
  readonly criticalPath: readonly {
    readonly job: JobId;
    readonly method: string;
    readonly execMs: number;
  }[];
  /** Jobs whose slowest slice took more than twice the median one. */
  readonly skew: readonly {
    readonly job: JobId;
    readonly method: string;
    readonly slowestMs: number;
    readonly medianMs: number;
  }[];
}

/** Everything that is reported while a run goes on. */
export type Event =
  | RunStarted
  | JobStarted
  | StageStarted
  | JobProgress
  | JobOutput
  | BuildEnded
  | Warning
  | WaitingForClaim
  | RunEnded;

/** Receives events, in order, on the engine's thread. */
export type OnEvent = (event: Event) => void;
