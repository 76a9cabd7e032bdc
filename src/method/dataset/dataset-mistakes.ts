// What can be wrong with the use of a dataset handle, in words. Unaware of handles: told names.

import { UsageError } from '../../model/errors.ts';

/** The error for composing a dataset where no job is running. */
export function outsideStage(member: string, dataset: string): UsageError {
  return new UsageError({
    code: 'no_stage',
    message: `\`${member}\` of dataset ${dataset} was called outside a stage`,
    hint: 'It makes a dataset of the running job: call it in prepare or synthesis of a method.',
    token: member,
  });
}

/** The error for what a stage would see of an input without running again when it changes. */
export function notInDigest(member: string, dataset: string): UsageError {
  return new UsageError({
    code: 'not_in_digest',
    message: `\`${member}\` of the input dataset ${dataset} cannot be read in a stage: it is not in the key`,
    hint:
      member === 'columnFile'
        ? 'Read the column with `batches` or `iterate`, or the dataset with `queryDatasets`.'
        : 'Pass it as an option of its own.',
    token: member,
  });
}
