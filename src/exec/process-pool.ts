// Keeps isolated worker processes for the next task with the same memory limit. How many run at once is the
// scheduler's decision; here only the number of idle ones is bounded.

import type { StageTask } from '../model/stage.ts';
import { IsolatedProcess } from './isolated-process.ts';
import type { RunningStage, StageMessage } from './running-stage.ts';

/** The isolated processes of an executor. */
export class ProcessPool {
  readonly #worker: URL;
  readonly #maxIdle: number;
  readonly #all = new Set<IsolatedProcess>();
  /** Longest idle first. */
  #idle: IsolatedProcess[] = [];

  constructor(worker: URL, maxIdle: number) {
    this.#worker = worker;
    this.#maxIdle = maxIdle;
  }

  /** Runs a stage in an idle process with this limit, or in a new one. */
  start(
    task: StageTask,
    limitMb: number,
    onMessage: (message: StageMessage) => void,
  ): RunningStage {
    const process = this.#takeIdle(limitMb) ?? new IsolatedProcess(this.#worker, limitMb);
    this.#all.add(process);
    const running = process.start(task, onMessage);
    return { ...running, end: running.end.finally(() => this.#giveBack(process)) };
  }

  /** Ends all processes and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((process) => process[Symbol.asyncDispose]()));
  }

  #takeIdle(limitMb: number): IsolatedProcess | undefined {
    this.#forgetUnusable();
    const found = this.#idle.find((process) => process.limitMb === limitMb);
    this.#idle = this.#idle.filter((process) => process !== found);
    return found;
  }

  #giveBack(process: IsolatedProcess): void {
    this.#idle.push(process);
    this.#forgetUnusable();
    if (this.#idle.length > this.#maxIdle) this.#idle[0]?.terminate();
    this.#forgetUnusable();
  }

  #forgetUnusable(): void {
    for (const process of this.#idle) if (!process.isUsable) this.#all.delete(process);
    this.#idle = this.#idle.filter((process) => process.isUsable);
  }
}
