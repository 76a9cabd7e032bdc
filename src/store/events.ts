// What happened to a workdir that its keeper should be able to look up later.

import type { JobId } from '../model/ids.ts';
import type { IndexDatabase } from './database.ts';

/** Something that happened to the workdir. */
export interface WorkdirEvent {
  readonly kind: 'takeover' | 'recovered' | 'tainted' | 'damaged' | 'rebuilt';
  /** `null` when it concerns the workdir as a whole. */
  readonly job: JobId | null;
  readonly detail: string;
}

/** Adds an event. */
export function recordEvent(index: IndexDatabase, event: WorkdirEvent): void {
  index.run(
    'INSERT INTO events (at, kind, job, detail) VALUES (?, ?, ?, ?)',
    new Date().toISOString(),
    event.kind,
    event.job,
    event.detail,
  );
}
