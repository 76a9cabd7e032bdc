// A project as everything below the command line sees it: where things lie, with nothing left to be resolved.

/** A project's configuration after defaults; all paths are absolute. */
export interface Project {
  readonly root: string;
  /** `null` when the project has none. */
  readonly configFile: string | null;
  /** Directories that are searched for methods, earlier ones first; standard methods not included. */
  readonly methodDirectories: readonly string[];
  /** Directory of each workdir by name, in order of declaration. */
  readonly workdirs: Readonly<Record<string, string>>;
  /** Where new jobs go; one of `workdirs`. */
  readonly targetWorkdir: string;
  /** `undefined` leaves it to the workdir, or to the number of CPU cores when that is new. */
  readonly slices: number | undefined;
  readonly inputDirectory: string;
  readonly resultDirectory: string;
  /** `.acc`: caches that can be deleted at any time. */
  readonly cacheDirectory: string;
  /** Worker threads that run at the same time; `undefined` for the number of CPU cores. */
  readonly concurrency: number | undefined;
}
