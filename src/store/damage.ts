// Jobs whose files were found not to hold what was written to them although their sizes are right, which no look-up sees.
// The mark is a file of its own in the job's directory, and a column of the index, where look-ups read it.

import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import { SystemError, UsageError } from '../model/errors.ts';
import { parseJobId, splitJobId } from '../model/ids.ts';
import type { JobId } from '../model/ids.ts';
import { onMachine } from '../model/system-error.ts';
import { writeFileAtomic } from '../util/atomic-file.ts';
import { IndexDatabase } from './database.ts';
import { recordEvent } from './events.ts';
import { DAMAGE, POST, readDamage } from './job-directory.ts';
import type { DamageMark } from './job-directory.ts';
import { indexPath } from './workdir-place.ts';

/**
 * Marks the finished job that a damaged file belongs to: it is never reused from then on. Gives its id; `undefined` where
 * the file is in no finished job, or where the mark cannot be written. `message` is that of the error about the file.
 */
export function markDamaged(path: string, message: string): JobId | undefined {
  const job = finishedJobAround(path);
  if (job === undefined) return undefined;
  const { id, directory } = job;
  const [, reason = message] = message.split(`${path}: `);
  const mark = { at: new Date().toISOString(), file: relative(directory, path), reason };
  try {
    writeMark(directory, mark);
    enterMark(id, dirname(directory), mark);
    return id;
  } catch (error) {
    // The directory is another's, or the disk is full: whoever tells of the damage says what can be done by hand.
    if (error instanceof SystemError || error instanceof UsageError) return undefined;
    throw error;
  }
}

function finishedJobAround(path: string): { id: JobId; directory: string } | undefined {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    const id = parseJobId(basename(at));
    if (id !== undefined && existsSync(join(at, POST))) return { id, directory: at };
  }
  return undefined;
}

/** The first damage that was met stays. */
function writeMark(directory: string, mark: Omit<DamageMark, 'version'>): void {
  if (readDamage(directory) !== undefined) return;
  const path = join(directory, DAMAGE);
  const text = `${JSON.stringify({ version: 1, ...mark }, null, 2)}\n`;
  onMachine('write', path, () => writeFileAtomic(path, text, 'flushed'));
}

/** Without an index there is nothing to do: it will be made from the directories. */
function enterMark(id: JobId, path: string, mark: Omit<DamageMark, 'version'>): void {
  const place = { name: splitJobId(id)?.workdir ?? '', path };
  if (!existsSync(indexPath(place))) return;
  const index = IndexDatabase.open(indexPath(place));
  try {
    index.write(() => {
      const text = JSON.stringify(mark);
      index.run('UPDATE jobs SET damaged = ? WHERE id = ? AND damaged IS NULL', text, id);
      recordEvent(index, { kind: 'damaged', job: id, detail: `${mark.file}: ${mark.reason}` });
    });
  } finally {
    index.close();
  }
}
