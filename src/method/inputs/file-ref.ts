// Recognises live file values in options, for their written form. Unaware of zod.

import type { FileRef } from '../../model/option-value.ts';
import { InputFile } from '../job/input-file.ts';
import { JobFile } from '../job/job-file.ts';

/** Returns the reference that a live `JobFile` or `InputFile` stands for; `undefined` for everything else. */
export function asFileRef(value: object): FileRef | undefined {
  if (value instanceof JobFile) {
    return { kind: 'job_file', job: value.job.id, name: value.name, sliced: value.sliced };
  }
  if (value instanceof InputFile) return { kind: 'input_file', path: value.name };
  return undefined;
}
