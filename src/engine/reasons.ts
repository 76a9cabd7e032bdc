// Says why a job has to run: what differs from the nearest earlier job of the same method.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { explain, nearestManifest } from '../key/explain.ts';
import type { Reason } from '../model/event.ts';
import type { JobId, JobKey } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { candidates } from '../store/history.ts';
import type { JobRow } from '../store/history.ts';
import type { BuildRequest } from './build-request.ts';
import type { Workdirs } from './workdirs.ts';

/** Earlier jobs of the method that are compared, newest first. */
const CANDIDATES = 50;

/** What is to be explained. */
export interface Unexplained {
  readonly request: BuildRequest;
  readonly key: JobKey;
  readonly content: { readonly manifest: Manifest };
  /** This run: its own jobs are no reason, or each round of a loop would be told how it differs from the last. */
  readonly run: number;
  /** The method of the subjob for which a job was found not to be current. */
  readonly staleSubjob: (id: JobId) => string | undefined;
}

/** Explains a miss: a job with the same key, if there is one, is damaged, tainted or not current. */
export function reasonsToRun(workdirs: Workdirs, wanted: Unexplained): readonly Reason[] {
  const { code } = wanted.request;
  const { manifest } = wanted.content;
  const earlier = workdirs
    .all()
    .flatMap((workdir) => candidates(workdir, code.name, CANDIDATES))
    .map(({ job, setup }) => ({ job, manifest: setup.manifest }));
  const same = earlier.find(({ job }) => job.key === wanted.key)?.job;
  if (same !== undefined) return [whyNotReused(same, wanted)];
  const nearest = nearestManifest(
    earlier.filter(({ job }) => job.run !== wanted.run),
    manifest,
  );
  if (nearest === undefined) return [{ kind: 'never_built', subject: code.name }];
  const before = join(nearest.job.path, 'method.mjs');
  return existsSync(before)
    ? explain(nearest.manifest, manifest, { before, after: code.bundle })
    : explain(nearest.manifest, manifest);
}

function whyNotReused(job: JobRow, { staleSubjob }: Unexplained): Reason {
  if (job.tainted !== null) return { kind: 'tainted', subject: job.id, before: job.tainted };
  const subjob = staleSubjob(job.id);
  return subjob === undefined
    ? { kind: 'damaged', subject: job.id }
    : { kind: 'subjob', subject: subjob };
}
