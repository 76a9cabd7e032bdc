// Runs stages on worker threads: a thin layer over Piscina that tells how a thread died and carries messages.
// Piscina is loaded with the first pool, so that a run without misses never pays for it. It never queues here:
// the scheduler hands over a stage only when a thread is free.

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Worker } from 'node:worker_threads';

import type { Piscina } from 'piscina';

import type { StageTask } from '../model/stage.ts';
import type { StageEnd, ThreadRequest, WorkerMessage } from './protocol.ts';
import { StageLine } from './running-stage.ts';
import type { RunningStage, StageMessage } from './running-stage.ts';

/** How a pool of threads is made. */
export interface ThreadPoolOptions {
  readonly worker: URL;
  readonly maxThreads: number;
  /** Threads to start at once; the others start when they are needed. */
  readonly firstThreads: number;
  /** Heap of one thread; the runtime's own limit when `undefined`. */
  readonly heapMb: number | undefined;
}

/** Longest wait for a terminated thread: one that is inside a system call cannot be interrupted. */
const EXIT_WAIT_MS = 1000;

/** The threads of one nesting depth. */
export class ThreadPool {
  readonly #piscina: Piscina;

  private constructor(piscina: Piscina) {
    this.#piscina = piscina;
  }

  /** Loads Piscina and starts the first threads; does not wait until they are up. */
  static async create(options: ThreadPoolOptions): Promise<ThreadPool> {
    const { Piscina: Pool } = await import('piscina');
    const piscina = new Pool({
      filename: fileURLToPath(options.worker),
      minThreads: options.firstThreads,
      maxThreads: options.maxThreads,
      idleTimeout: Infinity,
      recordTiming: false,
      ...(options.heapMb === undefined
        ? {}
        : { resourceLimits: { maxOldGenerationSizeMb: options.heapMb } }),
    });
    // A thread that dies without a stage takes nothing with it: what waits for a thread gets another one.
    piscina.on('error', () => undefined);
    return new ThreadPool(piscina);
  }

  /** Runs a stage on a free thread. The results in a synthesis task are given away: the caller's copies become empty. */
  start(task: StageTask, onMessage: (message: StageMessage) => void): RunningStage {
    const { port1, port2 } = new MessageChannel();
    const line = new StageLine(onMessage);
    const stop = new AbortController();
    const request: ThreadRequest = { task, port: port2 };
    port1.on('message', line.receive);
    const ran = this.#piscina.run(request, {
      transferList: [port2, ...lastUsedBuffers(task)],
      signal: stop.signal,
    });
    let gone: Promise<void> = Promise.resolve();
    const end = async (): Promise<StageEnd> => {
      try {
        await ran;
        receiveAll();
        return line.end ?? missingEnd();
      } catch (error) {
        receiveAll();
        await gone;
        return line.end ?? deathOf(error, line.exitCode, stop.signal.aborted);
      } finally {
        port1.close();
      }
    };
    // Piscina answers on a port of its own, so its answer can overtake messages that were sent before it.
    const receiveAll = (): void => {
      for (;;) {
        const arrived = receiveMessageOnPort(port1);
        if (arrived === undefined) return;
        line.receive(arrived.message as WorkerMessage);
      }
    };
    const terminate = (): void => {
      const before = this.#piscina.threads;
      stop.abort();
      const after = new Set(this.#piscina.threads);
      gone = exitOf(before.filter((thread) => !after.has(thread)));
    };
    return { end: end(), post: (message) => port1.postMessage(message), terminate };
  }

  /** Ends all threads and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#piscina.destroy();
  }
}

/** Synthesis is the last stage: what it is given is not needed any more by the engine's thread. */
function lastUsedBuffers(task: StageTask): ArrayBuffer[] {
  if (task.stage.name !== 'synthesis') return [];
  const { prepareRes, analysisRes = [], earlyResult } = task.state;
  return [prepareRes, earlyResult, ...analysisRes].flatMap((bytes) =>
    bytes === undefined ? [] : [bytes.buffer as ArrayBuffer],
  );
}

async function exitOf(threads: readonly Worker[]): Promise<void> {
  const signal = AbortSignal.timeout(EXIT_WAIT_MS);
  await Promise.allSettled(threads.map((thread) => once(thread, 'exit', { signal })));
}

function missingEnd(): never {
  throw new Error('Internal error: a stage ended without saying how');
}

function deathOf(error: unknown, exitCode: number | undefined, terminated: boolean): StageEnd {
  if (exitCode !== undefined) return { kind: 'exited', exitCode, signal: null };
  if (terminated) return { kind: 'terminated' };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'out_of_memory', limitMb: null };
  // Piscina tells the code of a thread that ended only in words.
  const exit = /^worker exited with code: (\d+)$/u.exec(message);
  if (exit !== null) return { kind: 'exited', exitCode: Number(exit[1]), signal: null };
  throw new Error('Internal error: a worker thread cannot be started', { cause: error });
}
