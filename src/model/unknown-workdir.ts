// The mistake of naming a workdir that is not configured, wherever it is made: in a script, in a setting, on the command line.

import { didYouMean } from '../util/nearest.ts';
import { UsageError } from './errors.ts';

/** Makes the error; `known` are the names of the workdirs there are. */
export function unknownWorkdir(name: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: 'unknown_workdir',
    message: `There is no workdir "${name}"; known are ${known.join(', ')}`,
    hint: didYouMean(name, known, 'Workdirs are set by `workdirs` in acc.config.ts.'),
    token: name,
  });
}
