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

/** Watches over a scan until disposed of. */
export class ScanWatch implements Disposable {
  readonly #run: Pick<ScanRun, 'rowsRead' | 'totalRows'>;
  readonly #process: Surroundings;
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout;
  readonly #onTick: () => void;
  #isShown = false;

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

  /** Writes to stdout; settles when the reader can take more. */
  async write(data: string | Uint8Array): Promise<void> {
    const { stdout } = this.#process;
    if (data.length === 0) return;
    this.#clear();
    if (stdout.write(data)) return;
    await new Promise<void>((resolve) => {
      stdout.once('drain', resolve);
    });
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
