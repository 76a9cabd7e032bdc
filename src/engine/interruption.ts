// The end of a run before its time: work that has not begun is refused, and what runs is signalled, then terminated.

/** The run was interrupted before the build was started. */
export class InterruptedError extends Error {
  constructor() {
    super('The run was interrupted');
    this.name = 'InterruptedError';
  }
}

/** Whether, and how, a run has been interrupted. */
export class Interruption {
  readonly #cancel = new AbortController();
  readonly #terminate = new AbortController();

  /** Stops starting work and signals what runs; it is terminated after a grace time. */
  cancel(): void {
    this.#cancel.abort(new InterruptedError());
  }

  /** Terminates what runs at once. */
  terminate(): void {
    this.cancel();
    this.#terminate.abort(new InterruptedError());
  }

  /** True after `cancel`. */
  get cancelled(): boolean {
    return this.#cancel.signal.aborted;
  }

  /** Aborted by `cancel`, and by `terminate`. */
  get signals(): { readonly cancel: AbortSignal; readonly terminate: AbortSignal } {
    return { cancel: this.#cancel.signal, terminate: this.#terminate.signal };
  }

  /** Throws `InterruptedError` after `cancel`. */
  refuseWhenCancelled(): void {
    if (this.cancelled) throw new InterruptedError();
  }
}
