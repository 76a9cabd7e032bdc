// What a callback of an iteration returns or throws to skip or to stop.

/** One of `SkipDataset`, `SkipSlice` and `StopIteration`. */
export class IterationSignal extends Error {
  override readonly name = 'IterationSignal';
  readonly answer: 'skip_dataset' | 'skip_slice' | 'stop';

  constructor(name: string, answer: IterationSignal['answer']) {
    super(`${name} was thrown where no callback of an iteration is called`);
    this.answer = answer;
  }
}

/** Returned or thrown by a callback before a dataset or slice: what is left of this dataset is not read. */
export const SkipDataset: IterationSignal = new IterationSignal('SkipDataset', 'skip_dataset');

/** Returned or thrown by a callback before a slice: it is not read. */
export const SkipSlice: IterationSignal = new IterationSignal('SkipSlice', 'skip_slice');

/** Returned or thrown by any callback of an iteration: the loop ends, and no callback is called any more. */
export const StopIteration: IterationSignal = new IterationSignal('StopIteration', 'stop');
