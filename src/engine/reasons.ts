// Says why a job has to run: what differs from the nearest earlier job of the same method.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { explain, nearestManifest } from '../key/explain.ts';
import type { Reason } from '../model/event.ts';
import type { JobKey } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { BuildRequest } from './build-request.ts';
import type { Workdirs } from './workdirs.ts';

/** Earlier jobs of the method that are compared, newest first. */
const CANDIDATES = 100;

/** Explains a miss. `wanted` has no reusable job; jobs with the same key are therefore damaged, tainted or not current. */
export function reasonsToRun(
  workdirs: Workdirs,
  wanted: {
    readonly request: BuildRequest;
    readonly key: JobKey;
    readonly content: { readonly manifest: Manifest };
  },
): readonly Reason[] {
  const { code } = wanted.request;
  const { manifest } = wanted.content;
  const candidates = workdirs.all().flatMap((workdir) => workdir.candidates(code.name, CANDIDATES));
  const same = candidates.find((candidate) => candidate.key === wanted.key);
  if (same !== undefined) {
    if (same.tainted !== null) return [{ kind: 'tainted', subject: same.id, before: same.tainted }];
    const { subjobs } = same;
    const kind = subjobs.length > 0 ? 'subjob' : 'damaged';
    return [{ kind, subject: subjobs[0]?.method ?? same.id }];
  }
  const nearest = nearestManifest(candidates, manifest);
  if (nearest === undefined) return [{ kind: 'never_built', subject: code.name }];
  const before = join(nearest.path, 'method.mjs');
  return existsSync(before)
    ? explain(nearest.manifest, manifest, { before, after: code.bundle })
    : explain(nearest.manifest, manifest);
}
