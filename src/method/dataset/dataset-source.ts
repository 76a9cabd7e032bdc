// What the handle of a dataset knows of it: its place, what its chain told of it, and its manifest once that is read.
// One small object for each dataset, because chains of many thousand are opened at once.

import type { ChainStep } from '../../data/manifest/chain-links.ts';
import type { DatasetManifest } from '../../data/manifest/dataset-manifest.ts';
import { readManifest } from '../../data/manifest/dataset-manifest.ts';
import { datasetSpec } from '../../model/dataset-spec.ts';
import type { Digest } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { DatasetHost } from './dataset-host.ts';
import type { ReadableDataset } from './dataset-reading.ts';

/** A dataset that can be read. Nothing is read before it is asked for. */
export class DatasetSource implements ReadableDataset {
  readonly ref: DatasetRef;
  readonly host: DatasetHost;
  readonly declaredColumns: readonly string[] | undefined;
  #step: ChainStep | undefined;
  #manifest: DatasetManifest | undefined;

  constructor(ref: DatasetRef, host: DatasetHost, declaredColumns: readonly string[] | undefined) {
    this.ref = ref;
    this.host = host;
    this.declaredColumns = declaredColumns;
    this.#step = undefined;
    this.#manifest = undefined;
  }

  /** Takes over what the chain tells of the dataset. */
  learn(step: ChainStep): void {
    this.#step = step;
    this.#manifest ??= step.manifest;
  }

  get spec(): string {
    return datasetSpec(this.ref);
  }

  get manifest(): DatasetManifest {
    return (this.#manifest ??= readManifest(this.ref, this.host.jobPath(this.ref.job)));
  }

  get lines(): readonly number[] {
    return (this.#step ?? this.manifest).lines;
  }

  get digest(): Digest {
    return (this.#step ?? this.manifest).digest;
  }

  get previous(): DatasetRef | null {
    return (this.#step ?? this.manifest).previous;
  }
}
