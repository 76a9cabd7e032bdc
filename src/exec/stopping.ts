// Stops the running stages of one job: a signal first, then, when the grace has passed, the end by force.
// The first reason to stop counts; a later one can only shorten the grace.

import type { StageTask } from '../model/stage.ts';
import type { RunningStage } from './running-stage.ts';

/** Why a job is stopped before its end. */
export type StopReason = 'timed_out' | 'cancelled' | 'failed';

/** The running stages of one job, and whether they are being stopped. */
export class Stopping {
  readonly #running = new Map<RunningStage, StageTask['stage']>();
  #reason: StopReason | undefined;
  #stoppedIn: StageTask['stage'] | undefined;
  #deadline = Infinity;
  #graceIsOver = false;
  #wasForced = false;
  #timer: NodeJS.Timeout | undefined;

  /** `undefined` as long as the job goes on. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** The first of the stages that ran when the stop began; `undefined` if none did. */
  get stoppedIn(): StageTask['stage'] | undefined {
    return this.#stoppedIn;
  }

  /** True if something had to be ended by force. */
  get wasForced(): boolean {
    return this.#wasForced;
  }

  /** Adds a stage that has just been handed over; while stopping it is signalled at once. */
  add(running: RunningStage, stage: StageTask['stage']): void {
    this.#running.set(running, stage);
    if (this.#reason === undefined) return;
    running.post({ kind: 'abort' });
    if (this.#graceIsOver) this.#force();
  }

  /** Removes a stage that has ended. */
  delete(running: RunningStage): void {
    this.#running.delete(running);
  }

  /** Signals all running stages, and ends them by force after `graceMs`. */
  begin(reason: StopReason, graceMs: number): void {
    if (this.#reason === undefined) {
      this.#reason = reason;
      [this.#stoppedIn] = this.#running.values();
      for (const running of this.#running.keys()) running.post({ kind: 'abort' });
    }
    const deadline = performance.now() + graceMs;
    if (deadline >= this.#deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#timer);
    if (graceMs === 0) this.#force();
    else this.#timer = setTimeout(() => this.#force(), graceMs);
  }

  /** Forgets the timer. To be called when the job has ended. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #force(): void {
    this.#graceIsOver = true;
    for (const running of this.#running.keys()) {
      this.#wasForced = true;
      running.terminate();
    }
  }
}
