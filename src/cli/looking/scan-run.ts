// Carries the tasks of a scan out, in threads where that pays, and gives what comes of them: in the order of the tasks,
// as it comes, or row by row around the slices. Holds a bounded part of it in memory, whatever the order.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { enginePackage } from '../project/engine-package.ts';
import { decodeScanError } from './scan-error.ts';
import type { ScanError } from './scan-error.ts';
import type { FoundRow } from './scan-slice.ts';
import { carryOut } from './scan-tasks.ts';
import type { ScanResult, ScanTask, ScanWork } from './scan-tasks.ts';

/** Fewer rows are read before a thread has started. */
const ROWS_WORTH_THREADS = 300_000;

/** What a scan thread is started with. */
export interface ScanThreadData {
  readonly tasks: readonly ScanTask[];
  readonly work: ScanWork;
  /** Number of the next task, shared by all threads. */
  readonly next: Int32Array;
  /** Results of each thread that nobody has taken up. */
  readonly waiting: Int32Array;
  /** Rows that all threads have read. */
  readonly rows: BigInt64Array;
  /** Number of the thread. */
  readonly thread: number;
}

/** What a scan thread sends. */
export interface ScanMessage {
  /** Number of the task. */
  readonly index: number;
  readonly thread: number;
  readonly result?: ScanResult;
  readonly isEnd?: true;
  readonly error?: ScanError;
}

/** A result and the task that it comes of. */
export interface TaskResult {
  readonly task: ScanTask;
  readonly result: ScanResult;
}

/** In which order results are given: that of the tasks, as found, or a row of each slice in turn. */
export type ScanOrder = 'slices' | 'found' | 'roundrobin';

/** One scan. */
export class ScanRun {
  readonly totalRows: number;
  readonly #tasks: readonly ScanTask[];
  readonly #work: ScanWork;
  readonly #sharedRows = new BigInt64Array(new SharedArrayBuffer(8));

  constructor(tasks: readonly ScanTask[], work: ScanWork) {
    this.#tasks = tasks;
    this.#work = work;
    this.totalRows = tasks.reduce((sum, { unit }) => sum + unit.rows, 0);
  }

  /** Rows that have been read up to now. */
  get rowsRead(): number {
    return Number(Atomics.load(this.#sharedRows, 0));
  }

  /** Gives the results; leaving the loop stops everything. */
  async *results(order: ScanOrder): AsyncGenerator<TaskResult, void, void> {
    const threads = Math.min(availableParallelism(), this.#tasks.length);
    if (order === 'roundrobin') yield* this.#aroundSlices();
    else if (threads < 2 || this.totalRows < ROWS_WORTH_THREADS) yield* this.#here();
    else yield* this.#inThreads(threads, order);
  }

  async *#here(): AsyncGenerator<TaskResult, void, void> {
    for (const task of this.#tasks) {
      for (const result of this.#open(task)) {
        yield { task, result };
        await nextTurn();
      }
    }
  }

  async *#aroundSlices(): AsyncGenerator<TaskResult, void, void> {
    for (const tasks of byDataset(this.#tasks)) {
      const slices = tasks.map((task) => ({ task, rows: flatRows(this.#open(task)) }));
      const heads = slices.map(({ rows }) => rows.next());
      for (let turn = 0; ; turn++) {
        const at = lowest(heads);
        const head = heads[at];
        const slice = slices[at];
        if (head === undefined || slice === undefined || head.done === true) break;
        yield { task: slice.task, result: { rows: [head.value] } };
        heads[at] = slice.rows.next();
        if (turn % 1000 === 0) await nextTurn();
      }
    }
  }

  async *#inThreads(count: number, order: ScanOrder): AsyncGenerator<TaskResult, void, void> {
    const pool = new ScanThreads(this.#tasks, this.#work, { count, rows: this.#sharedRows });
    try {
      yield* pool.results(order);
    } finally {
      await pool.stop();
    }
  }

  #open(task: ScanTask): Generator<ScanResult, void, void> {
    return carryOut(task, this.#work, (count) => Atomics.add(this.#sharedRows, 0, BigInt(count)));
  }
}

/** Threads that work on the tasks of one scan, and what they have sent. */
class ScanThreads {
  readonly #tasks: readonly ScanTask[];
  readonly #workers: readonly Worker[];
  readonly #waiting: Int32Array;
  /** By task, or all in the first one when the order does not matter. */
  readonly #queues = new Map<number, ScanMessage[]>();
  readonly #ended = new Set<number>();
  #failure: unknown;
  #wake: () => void = () => {};

  constructor(
    tasks: readonly ScanTask[],
    work: ScanWork,
    { count, rows }: { count: number; rows: BigInt64Array },
  ) {
    this.#tasks = tasks;
    this.#waiting = new Int32Array(new SharedArrayBuffer(4 * count));
    const next = new Int32Array(new SharedArrayBuffer(4));
    const file = join(enginePackage().directory, 'dist/scan-worker.cjs');
    this.#workers = Array.from({ length: count }, (_, thread) => {
      const data: ScanThreadData = { tasks, work, next, waiting: this.#waiting, rows, thread };
      const worker = new Worker(file, { workerData: data });
      worker.on('message', (message: ScanMessage) => this.#receive(message));
      worker.on('error', (error) => this.#fail(error));
      return worker;
    });
  }

  async *results(order: ScanOrder): AsyncGenerator<TaskResult, void, void> {
    for (let head = 0; ;) {
      if (this.#failure !== undefined) throw this.#failure;
      const index = order === 'slices' ? head : this.#anyQueue();
      const message = this.#queues.get(index)?.shift();
      const task = this.#tasks[index];
      if (message?.result !== undefined && task !== undefined) {
        yield { task, result: message.result };
        Atomics.sub(this.#waiting, message.thread, 1);
        Atomics.notify(this.#waiting, message.thread);
      } else if (order === 'slices' && this.#ended.has(head)) {
        if (++head === this.#tasks.length) return;
      } else if (order !== 'slices' && this.#ended.size === this.#tasks.length) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #anyQueue(): number {
    for (const [index, queue] of this.#queues) if (queue.length > 0) return index;
    return -1;
  }

  #receive(message: ScanMessage): void {
    const { index, error, isEnd, result } = message;
    if (error !== undefined) {
      this.#fail(decodeScanError(error));
      return;
    }
    if (isEnd === true) this.#ended.add(index);
    if (result !== undefined) {
      const queue = this.#queues.get(index);
      if (queue === undefined) this.#queues.set(index, [message]);
      else queue.push(message);
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }
}

/** Lets signals, timers and streams have their turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function* flatRows(results: Iterable<ScanResult>): Generator<FoundRow, void, void> {
  for (const { rows } of results) if (rows !== undefined) yield* rows;
}

/** Tasks that follow each other and belong to one dataset. */
function byDataset(tasks: readonly ScanTask[]): ScanTask[][] {
  const groups: ScanTask[][] = [];
  for (const task of tasks) {
    const group = groups.at(-1);
    const isSame = group?.at(-1)?.unit.spec === task.unit.spec && !hasSlice(group, task);
    if (group !== undefined && isSame) group.push(task);
    else groups.push([task]);
  }
  return groups;
}

function hasSlice(group: readonly ScanTask[], { unit }: ScanTask): boolean {
  return group.some((one) => one.unit.sliceno === unit.sliceno);
}

/** The slice whose next row has the lowest number; the first of equals. */
function lowest(heads: readonly IteratorResult<FoundRow, void>[]): number {
  let best = -1;
  let line = Number.POSITIVE_INFINITY;
  for (const [at, head] of heads.entries()) {
    if (head.done !== true && head.value.lineno < line) {
      best = at;
      line = head.value.lineno;
    }
  }
  return best;
}
