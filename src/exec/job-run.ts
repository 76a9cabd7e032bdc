// What the exec room is given for one job, what it tells while the job runs, and how it ended.
// Unaware of keys, reuse and retries: the engine decides what an ending means.

import type { Failure, FailedStage } from '../model/failure.ts';
import type { ExecTimes } from '../model/manifest.ts';
import type { StageName } from '../model/method-shape.ts';
import type { JobTask, StageState, SubjobReply, SubjobRequest } from '../model/stage.ts';

/** Something that happened while a job runs; the engine adds job and method and makes events of it. */
export type JobNotice =
  /** `analysis` begins once, when its first slice does; `synthesis` only if the method has one and it is not skipped. */
  | { readonly kind: 'stage_started'; readonly stage: StageName }
  /** `stage` is `prepare`, the slice number or `synthesis`: the name of the file below `OUTPUT`. */
  | { readonly kind: 'output'; readonly stage: string; readonly text: string }
  /** Totals up to now; `status` holds the running stages that have one. */
  | {
      readonly kind: 'progress';
      readonly slicesDone: number;
      readonly rows: number;
      /** Sum over the running stages: the part of the rows of its loops that each has read. */
      readonly readPart: number;
      readonly status: Readonly<Record<string, string>>;
    };

/** What one job may use; an absent limit means none. */
export interface JobLimits {
  /** Slices of this job that run at once. */
  readonly concurrency?: number;
  /** Memory of one stage or slice, beyond what an idle process uses. The job then runs in processes of its own. */
  readonly memoryLimitMb?: number;
  /** From the start of the first stage; waiting for its turn does not count. */
  readonly timeoutMs?: number;
}

/** One job to carry out. */
export interface JobRun {
  readonly task: JobTask;
  readonly limits: JobLimits;
  /** 0 for a job of a build script, 1 for its subjobs, and so on. Each depth has threads of its own. */
  readonly depth: number;
  /** Aborted to cancel: the stages are signalled, and terminated when the grace has passed. */
  readonly cancel?: AbortSignal;
  /** Aborted to cancel without grace, also after `cancel`. */
  readonly terminate?: AbortSignal;
  readonly onNotice: (notice: JobNotice) => void;
  /** Answers a build call made inside a stage. */
  readonly build: (request: SubjobRequest) => Promise<SubjobReply>;
}

type WithoutJob<F> = F extends { readonly stage: FailedStage } ? Omit<F, 'job' | 'method'> : never;

/** How an executed job failed, without job id and method, which the engine adds. */
export type ExecFailure = WithoutJob<Failure>;

/** How a job ended. After `ok` everything in its directory has been flushed and nothing runs in it any more. */
export type JobOutcome =
  | {
      readonly ok: true;
      readonly state: SealedState;
      readonly execMs: ExecTimes;
      /** How long analysis went on after half of its slices had ended. */
      readonly tailMs: number;
    }
  | { readonly ok: false; readonly failure: ExecFailure; readonly execMs: ExecTimes };

/** What a sealed job consists of. A file is `null` if it was registered and has vanished. */
export type SealedState = Pick<StageState, 'files' | 'finishedDatasets'>;
