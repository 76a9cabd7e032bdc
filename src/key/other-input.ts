// Compares inputs by reference, which no key does: for jobs that stand only for the very inputs they were given.

import { isDeepStrictEqual } from 'node:util';

import type { Reason } from '../model/event.ts';
import type { InputRefs } from '../model/manifest.ts';

/** The first dataset or job that is another one now, though it has the same content; `undefined` when all are the same. */
export function otherInput(before: InputRefs, after: InputRefs): Reason | undefined {
  for (const kind of ['datasets', 'jobs'] as const) {
    const other = Object.keys(after[kind]).find(
      (name) => !isDeepStrictEqual(before[kind][name], after[kind][name]),
    );
    if (other === undefined) continue;
    return { kind: kind === 'jobs' ? 'job' : 'dataset', subject: `${other} (lineage)` };
  }
  return undefined;
}
