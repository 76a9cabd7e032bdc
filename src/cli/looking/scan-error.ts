// Errors on their way from a scan thread: the kinds that commands tell apart keep their kind.

import { SystemError, UsageError } from '../../model/errors.ts';
import type { Problem } from '../../model/errors.ts';

/** An error as data. */
export type ScanError =
  | { readonly kind: 'usage'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'system';
      readonly facts: { code: string; operation: string; path: string; reason?: string };
    }
  | { readonly kind: 'other'; readonly error: unknown };

/** Makes data of an error. */
export function encodeScanError(error: unknown): ScanError {
  if (error instanceof UsageError) return { kind: 'usage', problems: error.problems };
  if (error instanceof SystemError) {
    const { code, operation, path, reason } = error;
    return {
      kind: 'system',
      facts: { code, operation, path, ...(reason === undefined ? {} : { reason }) },
    };
  }
  return { kind: 'other', error };
}

/** Makes the error again. */
export function decodeScanError(error: ScanError): unknown {
  switch (error.kind) {
    case 'usage':
      return new UsageError(error.problems);
    case 'system':
      return new SystemError(error.facts);
    case 'other':
      return error.error;
  }
}
