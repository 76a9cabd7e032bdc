// What the engine is asked to build and what it answers: validated, with every input a finished job.
// Unaware of build scripts and of zod: names, types and promises were dealt with before.

import type { SourceLocation } from '../model/errors.ts';
import type { Failure } from '../model/failure.ts';
import type { JobId, JobKey } from '../model/ids.ts';
import type { InputRefs } from '../model/manifest.ts';
import type { MethodCode, MethodShape } from '../model/method-shape.ts';
import type { FinishedJob } from '../store/lookup.ts';

/** How to build; never part of the key. */
export interface BuildSettings {
  /** What the job is called in lists; the method's name by default. */
  readonly name: string;
  readonly caption: string;
  /** Where a new job goes; `undefined` takes the run's. */
  readonly workdir: string | undefined;
  /** Execute even if the job exists. */
  readonly force: boolean;
  /** Slices of this job that may run at once; `undefined` sets no limit of its own. */
  readonly concurrency: number | undefined;
  readonly timeoutMs: number | undefined;
  /** How often a failed execution is tried again; 0 = never. */
  readonly retries: number;
  /** Report why this build would run, and do not run it. */
  readonly whyBuild: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** The job that asks for a subjob. */
export interface ParentJob {
  readonly id: JobId;
  /** 1 for a job built by a script, one more for each job in between. */
  readonly depth: number;
  readonly key: JobKey;
  /** Workdir that subjobs go to. */
  readonly workdir: string;
}

/** Works out the place of a call; `undefined` when it was not made from a script with a source map. */
export type CallSite = () => SourceLocation | undefined;

/** A build call with everything known. */
export interface BuildRequest {
  readonly code: MethodCode;
  readonly shape: MethodShape;
  readonly inputs: InputRefs;
  /** The same call may give other inputs another time: its options came from the clock, a pattern of files, and so on. */
  readonly inputsMayDiffer?: boolean;
  readonly settings: BuildSettings;
  /** `null` when a build script asks. */
  readonly parent: ParentJob | null;
  /** Works out where in the script the call stands; absent where no script asks. */
  readonly callSite?: CallSite | undefined;
}

/** How a build ended. */
export type BuildOutcome =
  | { readonly state: 'built' | 'reused'; readonly job: FinishedJob }
  | { readonly state: 'failed'; readonly failure: Failure }
  /** A dry run, or `whyBuild`: it would have been executed. */
  | { readonly state: 'would_build' };
