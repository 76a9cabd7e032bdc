// Rows in runs of up to a thousand, one array per column, from which the row iterators pick.
// Short runs stay in the processor's cache, and no iterator has to know how rows are chosen or what a column's type is.

import type { ReadOptions } from '../column-values.ts';
import { chooseForms } from './choose-form.ts';
import { PieceDecoder } from './piece-decoder.ts';
import { RoundRobinDecoder } from './round-robin.ts';
import { runArrays } from './run-decoder.ts';
import type { RunDecoder } from './run-decoder.ts';
import type { ScanPlan } from './scan-plan.ts';
import { rowsOf } from './scan-plan.ts';
import { BatchSource } from './scan.ts';
import type { ScanRequest } from './scan.ts';

/** Rows of a scan, a run at a time. */
export class RowRuns {
  /** The present run: one array per column. The arrays stay the same. */
  readonly values: readonly unknown[][];
  /** Row of the run that is handed out next. */
  index = 0;
  /** Rows of the run. */
  count = 0;
  readonly #decoder: RunDecoder;
  readonly #request: ScanRequest;
  readonly #planned: number;
  #rowsRead = 0;
  #isBegun = false;
  #isOver = false;

  constructor(request: ScanRequest, plan: ScanPlan, options: ReadOptions) {
    this.values = runArrays(request.columns.length);
    const forms = chooseForms(plan.segments, request.columns, options);
    this.#request = request;
    this.#planned = rowsOf(plan.segments);
    const onRows = (count: number): void => {
      this.#rowsRead += count;
      request.onRows?.(count);
    };
    const counted = { ...request, onRows };
    this.#decoder =
      request.sliceno === 'roundrobin'
        ? new RoundRobinDecoder(counted, plan.segments, forms)
        : new PieceDecoder(new BatchSource(counted, plan.segments), forms);
  }

  /** Decodes the next run over the present one; false at the end. */
  load(): boolean {
    if (this.#isOver) return false;
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#request.onPlan?.(this.#planned);
    }
    this.index = 0;
    this.count = 0;
    let count = 0;
    while (count === 0) count = this.#decoder.decode(this.values);
    if (count < 0) this.finish();
    else this.count = count;
    return count > 0;
  }

  /** Ends the iteration before its end. Safe to call after the end. */
  leave(): void {
    const position = this.index === 0 ? undefined : this.#decoder.position(this.index - 1);
    if (position !== undefined) this.#request.onLeave?.(position);
    this.index = 0;
    this.count = 0;
    this.finish();
  }

  /** Ends the iteration: no more rows are wanted. Safe to call multiple times. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const unread = this.#planned - this.#rowsRead;
    if (this.#isBegun && unread > 0) this.#request.onPlan?.(-unread);
  }
}
