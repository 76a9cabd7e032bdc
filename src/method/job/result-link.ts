// The options of `linkResult`, and what can be wrong with them. Where a link may lie is not judged here, but where it is
// made.

import { inspect } from 'node:util';

import { UsageError } from '../../model/errors.ts';
import { checkKnownOptions } from '../inputs/known-options.ts';

/** How a result is linked. */
export interface ResultLinkOptions {
  /** Relative to the result directory; the file's base name if not set; a trailing `/` means inside that directory. */
  readonly linkName?: string;
  readonly header?: string;
  readonly description?: string;
}

const OPTIONS: readonly (keyof ResultLinkOptions)[] = ['linkName', 'header', 'description'];
const CODE = 'invalid_result_link';

/** Throws `UsageError` for options that are none, have names that are not known, or values that are no text. */
export function checkLinkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refused(
      "Expected the second argument of `linkResult` to be options such as `{ linkName: 'means.json' }`",
      options,
    );
  }
  checkKnownOptions(options, { subject: '`linkResult`', known: OPTIONS, code: CODE });
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || typeof value === 'string') continue;
    throw refused(`Expected \`${name}\` of \`linkResult\` to be a string`, value);
  }
}

function refused(expected: string, got: unknown): UsageError {
  const shown = typeof got === 'string' ? JSON.stringify(got) : inspect(got, { depth: 0 });
  return new UsageError({
    code: CODE,
    message: `${expected}, got ${shown}`,
    ...(typeof got === 'string' ? { token: got } : {}),
  });
}
