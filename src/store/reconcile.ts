// Finds jobs that are on disk but have no row, finished or not, once after each boot of the machine and in a new index:
// commits are not flushed one by one, so a power failure can take the newest rows with it, never the directories.

import { readdirSync } from 'node:fs';

import { jobId } from '../model/ids.ts';
import { onMachine } from '../model/system-error.ts';
import { recordEvent } from './events.ts';
import { indexJob } from './index-job.ts';
import { readRecords, readSetup } from './job-directory.ts';
import type { JobRecords } from './job-directory.ts';
import { bootId } from './process-identity.ts';
import { resultLinks } from './results.ts';
import { jobNumber, jobPath } from './workdir-place.ts';
import type { IndexedWorkdir, WorkdirPlace } from './workdir-place.ts';

/**
 * Indexes what the index has lost, unless that was done since the machine was started. Links of `resultDirectory`
 * (absolute) into this workdir are entered as results.
 */
export function reconcileOncePerBoot(
  workdir: IndexedWorkdir,
  resultDirectory: string | undefined,
): void {
  const boot = bootId();
  if (knowsBoot(workdir, boot)) return;
  workdir.index.write(() => {
    // Another process may have done it while we waited for the lock.
    if (knowsBoot(workdir, boot)) return;
    const numbers = jobDirectories(workdir);
    for (const number of numbers) recover(workdir, number);
    if (resultDirectory !== undefined) findResults(workdir, resultDirectory);
    raiseNextNumber(workdir, numbers);
    workdir.index.run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('boot', ?)`, boot);
  });
}

/** Numbers of the job directories of a workdir, finished or not, in rising order. */
export function jobDirectories(place: WorkdirPlace): number[] {
  const names = onMachine('list', place.path, () => readdirSync(place.path));
  return names
    .map((name) => jobNumber(place, name))
    .filter((number) => number !== undefined)
    .toSorted((a, b) => a - b);
}

/** What a job's directory says about itself; `undefined` when it says nothing, or that it is another job. */
export function recordsOf(place: WorkdirPlace, number: number): JobRecords | undefined {
  const records = readRecords(jobPath(place, number));
  return records?.setup.id === jobId(place.name, number) ? records : undefined;
}

/** The number of slices that the newest job of a workdir has; `undefined` without jobs. */
export function slicesOfJobs(place: WorkdirPlace): number | undefined {
  for (const number of jobDirectories(place).toReversed()) {
    const slices = readSetup(jobPath(place, number))?.slices;
    if (slices !== undefined) return slices;
  }
  return undefined;
}

/** Sees to it that new jobs get numbers above those that were ever given. */
export function raiseNextNumber(workdir: IndexedWorkdir, used: readonly number[]): void {
  const next = (used.at(-1) ?? -1) + 1;
  workdir.index.run(`UPDATE meta SET value = max(value, ?) WHERE name = 'next_job'`, next);
}

/** Enters links that the index does not know; header and description are lost for these. */
export function findResults(workdir: IndexedWorkdir, directory: string): void {
  for (const link of resultLinks(workdir, directory)) {
    workdir.index.run(
      `INSERT OR IGNORE INTO results (directory, name, job, file, linked_at, run)
       SELECT ?, ?, number, ?, ?, 0 FROM jobs WHERE number = ?`,
      directory,
      link.name,
      link.file,
      link.linkedAt,
      link.number,
    );
  }
}

function knowsBoot(workdir: IndexedWorkdir, boot: string): boolean {
  return (
    workdir.index.get(`SELECT 1 FROM meta WHERE name = 'boot' AND value = ?`, boot) !== undefined
  );
}

/** Left alone: jobs whose end is in the index, and jobs that are claimed, of which their claims will tell. */
function recover(workdir: IndexedWorkdir, number: number): void {
  const isKnown = `SELECT 1 FROM jobs WHERE number = ? AND state <> 'unfinished'
    UNION ALL SELECT 1 FROM claims WHERE number = ?`;
  if (workdir.index.get(isKnown, number, number) !== undefined) return;
  const records = recordsOf(workdir, number);
  if (records === undefined) return;
  indexJob(workdir.index, number, records);
  if (records.finished === undefined) return;
  const detail = 'the job was finished but not in the index';
  recordEvent(workdir.index, { kind: 'recovered', job: jobId(workdir.name, number), detail });
}
