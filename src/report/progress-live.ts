// A run on a terminal: lines that stay, and below them one block that is redrawn in place.
// The cursor rests at the block's first character, so that after a resize everything below it can be wiped safely.

import type { BuildState, Event } from '../model/event.ts';
import { truncateText } from '../util/text-width.ts';
import { EventText } from './event-text.ts';
import type { RunningJob } from './live-block.ts';
import { liveBlock } from './live-block.ts';
import type { Progress, ProgressOptions, Terminal } from './progress.ts';
import { ReadingRate } from './reading-rate.ts';

const FRAME_MS = 80;
const BEGIN_FRAME = '\u001B[?2026h';
const END_FRAME = '\u001B[?2026l';
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
const WIPE_BELOW = '\u001B[J';
const WIPE_REST_OF_LINE = '\u001B[K';

/** What live progress needs beside the usual. */
export interface LiveOptions extends Omit<ProgressOptions, 'stream'> {
  readonly terminal: Terminal;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/** Makes progress for a terminal. Redraws until it is closed. */
export function liveProgress(options: LiveOptions): Progress {
  const live = new LiveProgress(options);
  return {
    onEvent: (event) => live.take(event),
    print: (text) => live.print(text),
    flush: () => live.draw(),
    close: () => live.close(),
  };
}

class LiveProgress {
  readonly #options: LiveOptions;
  readonly #text: EventText;
  readonly #jobs = new Map<string, Omit<RunningJob, 'rowsPerSecond'>>();
  readonly #rates = new Map<string, ReadingRate>();
  readonly #counts = { built: 0, reused: 0, failed: 0 };
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  /** Lines to be put above the block with the next frame. */
  #above: string[] = [];
  /** What the script printed without a line end yet; shown as the block's first line. */
  #unfinished = '';
  #drawnLines = 0;
  #cursorHidden = false;
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#text = new EventText(options.presentation, options.why);
    this.#startedAt = options.now();
    this.#timer = setInterval(() => this.draw(), FRAME_MS);
    this.#timer.unref();
  }

  take(event: Event): void {
    this.#above.push(...this.#text.lines(event));
    this.#update(event);
    if (this.#closed) this.#writeRest();
  }

  print(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop() ?? '';
    this.#above.push(...lines);
    if (this.#closed) this.#writeRest();
  }

  /** Puts new lines above the block and draws the block anew, in a single write. */
  draw(): void {
    if (this.#closed) return;
    const block = this.#jobs.size === 0 ? [] : this.#block();
    if (block.length === 0 && this.#above.length === 0 && this.#drawnLines === 0) return;
    const above = this.#above.map((line) => `${line}${WIPE_REST_OF_LINE}\n`).join('');
    this.#above = [];
    const below = block.map((line) => line + WIPE_REST_OF_LINE).join('\n');
    const up = block.length > 1 ? `\u001B[${block.length - 1}A` : '';
    const hide = this.#cursorHidden ? '' : HIDE_CURSOR;
    this.#cursorHidden = true;
    this.#drawnLines = block.length;
    this.#options.terminal.write(
      `${BEGIN_FRAME}${hide}\r${above}${below}${WIPE_BELOW}\r${up}${END_FRAME}`,
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#writeRest();
  }

  /** Leaves only the lines that stay, and the cursor below them. */
  #writeRest(): void {
    const lines = this.#above.map(
      (line) => `${line}${this.#cursorHidden ? WIPE_REST_OF_LINE : ''}\n`,
    );
    const rest = lines.join('') + this.#unfinished;
    this.#above = [];
    this.#unfinished = '';
    const text = this.#cursorHidden ? `\r${rest}${WIPE_BELOW}${SHOW_CURSOR}` : rest;
    this.#cursorHidden = false;
    if (text !== '') this.#options.terminal.write(text);
  }

  #block(): string[] {
    const { terminal, presentation } = this.#options;
    const now = this.#options.now();
    const jobs = [...this.#jobs.values()].map((job) => {
      return { ...job, rowsPerSecond: this.#rates.get(job.id)?.perSecond(now) ?? 0 };
    });
    const block = liveBlock(
      { jobs, ...this.#counts, startedAt: this.#startedAt },
      {
        now,
        columns: terminal.columns,
        rows: terminal.rows,
        colours: presentation.colours,
      },
    );
    return this.#unfinished === ''
      ? block
      : [truncateText(this.#unfinished, terminal.columns - 1), ...block];
  }

  #update(event: Event): void {
    switch (event.type) {
      case 'job_started':
        this.#rates.set(event.job, new ReadingRate(this.#options.now()));
        this.#jobs.set(event.job, {
          id: event.job,
          method: event.method,
          stage: 'waiting',
          slices: event.slices,
          slicesDone: 0,
          rows: 0,
          readPart: 0,
          status: '',
          startedAt: this.#options.now(),
          expectedMs: event.expectedMs,
        });
        break;
      case 'stage_started':
        this.#change(event.job, { stage: event.stage });
        break;
      case 'job_progress':
        this.#rates.get(event.job)?.take(event.rows, this.#options.now());
        this.#change(event.job, {
          slicesDone: event.slicesDone,
          rows: event.rows,
          readPart: event.readPart,
          status: Object.values(event.status).find((line) => line !== '') ?? '',
        });
        break;
      case 'build_ended':
        if (event.job !== null) {
          this.#jobs.delete(event.job);
          this.#rates.delete(event.job);
        }
        this.#count(event.state);
        break;
      case 'run_ended':
        this.#jobs.clear();
        break;
      case 'run_started':
      case 'job_output':
      case 'warning':
      case 'waiting':
        break;
    }
  }

  #count(state: BuildState): void {
    switch (state) {
      case 'built':
      case 'reused':
      case 'failed':
        this.#counts[state]++;
        break;
      case 'skipped':
      case 'would_build':
        break;
    }
  }

  #change(id: string, facts: Partial<RunningJob>): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, ...facts });
  }
}
