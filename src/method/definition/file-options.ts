// Options that name files: `jobFile()` for a file in a job, `inputFile()` for one below the input directory.
// Both are ordinary zod types, so they can be nested, listed, optional or have a default.

import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

import { z } from 'zod';

import { entriesBelow } from '../../util/entries-below.ts';
import { globMatcher } from '../../util/glob.ts';
import { noteImpurity } from '../inputs/purity-watch.ts';
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

/** What a build call accepts where input files are expected: names and patterns relative to the input directory. */
export type InputFilesArgument = InputFileArgument | readonly InputFileArgument[];

/** An option that is a file below the input directory, keyed by its path and its content. */
export function inputFile(): z.ZodType<InputFile, InputFileArgument> {
  return z
    .custom<InputFileArgument>(isFile, {
      error: 'the name of a file, relative to the input directory and inside it',
    })
    .transform(metFile);
}

/**
 * An option that is one or more files below the input directory: a name, a pattern as `2024/*.csv` (`*`, `?`, `**`,
 * `[a-z]`, `{a,b}`) or a list of these. It comes out as a list: what a pattern finds is sorted by name.
 */
export function inputFiles(): z.ZodType<readonly InputFile[], InputFilesArgument> {
  return z
    .custom<InputFilesArgument>(
      (value) => (Array.isArray(value) ? value.length > 0 && value.every(isFile) : isFile(value)),
      { error: 'names or patterns of files, relative to the input directory and inside it' },
    )
    .transform((value, context) => {
      const given = Array.isArray(value) ? (value as readonly InputFileArgument[]) : [value];
      return (given as readonly InputFileArgument[]).flatMap((name) => {
        if (!isPattern(name)) return metFile(name);
        const names = matchingFiles(posix.normalize(name));
        if (names.length === 0) {
          const message = `a pattern that some file matches (none is like ${JSON.stringify(name)})`;
          context.issues.push({ code: 'custom', message, input: value });
        }
        return names.map(metFile);
      });
    });
}

function metFile(value: InputFileArgument): InputFile {
  const file =
    value instanceof InputFile
      ? value
      : new InputFile(validation.directory, posix.normalize(value));
  validation.files.add(file);
  return file;
}

function isFile(value: unknown): value is InputFileArgument {
  return value instanceof InputFile || (typeof value === 'string' && isInside(value));
}

/** A name with such characters that is there is no pattern. */
function isPattern(value: InputFileArgument): value is string {
  if (value instanceof InputFile || !/[*?[{]/u.test(value)) return false;
  // Which files there are is no matter of the option's text: another run may find others.
  noteImpurity();
  return !existsSync(join(validation.directory, value));
}

function matchingFiles(pattern: string): readonly string[] {
  const parts = pattern.split('/');
  const plain = parts.findIndex((part) => /[*?[{]/u.test(part));
  const directory = parts.slice(0, plain).join('/');
  const path = join(validation.directory, directory);
  if (!existsSync(path)) return [];
  const recursive = pattern.includes('**') || parts.length > plain + 1;
  const matches = globMatcher(pattern);
  const entries = recursive ? entriesBelow(path) : readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => posix.relative(validation.directory, posix.join(entry.parentPath, entry.name)))
    .filter(matches)
    .toSorted();
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
