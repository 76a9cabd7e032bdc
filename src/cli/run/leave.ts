// Ends the process from inside a command, so that the run which is going on knows that it was acc's own decision.

let leaving = false;

/** Ends the process at once. */
export function leave(exitCode: number): never {
  leaving = true;
  process.exit(exitCode);
}

/** True when it is `leave` that ends the process, and not a script. */
export function isLeaving(): boolean {
  return leaving;
}
