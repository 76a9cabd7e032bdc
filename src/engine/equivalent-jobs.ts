// The keys under which a build may also be found: those it would have with the older code that its method declares
// equivalent to the present code. Loaded only for methods that declare some.

import { jobKeyOf } from '../key/job-key.ts';
import type { Digest, JobKey } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { MethodCode } from '../model/method-shape.ts';
import { readSetup } from '../store/job-directory.ts';
import type { Workdirs } from './workdirs.ts';

/** Makes the keys of a build for each older code of which there is a job; none when the declaration has expired. */
export function equivalentKeys(
  { name, digest, equivalence }: MethodCode,
  manifest: Manifest,
  workdirs: Workdirs,
): readonly JobKey[] {
  if (equivalence?.holds !== true) return [];
  return equivalence.declared.flatMap((code) => {
    const packages = code === digest ? undefined : packagesOf(name, code, workdirs);
    return packages === undefined ? [] : [jobKeyOf({ ...manifest, code, packages })];
  });
}

/** A code digest is made of these too, so all its jobs have the same. */
function packagesOf(
  method: string,
  code: Digest,
  workdirs: Workdirs,
): Manifest['packages'] | undefined {
  for (const workdir of workdirs.all()) {
    const path = workdir.newestOfCode(method, code);
    const setup = path === undefined ? undefined : readSetup(path);
    if (setup !== undefined) return setup.manifest.packages;
  }
  return undefined;
}
