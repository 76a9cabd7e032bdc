// A worker process with a memory limit of its own. It serves one stage at a time, like a thread, but takes nobody
// with it when it dies: a Map that outgrows the heap aborts its whole process.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

import { SystemError } from '../model/errors.ts';
import type { StageTask } from '../model/stage.ts';
import type { EngineMessage, ProcessRequest, StageEnd, WorkerMessage } from './protocol.ts';
import { StageLine } from './running-stage.ts';
import type { RunningStage, StageMessage } from './running-stage.ts';
import { OUT_OF_MEMORY, PARENT_FD } from './worker/memory-watchdog.ts';

/** End of what the process printed to its real stderr that is kept: V8's last words are there. */
const STDERR_TAIL = 8192;

/** Longest wait for the end of stderr after the process has ended: its own child processes may hold it open. */
const STDERR_WAIT_MS = 200;

/** The stage that the process serves now. */
interface ServedStage {
  readonly line: StageLine;
  readonly resolve: (end: StageEnd) => void;
  readonly reject: (error: unknown) => void;
}

/** One worker process. */
export class IsolatedProcess {
  readonly limitMb: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #stderr = '';
  #stage: ServedStage | undefined;
  #isTerminated = false;

  constructor(worker: URL, limitMb: number) {
    this.limitMb = limitMb;
    this.#child = fork(fileURLToPath(worker), [String(limitMb)], {
      execArgv: [`--max-old-space-size=${limitMb}`],
      serialization: 'advanced',
      // The last one is `PARENT_FD`.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    // A reset connection says no more than the end of the process.
    this.#child.stdio[PARENT_FD]?.on('error', () => undefined);
    this.#child.on('message', (message) => this.#receive(message as WorkerMessage));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => void this.#onExit(code, signal).then(resolve));
      this.#child.once('error', (error) => {
        this.#stage?.reject(startError(error, worker));
        resolve();
      });
    });
  }

  /** False when the process must not, or cannot, be given another stage. */
  get isUsable(): boolean {
    return this.#child.connected && !this.#isTerminated;
  }

  /** Runs a stage; the process must be idle. */
  start(task: StageTask, onMessage: (message: StageMessage) => void): RunningStage {
    const end = new Promise<StageEnd>((resolve, reject) => {
      this.#stage = { line: new StageLine(onMessage), resolve, reject };
    });
    this.#keepsParentAlive(true);
    this.#send({ kind: 'run', task });
    return {
      end,
      post: (message: EngineMessage) => this.#send(message),
      terminate: () => this.terminate(),
    };
  }

  /** Kills the process. */
  terminate(): void {
    this.#isTerminated = true;
    this.#child.kill('SIGKILL');
  }

  /** Kills the process and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#keepsParentAlive(true);
    this.terminate();
    await this.#exited;
  }

  #receive(message: WorkerMessage): void {
    const stage = this.#stage;
    if (stage === undefined) return;
    stage.line.receive(message);
    if (stage.line.end === undefined) return;
    // The end of a spoilt process is awaited: what spoilt it may still be running.
    if (stage.line.spoilt) return this.terminate();
    this.#stage = undefined;
    this.#keepsParentAlive(false);
    stage.resolve(stage.line.end);
  }

  #send(request: ProcessRequest): void {
    // The process may be dying already; that is told by its end and not by the failure to write to it.
    this.#child.send(request, () => undefined);
  }

  async #onExit(exitCode: number | null, signal: NodeJS.Signals | null): Promise<void> {
    await endOfStream(this.#child.stderr);
    this.#stage?.resolve(this.#deathOf(this.#stage.line, exitCode, signal));
    this.#stage = undefined;
  }

  #deathOf(line: StageLine, exitCode: number | null, signal: NodeJS.Signals | null): StageEnd {
    if (line.end !== undefined) return line.end;
    if (this.#isTerminated) return { kind: 'terminated' };
    if (this.#stderr.includes(OUT_OF_MEMORY)) {
      return { kind: 'out_of_memory', limitMb: this.limitMb };
    }
    return { kind: 'exited', exitCode, signal };
  }

  #keepsParentAlive(yes: boolean): void {
    const streams = [this.#child.stderr, this.#child.stdio[PARENT_FD]] as (Socket | null)[];
    for (const handle of [this.#child, this.#child.channel, ...streams]) {
      if (yes) handle?.ref();
      else handle?.unref();
    }
  }
}

function endOfStream(stream: ChildProcess['stderr']): Promise<void> {
  return new Promise((resolve) => {
    if (stream === null || stream.readableEnded) return resolve();
    const timer = setTimeout(resolve, STDERR_WAIT_MS);
    stream.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function startError(error: NodeJS.ErrnoException, worker: URL): SystemError {
  return new SystemError({
    code: error.code ?? error.name,
    operation: 'start a process of',
    path: fileURLToPath(worker),
    cause: error,
  });
}
