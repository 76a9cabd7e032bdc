// The datasets one stage writes: made here or taken over from an earlier stage, and what is left of them at its end.
// A writer made in prepare and not started there is written by analysis if the method has one, else by synthesis.

import type { ColumnTypes } from '../data/column-values.ts';
import type { JobId } from '../model/ids.ts';
import type { DatasetRecord } from '../model/manifest.ts';
import type { OpenDataset } from '../model/stage.ts';
import type { DatasetHost } from './dataset-host.ts';
import type { Dataset } from './dataset.ts';
import type { DatasetWriter, DatasetWriterOptions } from './dataset-writer.ts';

/** The stage that writes, and what the stages before it have left. */
export interface StageDatasetsContext {
  readonly job: JobId;
  /** Absolute path of the job directory. */
  readonly path: string;
  readonly slices: number;
  readonly stage:
    | { readonly name: 'prepare' | 'synthesis' }
    | { readonly name: 'analysis'; readonly sliceno: number };
  readonly hasAnalysis: boolean;
  readonly openDatasets: readonly OpenDataset[];
  readonly finishedDatasets: readonly DatasetRecord[];
  readonly host: DatasetHost;
}

/** What a stage leaves: to be put into its reply as it is. */
export interface StageDatasetsResult {
  readonly openDatasets: readonly OpenDataset[];
  /** Only those finished in this stage, in the order in which they were finished. */
  readonly finishedDatasets: readonly DatasetRecord[];
}

/** All datasets a stage writes. */
export interface StageDatasets {
  /** `job.datasetWriter(options)`. In analysis only `{ name }` of a writer made in prepare. */
  create<const Columns extends ColumnTypes>(
    options: DatasetWriterOptions<Columns>,
  ): DatasetWriter<Columns>;
  /** The writer behind a handle of that name which arrives from an earlier stage. */
  writer(name: string): DatasetWriter;
  /** A dataset of this job that is finished; `undefined` when there is none of that name. */
  finished(name: string): Dataset | undefined;
  /** Ends the stage after its function has returned. `early`: after `finishEarly`, when incomplete datasets are dropped. */
  end(options: { readonly early: boolean }): StageDatasetsResult;
  /** Ends the stage after it has failed: leaves no file. */
  abort(): void;
}

/** Opens a stage's datasets. In synthesis, finishes those that analysis has written. */
export function openStageDatasets(context: StageDatasetsContext): StageDatasets {
  throw new Error(`Internal error: ${context.job}`);
}
