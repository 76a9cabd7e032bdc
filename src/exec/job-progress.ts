// Adds up what the running stages of one job report, and passes it on as notices.

import type { StageTask } from '../model/stage.ts';
import type { JobNotice } from './job-run.ts';
import type { StageMessage } from './running-stage.ts';
import { outputName } from './stage-output.ts';

type Stage = StageTask['stage'];

/** The progress of one job. */
export class JobProgress {
  readonly #onNotice: (notice: JobNotice) => void;
  readonly #status = new Map<string, string>();
  /** Of the running stages: rows they have read, and rows their loops read in all. */
  readonly #reading = new Map<string, { rows: number; planned: number }>();
  #current: Stage['name'] | undefined;
  #slicesDone = 0;
  #rows = 0;

  constructor(onNotice: (notice: JobNotice) => void) {
    this.#onNotice = onNotice;
  }

  /** A stage, or one more slice of it, was handed to a worker. */
  started(stage: Stage): void {
    if (this.#current === stage.name) return;
    this.#current = stage.name;
    this.#onNotice({ kind: 'stage_started', stage: stage.name });
  }

  /** A stage said something. */
  receive(stage: Stage, message: Exclude<StageMessage, { readonly kind: 'subjob' }>): void {
    const name = outputName(stage);
    switch (message.kind) {
      case 'output':
        this.#onNotice({ kind: 'output', stage: name, text: message.text });
        return;
      case 'status':
        if (message.text === '') this.#status.delete(name);
        else this.#status.set(name, message.text);
        break;
      case 'rows': {
        this.#rows += message.count;
        const { rows = 0, planned = 0 } = this.#reading.get(name) ?? {};
        const read = { rows: rows + message.count, planned: planned + message.planned };
        this.#reading.set(name, read);
        break;
      }
    }
    this.#tell();
  }

  /** A stage or slice has ended, in whatever way. */
  ended(stage: Stage): void {
    this.#reading.delete(outputName(stage));
    const hadStatus = this.#status.delete(outputName(stage));
    if (stage.name === 'analysis') this.#slicesDone++;
    if (hadStatus || stage.name === 'analysis') this.#tell();
  }

  #tell(): void {
    this.#onNotice({
      kind: 'progress',
      slicesDone: this.#slicesDone,
      rows: this.#rows,
      readPart: this.#readPart(),
      status: Object.fromEntries(this.#status),
    });
  }

  #readPart(): number {
    let sum = 0;
    for (const { rows, planned } of this.#reading.values()) {
      if (planned > 0) sum += Math.min(1, rows / planned);
    }
    return sum;
  }
}
