// The two identities of a job: the key of what goes in, and the digest of what it shows to those who use it.
// Unaware of how either is gathered: both are SHA-256 over the canonical JSON of plain data.

import stringify from 'fast-json-stable-stringify';

import { digest, jobKey } from '../model/ids.ts';
import type { Digest, JobKey } from '../model/ids.ts';
import type { DatasetRecord, FileRecord, Manifest } from '../model/manifest.ts';
import type { OptionData } from '../model/option-value.ts';
import { sha256 } from '../util/sha256.ts';

/** What a job shows: all that a job which uses it can see, and nothing that it cannot. */
export interface ShownJob {
  readonly method: string;
  /** Encoded by content. */
  readonly options: Readonly<Record<string, OptionData>>;
  /** The registered files, the result among them. */
  readonly files: Readonly<Record<string, FileRecord>>;
  readonly datasets: readonly DatasetRecord[];
  /** Digest of the job input `previous`, because `chain` walks it; `null` when there is none. */
  readonly previous: Digest | null;
}

/** Writes JSON in the one form that counts: object keys sorted, no layout, `undefined` members left out. */
export function canonicalJson(value: object): string {
  return stringify(value);
}

/** Computes the key of the job that `manifest` describes. */
export function jobKeyOf(manifest: Manifest): JobKey {
  return jobKey(digest(sha256(canonicalJson(manifest))));
}

/** Computes the digest by which a job counts as an input. It is free of job ids, numbers, times and code. */
export function jobDigest(shown: ShownJob): Digest {
  const files = Object.entries(shown.files).map(([name, file]) => [name, file.digest]);
  const datasets = shown.datasets.map((dataset) => [dataset.name, dataset.digest]);
  const content = {
    method: shown.method,
    options: shown.options,
    files: Object.fromEntries(files) as Record<string, Digest>,
    datasets: Object.fromEntries(datasets) as Record<string, Digest>,
    previous: shown.previous,
  };
  return digest(sha256(canonicalJson(content)));
}
