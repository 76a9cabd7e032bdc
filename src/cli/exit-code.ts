// What the process ends with, and the last words about an error that nobody else has dealt with.

import { DAMAGED, SystemError, UsageError } from '../model/errors.ts';
import type { JobId } from '../model/ids.ts';
import { internalErrorLines, systemErrorLines, usageErrorLines } from '../report/failure-text.ts';
import type { Surroundings } from './command.ts';
import { presentationFor, tell } from './output.ts';
import { enginePackage } from './project/engine-package.ts';

/** A job failed, or the script did. */
export const EXIT_FAILED = 1;
/** Wrong usage or invalid input. */
export const EXIT_USAGE = 2;
/** The machine's fault. */
const EXIT_SYSTEM = 3;
/** Interrupted by the user. */
export const EXIT_INTERRUPTED = 130;
/** acc's own fault. */
export const EXIT_INTERNAL = 70;

/** Tells whether an error is about a file of a job that does not hold what was written to it. */
export function isDamage(error: unknown): error is SystemError {
  return error instanceof SystemError && error.code === DAMAGED;
}

/** Tells an error on stderr; gives the exit code it means. `damagedJob` is the job of a damaged file, where it was marked. */
export function tellError(error: unknown, process: Surroundings, damagedJob?: JobId): number {
  const presentation = presentationFor(process, process.stderr);
  const known = asSystemError(error) ?? error;
  if (known instanceof UsageError) {
    tell(usageErrorLines(known, presentation), process);
    return EXIT_USAGE;
  }
  if (known instanceof SystemError) {
    tell(systemErrorLines(known, presentation, damagedJob), process);
    return EXIT_SYSTEM;
  }
  tell(internalErrorLines(error, versions()), process);
  return EXIT_INTERNAL;
}

function versions(): string[] {
  const { version, platform, arch } = process;
  return [`acc ${enginePackage().version}`, `node ${version}`, `${platform} ${arch}`];
}

/** Codes of the operating system and of SQLite that no code of ours can do anything about. */
const MACHINE_CODES =
  /^(?:EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EIO|EMFILE|ENFILE|ENOMEM|SQLITE_(?:BUSY|LOCKED|FULL|READONLY|CANTOPEN|CORRUPT|NOTADB|IOERR)\w*)$/u;

/** Recognises the machine's fault where it came up without having been told as one. */
function asSystemError(error: unknown): SystemError | undefined {
  if (!(error instanceof Error) || error instanceof SystemError) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !MACHINE_CODES.test(code)) return undefined;
  return new SystemError({
    code: code.replace(/^(SQLITE_[A-Z]+)_\w+$/u, '$1'),
    operation: syscall ?? 'use',
    path: path ?? 'the index',
    cause: error,
  });
}
