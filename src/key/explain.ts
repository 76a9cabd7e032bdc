// Says what differs between two manifests: the same objects that are hashed into the keys.

import type { Reason } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';

/** A bundle as it ran; its source map lies beside it as `.map`. Absolute path. */
export interface CodeComparison {
  readonly before: string;
  readonly after: string;
}

/** Lists what differs, most telling first; empty when the manifests are equal. `code` adds the source lines. */
export function explain(
  before: Manifest,
  after: Manifest,
  code?: CodeComparison,
): readonly Reason[] {
  throw new Error(before.method + after.method + (code?.after ?? ''));
}

/** Finds the candidate that differs from `after` in the fewest parts; the first one among equals. */
export function nearestManifest<C extends { readonly manifest: Manifest }>(
  candidates: Iterable<C>,
  after: Manifest,
): C | undefined {
  throw new Error(after.method + [...candidates].length);
}
