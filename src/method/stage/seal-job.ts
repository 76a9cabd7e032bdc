// Ends a job directory: removes what is temporary, registers and hashes files. Flushing them is left to the publishing of
// post.json, which waits for all of them at once. Unaware of what the files mean.

import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { digest } from '../../model/ids.ts';
import type { FileRecord } from '../../model/manifest.ts';
import type { WrittenFile } from '../../model/stage.ts';
import { writeFileAtomic } from '../../util/atomic-file.ts';
import { entriesBelow } from '../../util/entries-below.ts';
import { hashFileSync } from '../../util/hash-file.ts';
import { sha256 } from '../../util/sha256.ts';
import { RESULT_FILE, TEMPORARY_PREFIX } from '../job/file-names.ts';
import { userFiles } from '../job/job-files.ts';

/** What the stages have left. */
export interface Unsealed {
  /** Absolute path of the job directory. */
  readonly directory: string;
  /** Registered files; one without a record is hashed here. */
  readonly files: Readonly<Record<string, WrittenFile | null>>;
  /** Files to delete, unless they were registered later. */
  readonly tempFiles: readonly string[];
  /** The job's result, encoded; `undefined` when it has none. */
  readonly result: Uint8Array | undefined;
}

/** Seals a job directory; returns the job's files. The value is `null` for a registered file that has vanished. */
export function sealJob(job: Unsealed): Readonly<Record<string, FileRecord | null>> {
  const { directory } = job;
  for (const name of job.tempFiles) {
    if (job.files[name] === undefined) rmSync(join(directory, name), { force: true });
  }
  const written = new Map(Object.entries(job.files));
  // What a method returns does not count as registered by hand.
  if (written.size === 0) for (const name of topLevelFiles(directory)) written.set(name, null);
  const records = new Map<string, FileRecord | null>();
  for (const [name, file] of written) records.set(name, hashed(join(directory, name), file));
  if (job.result !== undefined) records.set(RESULT_FILE, writeResult(directory, job.result));
  removeIncomplete(directory);
  return Object.fromEntries(records);
}

function topLevelFiles(directory: string): readonly string[] {
  return userFiles(directory).filter((name) => !name.includes('/'));
}

function writeResult(directory: string, result: Uint8Array): FileRecord {
  writeFileAtomic(join(directory, RESULT_FILE), result);
  return { sizeBytes: result.byteLength, digest: digest(sha256(result)) };
}

/** The record of a file as it is now: one that was changed after it was written is hashed again. */
function hashed(path: string, written: WrittenFile | null): FileRecord | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return null;
  if (written !== null && written.sizeBytes === stat.size && written.mtimeMs === stat.mtimeMs) {
    return { sizeBytes: written.sizeBytes, digest: written.digest };
  }
  const { sizeBytes, sha256: hex } = hashFileSync(path);
  return { sizeBytes, digest: digest(hex) };
}

/** Removes incomplete files that an execution which died has left. */
function removeIncomplete(directory: string): void {
  for (const entry of entriesBelow(directory)) {
    if (entry.isDirectory() || !entry.name.startsWith(TEMPORARY_PREFIX)) continue;
    rmSync(join(entry.parentPath, entry.name), { force: true });
  }
}
