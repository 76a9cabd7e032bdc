// A build whose key is known, and what follows from the request alone.

import type { JobKey } from '../model/ids.ts';
import type { BuildRequest } from './build-request.ts';
import type { BuildContent } from './input-content.ts';

/** One build, with what was found out about it. */
export interface Wanted {
  readonly request: BuildRequest;
  readonly content: BuildContent;
  readonly key: JobKey;
}

/** How deep a build is nested: 1 for that of a script, 2 for a subjob of its job. */
export function depthOf(request: BuildRequest): number {
  return (request.parent?.depth ?? 0) + 1;
}
