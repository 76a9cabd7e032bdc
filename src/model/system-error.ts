// Turns errors of the file system and of SQLite into `SystemError`; everything else passes as it is.

import { SystemError } from './errors.ts';

/** Gives the error to throw for `cause`, caught while `operation` was done to `path`. */
export function systemError(cause: unknown, operation: string, path: string): unknown {
  if (cause instanceof SystemError || !(cause instanceof Error)) return cause;
  const code: unknown = 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && isMachineCode(code)
    ? new SystemError({ code, operation, path, cause })
    : cause;
}

/** Does something to a path; what goes wrong with the machine comes out as `SystemError`. */
export function onMachine<T>(operation: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw systemError(error, operation, path);
  }
}

/** A mistake in our own SQL (`SQLITE_ERROR`, a broken constraint) is not the machine's fault. */
function isMachineCode(code: string): boolean {
  if (!code.startsWith('SQLITE_')) {
    return /^E(?:[A-Z0-9]+|RR_FS_\w+)$/.test(code) || code === 'MODULE_NOT_FOUND';
  }
  return code !== 'SQLITE_ERROR' && !/^SQLITE_(CONSTRAINT|MISMATCH|MISUSE|RANGE)/.test(code);
}
