// What can be wrong with the use of a job handle, in words. Unaware of handles: told ids and names.

import { basename } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import { parseJobId } from '../../model/ids.ts';
import { didYouMean } from '../../util/nearest.ts';

/** Returns `id` as a job id; throws `UsageError` when it does not have the form of one. */
export function checkedJobId(id: string): JobId {
  const parsed = parseJobId(id);
  if (parsed !== undefined) return parsed;
  throw new UsageError({
    code: 'invalid_job_id',
    message: `Expected a job id such as dev-42, got ${JSON.stringify(id)}`,
    token: id,
  });
}

/** The job's workdir is not configured. */
export function noSuchWorkdir(id: JobId, workdir: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: 'unknown_workdir',
    message: `Job ${id} lies in workdir \`${workdir}\`, which is not configured; known are ${known.join(', ')}`,
    token: id,
    hint: didYouMean(workdir, known),
  });
}

/** The job has no `post.json` yet. */
export function unfinished(id: JobId): UsageError {
  return new UsageError({
    code: 'unfinished_job',
    message: `Job ${id} is not finished`,
    hint: 'Only a finished job can tell what it has made.',
    token: id,
  });
}

/** How an input job came about was asked for in a stage: `member` is a member of its handle, or a file. */
export function undeclaredLineage(id: JobId, member: string): UsageError {
  return new UsageError({
    code: 'undeclared_lineage',
    message: `\`${member}\` of the input job ${id} cannot be read: what an input job was made of is not in the key`,
    hint: 'Declare the input as `job({ lineage: true })`, which puts it into the key.',
  });
}

/** Something of an input job was asked for in a stage that no declaration puts into the key. */
export function notShown(id: JobId, member: string): UsageError {
  return new UsageError({
    code: 'not_in_digest',
    message: `\`${member}\` of the input job ${id} cannot be read in a stage: it is not in the key`,
    hint: 'Pass it as an option, or let the job save it to a file.',
  });
}

/** A job that was reached through a dataset, a file or another job was looked into in a stage. */
export function opaqueJob(id: JobId): UsageError {
  return new UsageError({
    code: 'job_not_in_key',
    message: `Job ${id} is no input of its own and cannot be looked into: what else it made is not in the key`,
    hint:
      'If it made an input dataset, declare that as `dataset({ lineage: true })`; otherwise declare the job as an input ' +
      'of its own, `jobs: { name: job() }`, and use that one.',
  });
}

/** `linkResult` was called in a stage. */
export function linkInStage(id: JobId): UsageError {
  return new UsageError({
    code: 'link_in_stage',
    message: `\`linkResult\` of job ${id} was called in a stage: results are linked by build scripts only`,
    hint: 'Return the job or save the file, and link it where the method is built.',
  });
}

/** The job has no such file or dataset; `names` are those it has. */
export function missingMember(facts: {
  readonly what: 'dataset' | 'file';
  readonly name: string;
  readonly job: { readonly id: JobId; readonly method: string };
  readonly names: readonly string[];
}): UsageError {
  const { what, name, job, names } = facts;
  if (names.includes(name)) {
    return new UsageError({
      code: 'damaged_job',
      message: `Job ${job.id} (${job.method}) is damaged: its ${what} ${JSON.stringify(name)} is missing`,
      hint: 'The next run that builds it makes it again.',
      token: name,
    });
  }
  const others =
    names.length <= 5 ? `: it has ${names.join(', ')}` : `, but ${names.length} others`;
  return new UsageError({
    code: what === 'file' ? 'unknown_file' : 'unknown_dataset',
    message: `Job ${job.id} (${job.method}) has no ${what} ${JSON.stringify(name)}${names.length === 0 ? '' : others}`,
    token: name,
    hint: names.includes(basename(name))
      ? `Did you mean ${JSON.stringify(basename(name))}? \`linkResult\` links it by another name with \`{ linkName }\`.`
      : didYouMean(name, names),
  });
}

/** A file of a job can be read, or written as a whole. */
export function invalidMode(mode: string): UsageError {
  return new UsageError({
    code: 'invalid_mode',
    message: `Expected the mode 'r' or 'w' for \`open\`, got ${JSON.stringify(mode)}`,
    hint: 'A file of a job is written once, from its beginning to its end.',
    token: mode,
  });
}

/** Reads the content of a job's file; what is wrong with it comes out as `UsageError` that names the file. */
export function readContent<T>(path: string, kind: 'JSON' | 'msgpack', read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError({
      code: 'unreadable_file',
      message: `${path} cannot be read as ${kind}: ${reason}`,
      hint: 'If it was damaged after it was written, delete the directory of the job: the next run makes it again.',
    });
  }
}
