// Tells whether a finished job that built subjobs can still be trusted: each of them would be reused today.
// A parent's key does not hold what its subjobs read, so their keys are made again from their present code and inputs.

import { jobKeyOf } from '../key/job-key.ts';
import { UsageError } from '../model/errors.ts';
import type { JobId } from '../model/ids.ts';
import type { SubjobRecord } from '../model/manifest.ts';
import { readSetup } from '../store/job-directory.ts';
import type { FinishedJob } from '../store/lookup.ts';
import type { InputContent } from './input-content.ts';
import type { UsableMethod } from './method-lookup.ts';
import type { Workdirs } from './workdirs.ts';

/** What is looked into. */
export interface CurrentJobsOptions {
  readonly workdirs: Workdirs;
  readonly content: InputContent;
  /** A method as it is now; `undefined` when it cannot be used. */
  readonly currentMethod: (name: string) => Promise<UsableMethod | undefined>;
}

/** Decides which jobs are current, and remembers what was wrong with the others. */
export class CurrentJobs {
  readonly #options: CurrentJobsOptions;
  readonly #stale = new Map<JobId, string>();

  constructor(options: CurrentJobsOptions) {
    this.#options = options;
  }

  /** A job is current when each of its subjobs, at any depth, is what a build of it would give now. */
  async isCurrent(job: FinishedJob): Promise<boolean> {
    for (const subjob of job.subjobs) {
      if (await this.#isStillSo(subjob)) continue;
      this.#stale.set(job.id, subjob.method);
      return false;
    }
    return true;
  }

  /** The method of the subjob for which a job was found not to be current; `undefined` when none was. */
  staleSubjob(id: JobId): string | undefined {
    return this.#stale.get(id);
  }

  async #isStillSo({ id, method, code }: SubjobRecord): Promise<boolean> {
    const { workdirs, currentMethod } = this.#options;
    const job = workdirs.job(id);
    if (job === undefined || job.tainted !== null) return false;
    const usable = await currentMethod(method);
    if (usable?.code.digest !== code) return false;
    return (await this.#wouldBeTheSame(job, usable)) && (await this.isCurrent(job));
  }

  async #wouldBeTheSame(job: FinishedJob, usable: UsableMethod): Promise<boolean> {
    const setup = readSetup(job.path);
    if (setup === undefined) return false;
    try {
      const { manifest } = await this.#options.content.of(
        { ...usable, inputs: setup.inputs },
        setup.slices,
      );
      return jobKeyOf(manifest) === job.key;
    } catch (error) {
      // An input has gone.
      if (error instanceof UsageError) return false;
      throw error;
    }
  }
}
