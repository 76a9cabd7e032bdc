// Result links: symlinks in the result directory to files of jobs, replaced by one atomic step.
// The symlink is the truth; the index only remembers who made it, with header and description.

import type { JobId } from '../model/ids.ts';
import type { Workdir } from './workdir.ts';

/** A result link to make. */
export interface ResultLink {
  /** Absolute. */
  readonly resultDirectory: string;
  readonly job: JobId;
  /** A file or directory, relative to the job directory. */
  readonly file: string;
  /** Relative to the result directory; a trailing `/` means inside that directory; by default the file's base name. */
  readonly linkName?: string;
  readonly header?: string;
  readonly description?: string;
  /** The run that made it, 0 outside a run. */
  readonly run: number;
}

/** Makes or replaces a result link and records it in the workdir of the job. Returns the link's normalised name. */
export function linkResult(workdir: Workdir, link: ResultLink): string {
  throw new Error(`Internal error: not made yet ${workdir.name} ${link.file}`);
}
