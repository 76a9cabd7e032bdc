// What a callback of an iteration returns or throws to skip or to stop.

import { inspect } from 'node:util';

/** What an iteration does next. */
export type SignalAnswer = 'skip_dataset' | 'skip_slice' | 'stop';

/** One made of `SkipDataset`, `SkipSlice` or `StopIteration`. */
abstract class Signal extends Error {
  /** What the class says where it is thrown itself and no callback catches it. */
  static override toString(): string {
    return `${this.name} was thrown where no callback of an iteration is called`;
  }

  abstract readonly answer: SignalAnswer;

  constructor() {
    super(String(new.target));
    this.name = 'IterationSignal';
  }
}

// From outside, as in print-as.ts.
Object.defineProperty(Signal, inspect.custom, {
  value(this: typeof Signal): string {
    return String(this);
  },
});

/** Returned or thrown by a callback before a dataset or slice, with or without `new`: what is left of this dataset is not read. */
export class SkipDataset extends Signal {
  static override readonly name: string = 'SkipDataset';
  readonly answer = 'skip_dataset';
}

/** Returned or thrown by a callback before a slice, with or without `new`: it is not read. */
export class SkipSlice extends Signal {
  static override readonly name: string = 'SkipSlice';
  readonly answer = 'skip_slice';
}

/** Returned or thrown by any callback of an iteration, with or without `new`: the loop ends, and no callback is called any more. */
export class StopIteration extends Signal {
  static override readonly name: string = 'StopIteration';
  readonly answer = 'stop';
}

/** A signal, as it is or made with `new`. */
export type IterationSignal =
  | SkipDataset
  | SkipSlice
  | StopIteration
  | typeof SkipDataset
  | typeof SkipSlice
  | typeof StopIteration;

/** What a returned or thrown value asks for; `undefined` if it is no signal. */
export function signalAnswer(value: unknown): SignalAnswer | undefined {
  if (value instanceof Signal) return value.answer;
  if (value === SkipDataset) return 'skip_dataset';
  if (value === SkipSlice) return 'skip_slice';
  return value === StopIteration ? 'stop' : undefined;
}
