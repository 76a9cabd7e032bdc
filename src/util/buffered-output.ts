// Collects text and writes it once per turn of the event loop, so that thousands of lines cost one write.

/** The part of a stream that text is written to. */
export interface TextStream {
  write(text: string): unknown;
}

/** Text on its way to a stream. */
export class BufferedOutput {
  readonly #stream: TextStream;
  #pending: string[] = [];
  #scheduled = false;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  /** Adds text that will be written before the event loop sleeps again. */
  write(text: string): void {
    this.#pending.push(text);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes at once what was collected. */
  flush(): void {
    this.#scheduled = false;
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#stream.write(text);
  }
}
