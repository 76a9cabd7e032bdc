// The project's configuration as `acc.config.ts` gives it: what may be set, not what it is set to by default.

/** What `acc.config.ts` may set. Paths are relative to the project's root; everything has a default. */
export interface ProjectConfig {
  /** Directories that are searched for methods, earlier ones first; `['methods']` if not set. */
  readonly methods?: readonly string[];
  /** Directory of each workdir by name; `{ dev: 'workdirs/dev' }` if not set. */
  readonly workdirs?: Readonly<Record<string, string>>;
  /** Name of the workdir that new jobs go to; the first of `workdirs` if not set. */
  readonly targetWorkdir?: string;
  /** Number of slices, stored in a workdir when it is first used; the number of CPU cores if not set. */
  readonly slices?: number;
  /** Where the names of input files start; the project's root if not set. */
  readonly inputDirectory?: string;
  /** Where links to results are made; `results` if not set. */
  readonly resultDirectory?: string;
  /** Worker threads that run at the same time; the number of CPU cores if not set. */
  readonly concurrency?: number;
}
