// Reads the two records of a job directory. Unaware of what they mean.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DAMAGED, SystemError, UsageError } from '../../model/errors.ts';
import type { Post, Setup } from '../../model/manifest.ts';

/** Reads `setup.json`; throws `UsageError` when there is no such job. */
export function readSetup(directory: string, id: string): Setup {
  const setup = readRecord(join(directory, 'setup.json'));
  if (setup !== undefined) return setup as Setup;
  throw new UsageError({
    code: 'unknown_job',
    message: `There is no job ${id}: ${directory} does not exist or holds no setup.json`,
    token: id,
  });
}

/** Reads `post.json`; `undefined` while the job is unfinished. */
export function readPost(directory: string): Post | undefined {
  return readRecord(join(directory, 'post.json')) as Post | undefined;
}

function readRecord(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const cause = { operation: 'read', path, cause: error };
    if (code !== undefined) throw new SystemError({ code, ...cause });
    const reason = 'it holds no complete JSON; the file was changed after it was written';
    throw new SystemError({ code: DAMAGED, reason, ...cause });
  }
}
