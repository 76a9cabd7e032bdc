// What a stage says it is doing: a stack of texts, of which the progress display shows the line.
// Statuses end in any order, because stages may run things side by side. A status or a loop that ends because an
// error passes through it is over before anyone sees the error, so what ended just now is remembered for a moment.

import { STATUS_SEPARATOR } from '../../model/stage.ts';

/** A status that is being shown. `using line = status('…')` ends it with its block. */
export interface StatusLine {
  /** Replaces the text. */
  update(text: string): void;
  /** Ends the status. Safe to call multiple times. */
  end(): void;
  [Symbol.dispose](): void;
}

/** Shows `text` below the statuses that are being shown already, until the returned line is ended. */
export type Status = (text: string) => StatusLine;

interface Line {
  text: string;
  /** Moment at which it ended; `undefined` while it is shown. */
  endedAt: number | undefined;
}

/** What ended longer ago than this was not ended by the error that arrives now. */
const UNWINDING_MS = 5;
const LONGEST = 500;

/** The statuses of one stage. */
export class StatusStack {
  #lines: Line[] = [];
  readonly #show: (text: string) => void;

  /** `show` receives the whole line after each change, and an empty string when nothing is left. */
  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  /** Begins a status. */
  readonly begin: Status = (text) => {
    const line: Line = { text: checkedText(text), endedAt: undefined };
    this.#forgetEnded();
    this.#lines.push(line);
    this.#changed();
    const end = (): void => {
      if (line.endedAt !== undefined) return;
      line.endedAt = performance.now();
      this.#changed();
    };
    const update = (next: string): void => {
      line.text = checkedText(next);
      this.#forgetEnded();
      this.#changed();
    };
    return { update, end, [Symbol.dispose]: end };
  };

  /** Notes something that ended before its time, such as a loop that was left, for the case that an error did it. */
  left(text: string): void {
    this.#lines = this.#recent();
    const firstEnded = this.#lines.findIndex((line) => line.endedAt !== undefined);
    const line = { text: checkedText(text), endedAt: performance.now() };
    this.#lines.splice(firstEnded === -1 ? this.#lines.length : firstEnded, 0, line);
  }

  /** Shows what was going on when an error was thrown that has just left the stage. */
  showAtError(): void {
    const lines = this.#recent();
    this.#show(lines.map((line) => line.text).join(STATUS_SEPARATOR));
  }

  #recent(): Line[] {
    const since = performance.now() - UNWINDING_MS;
    return this.#lines.filter(({ endedAt }) => endedAt === undefined || endedAt >= since);
  }

  #forgetEnded(): void {
    this.#lines = this.#lines.filter((line) => line.endedAt === undefined);
  }

  #changed(): void {
    const shown = this.#lines.filter((line) => line.endedAt === undefined);
    this.#show(shown.map((line) => line.text).join(STATUS_SEPARATOR));
  }
}

function checkedText(text: string): string {
  const oneLine = text.replaceAll(/\s+/gu, ' ').trim();
  if (oneLine.length <= LONGEST) return oneLine;
  return `${oneLine.slice(0, LONGEST / 2)} … ${oneLine.slice(-LONGEST / 2)}`;
}
