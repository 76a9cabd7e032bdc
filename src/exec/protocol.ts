// What the engine's thread and a worker say to each other while one stage runs. Plain data for structured clone.

import type { MessagePort } from 'node:worker_threads';

import type { ThrownError } from '../model/failure.ts';
import type { StageReply, StageTask, SubjobReply, SubjobRequest } from '../model/stage.ts';

/** Said by the worker while a stage runs. */
export type WorkerMessage =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'rows'; readonly count: number; readonly planned: number }
  | { readonly kind: 'subjob'; readonly id: number; readonly request: SubjobRequest }
  /** The stage called `process.exit`; the worker ends next. */
  | { readonly kind: 'exiting'; readonly exitCode: number }
  /** The last message of a stage. A worker that is `spoilt` must not be used for another one. */
  | { readonly kind: 'end'; readonly end: ReportedEnd; readonly spoilt: boolean };

/** Said to the worker while a stage runs. */
export type EngineMessage =
  | { readonly kind: 'abort' }
  | { readonly kind: 'subjob_reply'; readonly id: number; readonly reply: SubjobReply };

/** What a worker thread is handed: a stage, and its end of the line. */
export interface ThreadRequest {
  readonly task: StageTask;
  readonly port: MessagePort;
}

/** What an isolated process is told: `run` begins a stage, all else belongs to the running one. */
export type ProcessRequest = { readonly kind: 'run'; readonly task: StageTask } | EngineMessage;

/** How a stage ended, as its own worker can tell. */
export type ReportedEnd =
  | { readonly kind: 'ended'; readonly reply: StageReply; readonly execMs: number }
  | { readonly kind: 'invalid_output'; readonly message: string }
  /** `status` is what the stage was doing, outermost first. */
  | { readonly kind: 'threw'; readonly error: ThrownError; readonly status: readonly string[] };

/** How a stage ended, also when its worker did not survive it. */
export type StageEnd =
  | ReportedEnd
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly signal: string | null }
  /** `limitMb` is `null` when the runtime's own limit was met. */
  | { readonly kind: 'out_of_memory'; readonly limitMb: number | null }
  /** Ended by force, on request. */
  | { readonly kind: 'terminated' };
