// Everything that is known about one job, from its own records and from the index.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { splitJobId } from '../../model/ids.ts';
import type { JobId } from '../../model/ids.ts';
import type { Post, Setup } from '../../model/manifest.ts';
import { listClaims, ownerLives } from '../../store/claims.ts';
import { jobRow } from '../../store/history.ts';
import type { JobRow } from '../../store/history.ts';
import type { JobState } from '../../store/index-job.ts';
import { failureOf, resultsOf, usersOf } from '../../store/job-details.ts';
import type { Edge, ResultRow } from '../../store/job-details.ts';
import { readRecords } from '../../store/job-directory.ts';
import type { JobFailure } from '../../store/job-directory.ts';
import type { Index } from '../project/open-index.ts';
import type { FoundJob } from '../specs/job-spec.ts';

/** What `acc job` shows; printed as it is with `--json`. */
export interface JobFacts {
  readonly id: JobId;
  /** Absolute path of the job directory. */
  readonly path: string;
  readonly state: JobState | 'running';
  readonly setup: Setup;
  /** `null` unless finished. */
  readonly post: Post | null;
  /** `null` unless it failed and the index knows how. */
  readonly failure: JobFailure | null;
  /** Why it is never reused although it finished; `null` when it can be. */
  readonly tainted: string | null;
  /** The file that was found not to hold what was written to it; `null` where none was. */
  readonly damaged: JobRow['damaged'];
  readonly usedBy: readonly Edge[];
  readonly results: readonly ResultRow[];
  /** Of what its stages printed. */
  readonly outputBytes: number;
}

/** Collects the facts about a job. */
export function jobFacts({ id, path, setup, workdir }: FoundJob, index: Index): JobFacts {
  const post = readRecords(path)?.finished?.post ?? null;
  const number = splitJobId(id)?.number ?? -1;
  const row = workdir === undefined ? undefined : jobRow(workdir, number);
  const isClaimed =
    workdir !== undefined &&
    listClaims(workdir).some((claim) => claim.number === number && ownerLives(claim));
  const known = row?.state ?? (post === null ? 'unfinished' : 'finished');
  return {
    id,
    path,
    state: isClaimed && post === null ? 'running' : known,
    setup,
    post,
    failure: workdir === undefined ? null : (failureOf(workdir, number) ?? null),
    tainted: row?.tainted ?? post?.tainted ?? null,
    damaged: row?.damaged ?? null,
    usedBy: index.workdirs.flatMap((one) => usersOf(one, id)),
    results: workdir === undefined ? [] : resultsOf(workdir, number),
    outputBytes: outputBytes(path),
  };
}

function outputBytes(path: string): number {
  const output = join(path, 'OUTPUT');
  if (!statSync(output, { throwIfNoEntry: false })?.isDirectory()) return 0;
  return readdirSync(output).reduce((sum, name) => sum + statSync(join(output, name)).size, 0);
}
