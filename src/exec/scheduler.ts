// Decides whose task is next when a thread is free: tasks of several jobs share a fixed number of slots fairly.
// Unaware of what a task does. The order of the set of queues is the order in which the jobs came.

/** Shares `slots` among the queues of all open jobs. */
export class Scheduler {
  readonly #slots: number;
  readonly #queues = new Set<JobQueue>();
  #running = 0;

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Opens a queue for the tasks of one job, of which at most `limit` run at once. To be closed when the job ends. */
  open(limit: number = Infinity): JobQueue {
    const queue = new JobQueue(limit, {
      changed: () => this.#dispatch(),
      closed: () => this.#queues.delete(queue),
    });
    this.#queues.add(queue);
    return queue;
  }

  #dispatch(): void {
    while (this.#running < this.#slots) {
      const queue = this.#next();
      if (queue === undefined) return;
      this.#running++;
      void queue.startNext().finally(() => {
        this.#running--;
        this.#dispatch();
      });
    }
  }

  /** The queue with the fewest running tasks, the earliest of several. Seldom looks at more queues than there are slots. */
  #next(): JobQueue | undefined {
    let best: JobQueue | undefined;
    for (const queue of this.#queues) {
      if (!queue.ready) continue;
      if (queue.running === 0) return queue;
      if (best === undefined || queue.running < best.running) best = queue;
    }
    return best;
  }
}

interface WaitingTask {
  /** Settles when the task has ended; never rejects. */
  readonly start: () => Promise<void>;
  readonly drop: () => void;
}

/** The waiting tasks of one job, first in first out. */
export class JobQueue {
  readonly #limit: number;
  readonly #scheduler: { readonly changed: () => void; readonly closed: () => void };
  #waiting: WaitingTask[] = [];
  #running = 0;

  constructor(limit: number, scheduler: { changed: () => void; closed: () => void }) {
    this.#limit = limit;
    this.#scheduler = scheduler;
  }

  /** Tasks of this job that run now. */
  get running(): number {
    return this.#running;
  }

  /** True when a task waits that may start. */
  get ready(): boolean {
    return this.#waiting.length > 0 && this.#running < this.#limit;
  }

  /** Runs `task` when it is its turn, at once if a slot is free; `undefined` if it was dropped before. */
  run<T>(task: () => Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        start: () => task().then(resolve, reject),
        drop: () => resolve(undefined),
      });
      this.#scheduler.changed();
    });
  }

  /** Starts the first waiting task: the scheduler's own call. Settles when it has ended. */
  async startNext(): Promise<void> {
    const task = this.#waiting.shift();
    this.#running++;
    try {
      await task?.start();
    } finally {
      this.#running--;
    }
  }

  /** Drops what waits; what runs goes on. */
  clear(): void {
    const dropped = this.#waiting;
    this.#waiting = [];
    for (const task of dropped) task.drop();
  }

  /** Takes the job off the list. */
  [Symbol.dispose](): void {
    this.clear();
    this.#scheduler.closed();
  }
}
