// Rows per second as of late: over the last one to two seconds, so that the figure neither jumps nor lags.

const WINDOW_MS = 1000;
/** After this long without news nothing is being read. */
const SILENCE_MS = 2000;
/** Less time than this tells nothing. */
const LEAST_MS = 200;

interface Sample {
  readonly at: number;
  readonly rows: number;
}

/** How fast one job reads. */
export class ReadingRate {
  #before: Sample;
  #middle: Sample;
  #latest: Sample;

  /** Times are in milliseconds; only differences count. */
  constructor(now: number) {
    this.#before = { at: now, rows: 0 };
    this.#middle = this.#before;
    this.#latest = this.#before;
  }

  /** Takes the rows read in all. */
  take(rows: number, now: number): void {
    if (rows === this.#latest.rows) return;
    this.#latest = { at: now, rows };
    if (now - this.#middle.at < WINDOW_MS) return;
    this.#before = this.#middle;
    this.#middle = this.#latest;
  }

  /** Rows per second; 0 when nothing was read lately. */
  perSecond(now: number): number {
    const elapsed = now - this.#before.at;
    if (elapsed < LEAST_MS || now - this.#latest.at > SILENCE_MS) return 0;
    return ((this.#latest.rows - this.#before.rows) / elapsed) * 1000;
  }
}
