// A running stage's doors to the engine's thread, on the worker's side: status, rows, subjobs and the abort signal.
// Status and rows are sent at most every 50 ms. A stage that never awaits blocks its event loop, so each of its
// reports also looks for an abort that has arrived.

import { STATUS_SEPARATOR } from '../../model/stage.ts';
import type { StageHost, SubjobReply } from '../../model/stage.ts';
import type { EngineMessage, WorkerMessage } from '../protocol.ts';

const REPORT_INTERVAL_MS = 50;

/** The worker's end of the line to the engine's thread, for one stage. */
export interface StageChannel {
  readonly post: (message: WorkerMessage) => void;
  /** Sets the receiver of what the engine's thread says. */
  readonly onMessage: (receive: (message: EngineMessage) => void) => void;
  /** Delivers at once what has arrived. */
  readonly poll: () => void;
}

/** The doors of one stage. */
export class StageDoors {
  readonly host: StageHost;
  readonly #channel: StageChannel;
  readonly #abort = new AbortController();
  readonly #subjobs = new Map<number, (reply: SubjobReply) => void>();
  #lastSubjob = 0;
  #status = '';
  #statusIsSent = true;
  #rows = 0;
  #planned = 0;
  #sentAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: StageChannel) {
    this.#channel = channel;
    channel.onMessage((message) => this.#receive(message));
    this.host = {
      output: (text) => channel.post({ kind: 'output', text }),
      status: (text) => {
        this.#status = text;
        this.#statusIsSent = false;
        this.#report();
      },
      rows: (count) => {
        this.#rows += count;
        this.#report();
      },
      planned: (rows) => {
        this.#planned += rows;
        this.#report();
      },
      build: (request) =>
        new Promise((resolve) => {
          const id = ++this.#lastSubjob;
          this.#subjobs.set(id, resolve);
          // A view into a larger buffer would travel with all of it.
          channel.post({
            kind: 'subjob',
            id,
            request: { ...request, inputs: new Uint8Array(request.inputs) },
          });
        }),
      signal: this.#abort.signal,
    };
  }

  /** What the stage is doing, outermost first. */
  get status(): readonly string[] {
    return this.#status === '' ? [] : this.#status.split(STATUS_SEPARATOR);
  }

  /** Sends what is still to be sent. To be called when the stage has ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#send();
  }

  #report(): void {
    const now = performance.now();
    if (now - this.#sentAt >= REPORT_INTERVAL_MS) {
      this.#sentAt = now;
      this.#send();
      this.#channel.poll();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#report();
    }, REPORT_INTERVAL_MS);
  }

  #send(): void {
    if (!this.#statusIsSent) this.#channel.post({ kind: 'status', text: this.#status });
    if (this.#rows > 0 || this.#planned !== 0) {
      this.#channel.post({ kind: 'rows', count: this.#rows, planned: this.#planned });
    }
    this.#statusIsSent = true;
    this.#rows = 0;
    this.#planned = 0;
  }

  #receive(message: EngineMessage): void {
    switch (message.kind) {
      case 'abort':
        this.#abort.abort(new Error('The job was stopped'));
        return;
      case 'subjob_reply':
        this.#subjobs.get(message.id)?.(message.reply);
        this.#subjobs.delete(message.id);
        return;
    }
  }
}
