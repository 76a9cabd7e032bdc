// A stage that runs on a thread or in a process, as seen from the engine's thread.

import type { StageTask } from '../model/stage.ts';
import type { EngineMessage, ReportedEnd, StageEnd, WorkerMessage } from './protocol.ts';

/** A stage that has been handed to a worker. */
export interface RunningStage {
  /** Settles when the stage has ended and, if its worker did not survive, that one is gone too. All messages came before. */
  readonly end: Promise<StageEnd>;
  readonly post: (message: EngineMessage) => void;
  /** Ends the worker by force. Safe to call multiple times. */
  readonly terminate: () => void;
}

/** What a stage says before it ends. */
export type StageMessage = Exclude<WorkerMessage, { readonly kind: 'end' | 'exiting' }>;

/** Hands a stage to a free worker. */
export type StartStage = (
  task: StageTask,
  onMessage: (message: StageMessage) => void,
) => Promise<RunningStage>;

/** What has been heard from one stage's worker: its last words are kept, the rest is passed on. */
export class StageLine {
  readonly #onMessage: (message: StageMessage) => void;
  /** The stage's own end; `undefined` until it was heard. */
  end: ReportedEnd | undefined;
  /** The code of a `process.exit` in the stage; `undefined` if there was none. */
  exitCode: number | undefined;
  /** True when the worker must not be used again. */
  spoilt = false;

  constructor(onMessage: (message: StageMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** Takes one message from the worker. */
  readonly receive = (message: WorkerMessage): void => {
    switch (message.kind) {
      case 'end':
        this.end = message.end;
        this.spoilt = message.spoilt;
        return;
      case 'exiting':
        this.exitCode = message.exitCode;
        return;
      case 'output':
      case 'status':
      case 'rows':
      case 'subjob':
        this.#onMessage(message);
    }
  };
}
