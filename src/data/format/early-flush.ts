// Has a large file written to disk while it still grows, in the background: whoever flushes it in the end, and is told of
// errors then, waits for the rest only.

import { close, fdatasync, openSync } from 'node:fs';

import { onMachine } from '../../model/system-error.ts';

/** Smaller files are flushed in the end. */
const INTERVAL_BYTES = 32 << 20;

/** Flushes one file now and then. */
export class EarlyFlush {
  readonly #path: string;
  #unflushed = 0;
  /** A descriptor of its own: the writer may close the file while it is being flushed. */
  #fd: number | undefined;
  #pending = 0;
  #isEnded = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** To be told of bytes that have been written. */
  wrote(bytes: number): void {
    this.#unflushed += bytes;
    if (this.#unflushed < INTERVAL_BYTES) return;
    this.#unflushed = 0;
    this.#fd ??= onMachine('read', this.#path, () => openSync(this.#path, 'r'));
    this.#pending++;
    fdatasync(this.#fd, () => {
      this.#pending--;
      this.#closeIfOver();
    });
  }

  /** Nothing more will be written. */
  end(): void {
    this.#isEnded = true;
    this.#closeIfOver();
  }

  #closeIfOver(): void {
    if (!this.#isEnded || this.#pending > 0 || this.#fd === undefined) return;
    close(this.#fd);
    this.#fd = undefined;
  }
}
