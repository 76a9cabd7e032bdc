// Runs of build scripts, and which jobs each of them built or reused. Written once at the start and once at the end:
// a commit per reused job would cost more than the look-up.

import { hostname } from 'node:os';

import type { BuildState } from '../model/event.ts';
import type { JobId } from '../model/ids.ts';
import type { IndexDatabase } from './database.ts';

/** A run as it begins. */
export interface RunStart {
  /** Path of the build script, relative to the project. */
  readonly script: string;
  readonly argv: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
  readonly accVersion: string;
}

/** A run as it ended. */
export interface RunEnd {
  readonly run: number;
  readonly exitCode: number;
  readonly counts: Readonly<Record<BuildState, number>>;
  /** Every job that the run built or reused, in any workdir; failed ones too. Of a job named twice the first counts. */
  readonly jobs: readonly RunJob[];
}

/** A job of a run. */
export interface RunJob {
  readonly job: JobId;
  readonly state: BuildState;
}

/** See `Workdir.startRun`. */
export function startRun(index: IndexDatabase, run: RunStart): number {
  const { lastRow } = index.run(
    `INSERT INTO runs (script, argv, flags, started_at, host, pid, acc_version) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    run.script,
    JSON.stringify(run.argv),
    JSON.stringify(run.flags),
    new Date().toISOString(),
    hostname(),
    process.pid,
    run.accVersion,
  );
  return lastRow;
}

/** See `Workdir.endRun`. */
export function endRun(index: IndexDatabase, end: RunEnd): void {
  const { counts } = end;
  index.write(() => {
    index.run(
      `UPDATE runs SET ended_at = ?, exit_code = ?, built = ?, reused = ?, failed = ?, skipped = ?, would_build = ?
        WHERE run = ?`,
      new Date().toISOString(),
      end.exitCode,
      counts.built,
      counts.reused,
      counts.failed,
      counts.skipped,
      counts.would_build,
      end.run,
    );
    for (const { job, state } of end.jobs) {
      index.run(
        'INSERT OR IGNORE INTO run_jobs (run, job, state) VALUES (?, ?, ?)',
        end.run,
        job,
        state,
      );
    }
  });
}
