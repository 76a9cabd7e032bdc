// Steps from slice to slice of a plan and calls back where a dataset or a slice begins and ends.
// What a callback makes of it, to skip or to stop, is told by what it returns.

import type { ScanSegment } from './scan-plan.ts';

/** What a callback wants. */
export type CallbackAnswer = 'go' | 'skip_slice' | 'skip_dataset' | 'stop';

/** Called at the borders of datasets and slices; a dataset is known by its number in the request. */
export interface IterationCallbacks {
  readonly enterDataset: (dataset: number) => CallbackAnswer;
  readonly enterSlice: (dataset: number, sliceno: number) => CallbackAnswer;
  readonly leaveSlice: (dataset: number, sliceno: number) => CallbackAnswer;
  readonly leaveDataset: (dataset: number) => CallbackAnswer;
}

/** The slices of a plan that are not skipped, in order. */
export class SegmentSteps {
  readonly #segments: readonly ScanSegment[];
  readonly #callbacks: IterationCallbacks | undefined;
  #at = 0;
  /** The dataset that has been entered. */
  #dataset: number | undefined;
  #skippedDataset: number | undefined;
  /** The slice that has been entered, and that was skipped, in the present dataset. */
  #slice: number | undefined;
  #skippedSlice: number | undefined;
  #isStopped = false;

  constructor(segments: readonly ScanSegment[], callbacks: IterationCallbacks | undefined) {
    this.#segments = segments;
    this.#callbacks = callbacks;
  }

  /** Goes to the next slice; `undefined` at the end, and for good once a callback has stopped the iteration. */
  next(): ScanSegment | undefined {
    const callbacks = this.#callbacks;
    if (callbacks === undefined) return this.#segments[this.#at++];
    for (;;) {
      const segment = this.#segments[this.#at++];
      if (!this.#isStopped) this.#leave(callbacks, segment);
      if (this.#isStopped || segment === undefined) return undefined;
      if (this.#enters(callbacks, segment)) return segment;
    }
  }

  #leave(callbacks: IterationCallbacks, next: ScanSegment | undefined): void {
    const dataset = this.#dataset;
    if (dataset === undefined) return;
    const staysInDataset = next?.dataset === dataset;
    const slice = this.#slice;
    if (slice !== undefined && !(staysInDataset && visibleSlice(next) === slice)) {
      this.#slice = undefined;
      this.#isStopped = callbacks.leaveSlice(dataset, slice) === 'stop';
    }
    if (staysInDataset || this.#isStopped) return;
    this.#dataset = undefined;
    if (dataset === this.#skippedDataset) return;
    this.#isStopped = callbacks.leaveDataset(dataset) === 'stop';
  }

  #enters(callbacks: IterationCallbacks, segment: ScanSegment): boolean {
    const { dataset } = segment;
    const slice = visibleSlice(segment);
    if (this.#dataset !== dataset) {
      this.#dataset = dataset;
      this.#skippedSlice = undefined;
      if (!this.#accepts(callbacks.enterDataset(dataset), segment)) return false;
    }
    if (dataset === this.#skippedDataset || slice === this.#skippedSlice) return false;
    if (this.#slice === slice) return true;
    if (!this.#accepts(callbacks.enterSlice(dataset, slice), segment)) return false;
    this.#slice = slice;
    return true;
  }

  #accepts(answer: CallbackAnswer, segment: ScanSegment): boolean {
    if (answer === 'stop') this.#isStopped = true;
    if (answer === 'skip_dataset') this.#skippedDataset = segment.dataset;
    if (answer === 'skip_slice') this.#skippedSlice = visibleSlice(segment);
    return answer === 'go';
  }
}

/** The slice an iteration is for: the slices that are read to rehash them are one. */
function visibleSlice(segment: ScanSegment): number {
  return segment.rehash?.sliceno ?? segment.sliceno;
}
