// Refuses options that a call does not have, which would otherwise be ignored. Knows names only, no values.

import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../util/nearest.ts';

/** What takes options, and which. */
export interface OptionTaker {
  /** Subject of the message, such as `` `linkDataset` ``. */
  readonly subject: string;
  readonly known: readonly string[];
  /** Code of the problem; `unknown_dataset_option` if not given. */
  readonly code?: string;
}

/** Throws `UsageError` for the first name among `options` that is not known, with the name that was probably meant. */
export function checkKnownOptions(
  options: object,
  { subject, known, code = 'unknown_dataset_option' }: OptionTaker,
): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new UsageError({
      code,
      message: `${subject} has no option ${JSON.stringify(name)}`,
      hint: didYouMean(name, known, `It has ${known.join(', ')}.`),
      token: name,
    });
  }
}
