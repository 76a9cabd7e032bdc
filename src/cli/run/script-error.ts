// Tells what a build script threw, or left to be thrown, in terms of its own source.

import type { Engine } from '../../engine/engine.ts';
import { SystemError, UsageError } from '../../model/errors.ts';
import { scriptErrorLines } from '../../report/failure-text.ts';
import type { Progress } from '../../report/progress.ts';
import { markDamaged } from '../../store/damage.ts';
import { locateThrown } from '../../urd/call-site.ts';
import { isToldAlready, mappedStacks } from '../../urd/run-script.ts';
import type { Surroundings } from '../command.ts';
import { EXIT_FAILED, isDamage, tellError } from '../exit-code.ts';
import { presentationFor, tell } from '../output.ts';
import { leave } from './leave.ts';

/** Tells an error of a script on stderr; gives the exit code it means. */
export function tellScriptError(error: unknown, script: string, process: Surroundings): number {
  if (error instanceof UsageError) return tellError(error.at(locateThrown(error)), process);
  if (isDamage(error)) return tellError(error, process, markDamaged(error.path, error.message));
  if (error instanceof SystemError || isOwnFault(error)) return tellError(error, process);
  const stack =
    error instanceof Error ? mappedStacks(error) : `${String(error)}, which is no Error`;
  tell(scriptErrorLines(script, stack, presentationFor(process, process.stderr)), process);
  return EXIT_FAILED;
}

/** What a stray error ends. */
export interface StrayErrorWatch {
  readonly engine: Pick<Engine, 'terminate'>;
  readonly progress: Progress;
  readonly script: string;
  readonly process: Surroundings;
}

/**
 * Ends the run at once when an exception comes up that nobody waits for, as in a timer of the script or a promise it
 * forgot: nobody knows what is missing. A build that failed is no such thing: the run knows it. Until released.
 */
export function onStrayError({ engine, progress, script, process }: StrayErrorWatch): {
  release(): void;
} {
  const react = (error: unknown): void => {
    if (isToldAlready(error)) return;
    engine.terminate();
    progress.close();
    leave(tellScriptError(error, script, process));
  };
  globalThis.process.on('uncaughtException', react);
  return { release: () => void globalThis.process.off('uncaughtException', react) };
}

function isOwnFault(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Internal error:');
}
