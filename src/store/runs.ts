// Runs of build scripts, and which jobs each of them built or reused. Written once at the start and once at the end.

import type { BuildState } from '../model/event.ts';
import type { JobId } from '../model/ids.ts';

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
  /** Every job that the run built or reused, in any workdir; failed ones too. */
  readonly jobs: readonly RunJob[];
}

/** A job of a run. */
export interface RunJob {
  readonly job: JobId;
  readonly state: BuildState;
}
