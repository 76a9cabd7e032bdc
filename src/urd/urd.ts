// What a build script sees: `urd.build`, what has been built so far, and what the run was started with.

import type { BuildArguments, MethodName, ResultFor } from '../method/definition/methods.ts';
import type { Job } from '../method/job/job.ts';
import type { BuildCallSettings } from './build-settings.ts';
import type { Build } from './build.ts';

/** Facts about the run that a script may want to know. */
export interface UrdInfo {
  readonly slices: number;
  /** Absolute. */
  readonly inputDirectory: string;
  /** Absolute. */
  readonly resultDirectory: string;
  readonly workdir: string;
}

/** What a build script is given. */
export interface Urd {
  /**
   * Builds a job of a method, or returns the one that exists for the same code and inputs. `inputs` mixes options,
   * datasets and jobs by name; a build that is not awaited can be an input of another. `settings` say how to build,
   * and never enter the key.
   */
  build<Name extends MethodName>(
    method: Name,
    ...call: BuildArguments<Name, BuildCallSettings>
  ): Build<ResultFor<Name>>;
  /** Jobs that were built or reused by this script up to now, in order of their end. */
  readonly joblist: readonly Job[];
  readonly info: UrdInfo;
  /** Values given as `acc run --flag name=value`; a flag without value is `'true'`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Prints a remark when the run ends. */
  warn(text: string): void;
}
