// What ^C does to a run: the first press stops it in good order, the second leaves at once.

import { interruptedLine } from '../../report/failure-text.ts';
import type { Progress } from '../../report/progress.ts';
import type { Surroundings } from '../command.ts';
import { EXIT_INTERRUPTED } from '../exit-code.ts';
import { presentationFor, tell } from '../output.ts';
import { leave } from './leave.ts';

/** What is to be interrupted. */
export interface Interruptible {
  readonly engine: { cancel(): void; terminate(): void };
  readonly progress: Progress;
  readonly process: Surroundings;
}

/** Reacts to ^C, and to the signals that mean the same, until released. */
export function onInterrupt({ engine, progress, process }: Interruptible): { release(): void } {
  let presses = 0;
  const react = (): void => {
    presses++;
    if (presses === 1) {
      const line = 'Stopping what runs; press ^C again to leave at once.';
      progress.print(`${presentationFor(process, process.stdout).colours.yellow(line)}\n`);
      engine.cancel();
      return;
    }
    engine.terminate();
    progress.close();
    tell([interruptedLine(presentationFor(process, process.stderr))], process);
    leave(EXIT_INTERRUPTED);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) globalThis.process.on(signal, react);
  return {
    release: () => {
      for (const signal of signals) globalThis.process.off(signal, react);
    },
  };
}
