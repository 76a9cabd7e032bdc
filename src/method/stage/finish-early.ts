// What `job.finishEarly` throws, so that the stage ends at once wherever it is.

/** Ends a stage. Not an error: authors who catch everything should throw it on, but need not. */
export class FinishedEarly {
  readonly result: unknown;

  constructor(result: unknown) {
    this.result = result;
  }
}
