// What passes between the engine's thread and a worker while one job runs: tasks, replies and messages.
// Plain data only; stage results travel as msgpack bytes that the engine's thread never opens.

import type { Problem } from './errors.ts';
import type { Failure } from './failure.ts';
import type { DatasetRecord, FileRecord, Setup, SubjobRecord } from './manifest.ts';
import type { DatasetInputShape, JobInputShape, StageName } from './method-shape.ts';

/** Where jobs lie: absolute path of each workdir by name. */
export type WorkdirPaths = Readonly<Record<string, string>>;

/** A build call made from inside a stage, as sent to the engine's thread. */
export interface SubjobRequest {
  readonly method: string;
  /** Inputs by name, encoded by the method room: options by reference, datasets and jobs as specs. */
  readonly inputs: Uint8Array;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a subjob call gives back to the stage that made it. */
export type SubjobReply =
  | { readonly ok: true; readonly job: SubjobRecord; readonly path: string }
  /** `failure` is `null` when the call itself was wrong: an unknown method or an invalid input. */
  | {
      readonly ok: false;
      readonly failure: Failure | null;
      readonly shortMessage: string;
      readonly message: string;
      /** The mistakes in the called method or its inputs, with their places in source files. */
      readonly problems?: readonly Problem[];
    };

/** The part of a task that is the same for all stages of one job. */
export interface JobTask {
  readonly setup: Setup;
  /** Absolute path of the job directory. */
  readonly path: string;
  /** Absolute path of the bundle to import. */
  readonly bundle: string;
  readonly stages: readonly StageName[];
  readonly datasets: Readonly<Record<string, DatasetInputShape>>;
  readonly jobs: Readonly<Record<string, JobInputShape>>;
  readonly workdirs: WorkdirPaths;
  readonly resultDirectory: string;
  readonly projectDirectory: string;
}

/** What one slice of a dataset writer has written: the data room's own record, opaque to everyone else. */
export type DatasetPart = unknown;

/** A dataset that is being written: how it was declared, and the slices written up to now. */
export interface OpenDataset {
  readonly name: string;
  /** The data room's declaration of it, opaque to everyone else. */
  readonly declaration: unknown;
  readonly parts: Readonly<Record<number, DatasetPart>>;
  /** Rows of all slices lie in the parts: they must be gathered before synthesis. */
  readonly toGather?: boolean;
}

/** A file of a running job that was hashed while it was written. */
export interface WrittenFile extends FileRecord {
  /** The time of change it was given then, long past: with another one it has been changed since. */
  readonly mtimeMs?: number;
}

/** What the stages that have ended so far have left for the next one. */
export interface StageState {
  /** What prepare returned, as msgpack; `undefined` when it returned nothing. */
  readonly prepareRes?: Uint8Array;
  /** What each slice returned, in slice order; an entry is `undefined` when the slice returned nothing. */
  readonly analysisRes?: readonly (Uint8Array | undefined)[];
  /** What `finishEarly` in prepare was given, as msgpack: the sealing task saves it as the job's result. */
  readonly earlyResult?: Uint8Array;
  readonly openDatasets: readonly OpenDataset[];
  readonly finishedDatasets: readonly DatasetRecord[];
  /** Files registered up to now; a value is `null` until the file has been hashed. */
  readonly files: Readonly<Record<string, WrittenFile | null>>;
  /** Files to delete when the job ends. */
  readonly tempFiles: readonly string[];
}

/** One stage of one job. `synthesis` runs for every job, also without such a function: it seals the job. */
export interface StageTask {
  readonly job: JobTask;
  readonly stage:
    | { readonly name: 'prepare' | 'synthesis' }
    /** `gathers`: not the method's function, but a second round that gathers the rows which analysis has split. */
    | { readonly name: 'analysis'; readonly sliceno: number; readonly gathers?: boolean };
  /** True when the stage's function is skipped: the method has none, or an earlier stage finished the job early. */
  readonly sealOnly: boolean;
  readonly state: StageState;
}

/** What a stage leaves behind: to be merged into the state by `mergeStage`. */
export interface StageReply {
  readonly result?: Uint8Array;
  /** Present when the stage called `finishEarly`; `result` is then the job's result. */
  readonly finishedEarly: boolean;
  readonly openDatasets: readonly OpenDataset[];
  readonly finishedDatasets: readonly DatasetRecord[];
  readonly files: Readonly<Record<string, WrittenFile | null>>;
  readonly tempFiles: readonly string[];
}

/** What stands between nested statuses in a status line. */
export const STATUS_SEPARATOR = ' › ';

/** The doors a running stage has to the engine's thread. */
export interface StageHost {
  /** Forwards what the stage printed; the worker has already written it to the job's `OUTPUT`. */
  readonly output: (text: string) => void;
  /** Replaces the status line of this stage; an empty string clears it. */
  readonly status: (text: string) => void;
  /** Reports rows read since the last report. */
  readonly rows: (count: number) => void;
  /** Reports rows that a loop is going to read; fewer, negative, when it was given up. */
  readonly planned: (rows: number) => void;
  readonly build: (request: SubjobRequest) => Promise<SubjobReply>;
  /** Aborted when the job is cancelled or has timed out. */
  readonly signal: AbortSignal;
}

/** Runs one stage inside a worker: given by the method room to the exec room's worker loop. */
export type RunStage = (task: StageTask, host: StageHost) => Promise<StageReply>;
