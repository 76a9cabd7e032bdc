// What happens when stdout or stderr cannot be written: a full disk is told and ends acc, a reader that has gone ends it
// without a word. An error may come up only after the command's own end, when nobody would hear of it any more.

import { SystemError } from '../model/errors.ts';
import type { Surroundings } from './command.ts';
import { EXIT_FAILED, tellError } from './exit-code.ts';
import { leave } from './run/leave.ts';

/** Ends the process as soon as output cannot be written. */
export function watchOutput(process: Surroundings): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `acc jobs | head` must end like `ls | head`, but not as if all had been done.
      leave(isGone(error) ? EXIT_FAILED : tellOutputError(stream, error, process));
    });
  }
}

/** Tells of output that was lost without an event yet; gives the exit code it means, `undefined` if all was written. */
export function lostOutput(process: Surroundings): number | undefined {
  const lost = [process.stdout, process.stderr].find(
    ({ errored }) => errored !== null && !isGone(errored),
  );
  return lost?.errored ? tellOutputError(lost, lost.errored, process) : undefined;
}

function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}

function tellOutputError(
  stream: NodeJS.WriteStream,
  cause: NodeJS.ErrnoException,
  process: Surroundings,
): number {
  const name = stream === process.stdout ? 'stdout' : 'stderr';
  const error = new SystemError({
    code: cause.code ?? 'unknown',
    operation: 'write to',
    path: name,
    reason: cause.message.replace(/, write$/u, ''),
    cause,
  });
  return tellError(error, process);
}
