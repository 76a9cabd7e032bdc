// Lets at most so many through at a time; the others wait in order of arrival.

/** A counting semaphore for async work on one thread. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** `permits` is how many may hold it at once; at least 1. */
  constructor(permits: number) {
    this.#free = permits;
  }

  /** Runs `work` while holding a permit and gives it back however `work` ends. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
