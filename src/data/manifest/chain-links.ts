// What a dataset's manifest keeps of the chain behind it, so that a long chain is opened with few reads: every 64th
// dataset holds the essential facts of the 63 before it. The datasets themselves are the truth; they never change.

import type { Digest, JobId } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { DatasetManifest } from './dataset-manifest.ts';
import { readManifest } from './dataset-manifest.ts';

/** Every dataset whose place in its chain is a multiple of this, less one, holds links. */
const LINKS_INTERVAL = 64;

/** The essential facts of one dataset of a chain. */
export interface ChainLink {
  readonly ref: DatasetRef;
  readonly digest: Digest;
  /** Rows per slice. */
  readonly lines: readonly number[];
}

/** What a manifest holds of its chain. */
export interface ChainFacts {
  /** Number of datasets before this one. */
  readonly depth: number;
  /** The datasets before this one, newest first, and the one before them; `null` where none are kept. */
  readonly links: {
    readonly datasets: readonly ChainLink[];
    readonly before: DatasetRef | null;
  } | null;
}

/** One dataset on the way along a chain. */
export interface ChainStep extends ChainLink {
  readonly previous: DatasetRef | null;
  /** Where it had to be read anyway. */
  readonly manifest: DatasetManifest | undefined;
}

/** The facts for a dataset that comes after `previous`. */
export function chainFacts(
  ref: DatasetRef | null,
  previous: DatasetManifest | null,
  pathOfJob: (job: JobId) => string,
): ChainFacts {
  if (ref === null || previous === null) return { depth: 0, links: null };
  const depth = previous.depth + 1;
  if (depth % LINKS_INTERVAL !== LINKS_INTERVAL - 1) return { depth, links: null };
  const datasets: ChainLink[] = [];
  let before: DatasetRef | null = null;
  for (const step of walkChain(ref, pathOfJob)) {
    before = step.previous;
    const length = datasets.push({ ref: step.ref, digest: step.digest, lines: step.lines });
    if (length === LINKS_INTERVAL - 1) break;
  }
  return { depth, links: { datasets, before } };
}

/** Goes along a chain from the dataset `start` back to its beginning. */
export function* walkChain(
  start: DatasetRef,
  pathOfJob: (job: JobId) => string,
): Generator<ChainStep> {
  for (let at: DatasetRef | null = start; at !== null;) {
    const manifest: DatasetManifest = readManifest(at, pathOfJob(at.job));
    const { digest, previous, lines, links } = manifest;
    yield { ref: at, digest, previous, lines, manifest };
    if (links === null) {
      at = previous;
      continue;
    }
    for (let i = 0; i < links.datasets.length; i++) {
      const link = links.datasets[i];
      if (link === undefined) continue;
      const next: DatasetRef | null = links.datasets[i + 1]?.ref ?? links.before;
      yield {
        ref: link.ref,
        digest: link.digest,
        previous: next,
        lines: link.lines,
        manifest: undefined,
      };
    }
    at = links.before;
  }
}
