// Says why a job has to run: what differs from the nearest earlier job of the same method.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { explain, nearestManifest } from '../key/explain.ts';
import type { Reason } from '../model/event.ts';
import type { JobId, JobKey } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { candidates, newestWithKey } from '../store/history.ts';
import type { JobRow } from '../store/history.ts';
import type { BuildRequest } from './build-request.ts';
import type { Workdirs } from './workdirs.ts';

/** Earlier jobs of a method that are compared, newest first. */
const CANDIDATES = 50;

/** What is to be explained. */
export interface Unexplained {
  readonly request: BuildRequest;
  readonly key: JobKey;
  readonly content: { readonly manifest: Manifest };
  /** Why a job was found not to be current. */
  readonly whyNotCurrent: (id: JobId) => Reason | undefined;
}

/** A job that was made before this run. */
interface EarlierJob {
  readonly path: string;
  readonly manifest: Manifest;
}

/** Explains the misses of one run. */
export class MissReasons {
  readonly #workdirs: Workdirs;
  readonly #run: number;
  /** By method. Read once: the run's own jobs are no reason, or each round of a loop would be told how it differs from the last. */
  readonly #earlier = new Map<string, readonly EarlierJob[]>();

  constructor(workdirs: Workdirs, run: number) {
    this.#workdirs = workdirs;
    this.#run = run;
  }

  /** Explains a miss: a job with the same key, if there is one, is damaged, tainted or not current. */
  of(wanted: Unexplained): readonly Reason[] {
    const { code } = wanted.request;
    const { manifest } = wanted.content;
    const same = this.#newestWithKey(wanted.key);
    if (same !== undefined) return [whyNotReused(same, wanted)];
    const nearest = nearestManifest(this.#earlierJobs(code.name), manifest);
    if (nearest === undefined) return [{ kind: 'never_built', subject: code.name }];
    const before = join(nearest.path, 'method.mjs');
    return existsSync(before)
      ? explain(nearest.manifest, manifest, { before, after: code.bundle })
      : explain(nearest.manifest, manifest);
  }

  #newestWithKey(key: JobKey): JobRow | undefined {
    for (const workdir of this.#workdirs.all()) {
      const job = newestWithKey(workdir, key);
      if (job !== undefined) return job;
    }
    return undefined;
  }

  #earlierJobs(method: string): readonly EarlierJob[] {
    const known = this.#earlier.get(method);
    if (known !== undefined) return known;
    const jobs = this.#workdirs
      .all()
      .flatMap((workdir) =>
        candidates(workdir, method, { limit: CANDIDATES, exceptRun: this.#run }),
      )
      .map(({ job, setup }) => ({ path: job.path, manifest: setup.manifest }));
    this.#earlier.set(method, jobs);
    return jobs;
  }
}

function whyNotReused(job: JobRow, { whyNotCurrent }: Unexplained): Reason {
  if (job.tainted !== null) return { kind: 'tainted', subject: job.id, before: job.tainted };
  const damaged: Reason = { kind: 'damaged', subject: job.id };
  if (job.damaged !== null) return { ...damaged, before: job.damaged.file };
  return whyNotCurrent(job.id) ?? damaged;
}
