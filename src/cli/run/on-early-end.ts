// Tells when the process ends before the run did: the script called `process.exit`, or waits for what never comes.
// Without this a user would see an incomplete run that looks like a complete one.

import { earlyEndLines, interruptedLine } from '../../report/failure-text.ts';
import type { EarlyEnd } from '../../report/failure-text.ts';
import type { Progress } from '../../report/progress.ts';
import type { Surroundings } from '../command.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, tellError } from '../exit-code.ts';
import { presentationFor, tell } from '../output.ts';
import { isLeaving, leave } from './leave.ts';

/** A run that can end early. */
export interface Endable {
  readonly engine: { readonly cancelled: boolean };
  readonly progress: Progress;
  readonly script: string;
  readonly process: Surroundings;
  /** Records how the run ended. */
  readonly recordEnd: (exitCode: number) => void;
}

/** Watches for an early end of the process until released. */
export function onEarlyEnd(run: Endable): { release(): void } {
  const { engine, progress, process, recordEnd } = run;
  // Nothing is left to be waited for: neither a thread nor a timer nor a file.
  const onNothingLeft = (): void => {
    if (engine.cancelled)
      tell([interruptedLine(presentationFor(process, process.stderr))], process);
    else tellEarlyEnd(run, { kind: 'waits_for_ever' });
    leave(engine.cancelled ? EXIT_INTERRUPTED : EXIT_FAILED);
  };
  const onExit = (given: number): void => {
    const exitCode = given === 0 ? EXIT_FAILED : given;
    if (!isLeaving()) tellEarlyEnd(run, { kind: 'exited', exitCode: given });
    globalThis.process.exitCode = exitCode;
    progress.close();
    try {
      recordEnd(exitCode);
    } catch (error) {
      globalThis.process.exitCode = tellError(error, process);
    }
  };
  globalThis.process.on('beforeExit', onNothingLeft);
  globalThis.process.on('exit', onExit);
  return {
    release: () => {
      globalThis.process.off('beforeExit', onNothingLeft);
      globalThis.process.off('exit', onExit);
    },
  };
}

function tellEarlyEnd({ progress, script, process }: Endable, end: EarlyEnd): void {
  progress.close();
  tell(earlyEndLines(script, end, presentationFor(process, process.stderr)), process);
}
