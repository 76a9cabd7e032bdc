// What stands around a scan while it goes on: a line of progress on a terminal's stderr, and ^C.

import { formatCount, formatDuration } from '../../util/quantity.ts';
import { truncateText } from '../../util/text-width.ts';
import type { Surroundings } from '../command.ts';
import { EXIT_INTERRUPTED } from '../exit-code.ts';
import { leave } from '../run/leave.ts';
import type { ScanRun } from './scan-run.ts';

const TICK_MS = 200;
/** What is done by then needs no progress. */
const QUIET_MS = 700;
const CLEAR_LINE = '\r\u001B[K';
const RESET_COLOURS = '\u001B[0m';
/** What a slow terminal takes in a moment. */
const PIECE_BYTES = 32_768;
const LINE_END = 10;

/** Watches over a scan until disposed of. */
export class ScanWatch implements Disposable {
  readonly #run: Pick<ScanRun, 'rowsRead' | 'totalRows'>;
  readonly #process: Surroundings;
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout;
  readonly #onTick: () => void;
  #isShown = false;
  #written: Promise<void> = Promise.resolve();

  /** `onTick` is called several times a second. */
  constructor(
    run: Pick<ScanRun, 'rowsRead' | 'totalRows'>,
    process: Surroundings,
    onTick: () => void = () => {},
  ) {
    this.#run = run;
    this.#process = process;
    this.#onTick = onTick;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    globalThis.process.on('SIGINT', this.#interrupt);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    globalThis.process.off('SIGINT', this.#interrupt);
    this.#clear();
  }

  /**
   * Writes lines to stdout, after all that was given before; settles when the reader can take more. A terminal is
   * written to synchronously, so that signals and timers get their turn after every piece.
   */
  async write(data: string | Uint8Array): Promise<void> {
    if (data.length === 0) return;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.#written = this.#written.then(() => this.#writePieces(bytes));
    await this.#written;
  }

  async #writePieces(bytes: Uint8Array): Promise<void> {
    const { stdout } = this.#process;
    for (let from = 0; from < bytes.length;) {
      const end = stdout.isTTY ? pieceEnd(bytes, from) : bytes.length;
      const piece = bytes.subarray(from, end);
      from = end;
      this.#clear();
      await new Promise<void>((resolve) => {
        if (stdout.write(piece)) setImmediate(resolve);
        else stdout.once('drain', () => setImmediate(resolve));
      });
    }
  }

  readonly #interrupt = (): void => {
    this.#clear();
    if (this.#process.stdout.isTTY) this.#process.stdout.write(RESET_COLOURS);
    leave(EXIT_INTERRUPTED);
  };

  #tick(): void {
    this.#onTick();
    const { stderr } = this.#process;
    const elapsed = Date.now() - this.#startedAt;
    if (!stderr.isTTY || elapsed < QUIET_MS) return;
    const { rowsRead, totalRows } = this.#run;
    const part = totalRows === 0 ? 1 : rowsRead / totalRows;
    const rate = (1000 * rowsRead) / elapsed;
    const left = part > 0 ? formatDuration(elapsed / part - elapsed) : '?';
    const line = `${(100 * part).toFixed(0)} %  ${formatCount(rowsRead)} of ${formatCount(totalRows)} rows  ${formatCount(rate)} rows/s  ${left} left`;
    stderr.write(CLEAR_LINE + truncateText(line, stderr.columns - 1));
    this.#isShown = true;
  }

  #clear(): void {
    if (!this.#isShown) return;
    this.#process.stderr.write(CLEAR_LINE);
    this.#isShown = false;
  }
}

/** Pieces end with a line, because the line of progress may come in between. */
function pieceEnd(bytes: Uint8Array, from: number): number {
  const last = bytes.lastIndexOf(LINE_END, from + PIECE_BYTES);
  const end = last >= from ? last : bytes.indexOf(LINE_END, from);
  return end < 0 ? bytes.length : end + 1;
}
