// Decodes rows in runs of up to a thousand into one array per column, from which the row iterators pick.
// Short runs stay in the processor's cache, and no iterator has to know a column's type.

import type { ReadOptions } from '../column-values.ts';
import { chooseForms } from './choose-form.ts';
import { fillValues } from './fill-values.ts';
import type { FillValues, Int64Form } from './fill-values.ts';
import { planScan } from './scan-plan.ts';
import { BatchSource } from './scan.ts';
import type { ReadPosition, ScanRequest } from './scan.ts';

const RUN_ROWS = 1024;

/** Rows of a scan, a run at a time. */
export class RowSource {
  /** The present run: one array per column. The arrays stay the same. */
  readonly values: readonly unknown[][];
  /** Row of the run that is handed out next. */
  index = 0;
  /** Rows of the run. */
  count = 0;
  readonly #batches: BatchSource;
  readonly #forms: readonly Int64Form[];
  readonly #onLeave: ((position: ReadPosition) => void) | undefined;
  #fills: readonly FillValues[] = [];
  /** Where the run begins in the batch. */
  #start = 0;

  constructor(request: ScanRequest, options: ReadOptions) {
    const segments = planScan(request);
    this.values = request.columns.map(() => Array.from({ length: RUN_ROWS }, () => null));
    this.#forms = chooseForms(segments, request.columns, options);
    this.#batches = new BatchSource(request, segments);
    this.#onLeave = request.onLeave;
  }

  /** Decodes the next run over the present one; false at the end. */
  load(): boolean {
    this.#start += this.count;
    this.index = 0;
    this.count = 0;
    if (this.#start === this.#batches.rows && !this.#loadBatch()) return false;
    const count = Math.min(RUN_ROWS, this.#batches.rows - this.#start);
    const { chunks, offsets } = this.#batches;
    chunks.forEach((chunk, i) => {
      const start = this.#start + (offsets[i] ?? 0);
      this.#fills[i]?.(chunk, this.values[i] ?? [], { start, count });
    });
    this.count = count;
    return true;
  }

  /** Ends the iteration before its end. Safe to call after the end. */
  leave(): void {
    const { segment, rowsBefore } = this.#batches;
    if (segment === undefined || this.index === 0) return;
    this.#onLeave?.({
      dataset: segment.spec,
      sliceno: segment.sliceno,
      row: rowsBefore + this.#start + this.index - 1,
    });
  }

  #loadBatch(): boolean {
    const before = this.#batches.columns;
    this.#start = 0;
    if (!this.#batches.next()) return false;
    const { columns } = this.#batches;
    if (columns !== before) {
      this.#fills = columns.map((column, i) => fillValues(column.type, this.#forms[i] ?? 'usual'));
    }
    return true;
  }
}
