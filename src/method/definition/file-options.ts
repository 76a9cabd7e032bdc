// Options that name files: `jobFile()` for a file in a job, `inputFile()` for one below the input directory.
// Both are ordinary zod types, so they can be nested, listed, optional or have a default.

import { posix } from 'node:path';

import { z } from 'zod';

import { RESULT_FILE } from '../job/file-names.ts';
import { InputFile } from '../job/input-file.ts';
import { JobFile } from '../job/job-file.ts';
import { Job } from '../job/job.ts';

/** What a build call accepts where a job file is expected; a job stands for its result. */
export type JobFileArgument = JobFile | Job | PromiseLike<JobFile | Job>;

/** What a build call accepts where an input file is expected: a name relative to the input directory. */
export type InputFileArgument = string | InputFile;

/** An option that is a file in a job: `job.withFile(name)`, or a job, which stands for `result.msgpack`. */
export function jobFile(): z.ZodType<JobFile, JobFileArgument> {
  return z
    .custom<JobFileArgument>((value) => value instanceof JobFile || value instanceof Job, {
      error: 'a file in a job, as `job.withFile(name)`',
    })
    .transform((value) =>
      value instanceof Job ? value.withFile(RESULT_FILE) : (value as JobFile),
    );
}

/** An option that is a file below the input directory, keyed by its path and its content. */
export function inputFile(): z.ZodType<InputFile, InputFileArgument> {
  return z
    .custom<InputFileArgument>(
      (value) => value instanceof InputFile || (typeof value === 'string' && isInside(value)),
      { error: 'the name of a file, relative to the input directory and inside it' },
    )
    .transform((value) => {
      const file =
        value instanceof InputFile
          ? value
          : new InputFile(validation.directory, posix.normalize(value));
      validation.files.add(file);
      return file;
    });
}

interface Validation {
  /** Absolute path of the input directory. */
  readonly directory: string;
  /** The input files that were met. */
  readonly files: Set<InputFile>;
}

// Zod gives no context to a type, so what it needs is set for the time of one synchronous validation.
let validation: Validation = { directory: '/', files: new Set() };

/** Runs a synchronous validation in which input files lie below `directory`; returns the files that it met. */
export function withInputDirectory(
  directory: string,
  validate: () => void,
): ReadonlySet<InputFile> {
  const outer = validation;
  const files = new Set<InputFile>();
  validation = { directory, files };
  try {
    validate();
  } finally {
    validation = outer;
  }
  return files;
}

function isInside(name: string): boolean {
  const normal = posix.normalize(name);
  return (
    name !== '' &&
    !name.includes('\0') &&
    !posix.isAbsolute(normal) &&
    normal !== '.' &&
    !normal.endsWith('/') &&
    normal !== '..' &&
    !normal.startsWith('../')
  );
}
