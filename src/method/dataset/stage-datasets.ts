// The datasets one stage writes: made here or taken over from an earlier stage, and what is left of them at its end.
// A writer made in prepare and not started there is written by analysis if the method has one, else by synthesis.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { composeDataset } from '../../data/manifest/compose-manifest.ts';
import type { ComposedDataset } from '../../data/manifest/compose-manifest.ts';
import { linkDataset, mergeDatasets } from '../../data/manifest/dataset-algebra.ts';
import { sliceFileName, stemOfFiles } from '../../data/manifest/dataset-files.ts';
import type { DatasetManifest } from '../../data/manifest/dataset-manifest.ts';
import { readManifest } from '../../data/manifest/dataset-manifest.ts';
import { DatasetNames } from '../../data/manifest/dataset-names.ts';
import type { DatasetDeclaration, SlicePart } from '../../data/manifest/dataset-part.ts';
import { declareDataset } from '../../data/manifest/declare-dataset.ts';
import type { WrittenColumns } from '../../data/manifest/declare-dataset.ts';
import { finishDataset } from '../../data/manifest/finish-dataset.ts';
import { publishSlice, removeSlice } from '../../data/write/slice-writer.ts';
import { gatherSlice } from '../../data/write/spill-file.ts';
import { UsageError } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRecord, DatasetRef } from '../../model/manifest.ts';
import type { OpenDataset } from '../../model/stage.ts';
import { checkKnownOptions } from '../inputs/known-options.ts';
import { CarriedParts, openDataset } from './carried-parts.ts';
import { LINK_OPTIONS, MERGE_OPTIONS } from './composing-options.ts';
import type { LinkOptions, MergeOptions } from './composing-options.ts';
import type { DatasetHost } from './dataset-host.ts';
import { parseDatasetSpec, sourceDataset } from './dataset-refs.ts';
import type { WritingStage } from './dataset-slices.ts';
import { DatasetSlices } from './dataset-slices.ts';
import type { DatasetLike, DatasetWriterOptions, Written } from './dataset-writer.ts';
import { DatasetWriter } from './dataset-writer.ts';
import { Dataset } from './dataset.ts';
import {
  checkSingleSlice,
  declaredInAnalysis,
  duplicateDataset,
  unknownWriter,
  writerWithoutColumns,
} from './writing-mistakes.ts';

const WRITER_OPTIONS: readonly (keyof DatasetWriterOptions<WrittenColumns>)[] = [
  'name',
  'columns',
  'previous',
  'parent',
  'hashlabel',
  'hashlabelOverride',
  'compression',
  'caption',
  'filename',
  'allowMissingSlices',
  'forSingleSlice',
];

/** The stage that writes, and what the stages before it have left. */
export interface StageDatasetsContext {
  readonly job: JobId;
  /** Absolute path of the job directory. */
  readonly path: string;
  readonly slices: number;
  readonly stage:
    | { readonly name: 'prepare' | 'synthesis' }
    | { readonly name: 'analysis'; readonly sliceno: number; readonly gathers?: boolean };
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

/** Opens a stage's datasets. In synthesis, finishes those that analysis has written. */
export function openStageDatasets(context: StageDatasetsContext): StageDatasets {
  return new StageDatasets(context);
}

/** All datasets a stage writes. */
export class StageDatasets {
  readonly #context: StageDatasetsContext;
  readonly #writing: WritingStage;
  /** Every dataset written in this stage by name, in the order in which they were declared. */
  readonly #slices = new Map<string, DatasetSlices>();
  /** What authors hold of them. */
  readonly #writers = new Map<string, DatasetWriter>();
  readonly #carried: CarriedParts;
  readonly #finished: DatasetRecord[] = [];
  /** Parts whose files have their final names: what cannot be finished yet may be finished later. */
  readonly #published = new Set<SlicePart>();
  readonly #names = new DatasetNames();
  /** What the first merge threw that failed. */
  #unrelated: unknown;

  constructor(context: StageDatasetsContext) {
    this.#context = context;
    this.#writing = {
      jobPath: context.path,
      slices: context.slices,
      sliceno: context.stage.name === 'analysis' ? context.stage.sliceno : null,
      finish: (slices) => this.#finish(slices),
      discard: (slices) => this.#discard(slices),
    };
    for (const { name, files } of context.finishedDatasets) {
      this.#names.add({ name, stem: stemOfFiles(files) });
    }
    this.#carried = new CarriedParts(context.openDatasets);
    for (const { declaration } of context.openDatasets) {
      this.#add(new DatasetSlices(declaration as DatasetDeclaration, this.#writing, false));
    }
    if (context.stage.name === 'synthesis') this.#finishAnalysed();
  }

  /** `job.datasetWriter(options)`: makes a writer, or, without columns, gives the one of that name. */
  create<const Columns extends WrittenColumns>(
    options: DatasetWriterOptions<Columns> | { readonly name?: string },
  ): DatasetWriter<Written<Columns>> {
    checkKnownOptions(options, { subject: '`datasetWriter`', known: WRITER_OPTIONS });
    const name = options.name ?? 'default';
    const writer: unknown = isDeclaration(options)
      ? this.#make(name, options)
      : this.#writerAlone(name, options);
    return writer as DatasetWriter<Written<Columns>>;
  }

  /** `job.linkDataset(…)`. */
  link(dataset: Dataset | string, options: LinkOptions): Dataset {
    checkKnownOptions(options, { subject: '`linkDataset`', known: LINK_OPTIONS });
    const { name = 'default', rename = {}, columns, previous, filename, caption } = options;
    const facts = { name, rename, columns, filename, caption, previous: this.#linkedRef(previous) };
    return this.#compose(name, () =>
      linkDataset(sourceDataset(dataset, this.#context.host), facts),
    );
  }

  /** `job.mergeDatasets(…)`. */
  merge(one: Dataset | string, other: Dataset | string, options: MergeOptions): Dataset {
    checkKnownOptions(options, { subject: '`mergeDatasets`', known: MERGE_OPTIONS });
    const { host } = this.#context;
    const { name = 'default', allowUnrelated = false } = options;
    const previous = this.#linkedRef(options.previous) ?? null;
    const looked = new Set<JobId>();
    const manifestOf = (ref: DatasetRef): DatasetManifest => {
      looked.add(ref.job);
      return readManifest(ref, host.jobPath(ref.job));
    };
    const facts = { name, previous, allowUnrelated, manifestOf };
    return this.#compose(name, () => {
      const sources = [sourceDataset(one, host), sourceDataset(other, host)] as const;
      if (allowUnrelated) return mergeDatasets(...sources, facts);
      for (const { ref } of sources) looked.add(ref.job);
      const merged = this.#keepingUnrelated(() => mergeDatasets(...sources, facts));
      // Where the datasets of other jobs come from is in no key.
      looked.delete(this.#context.job);
      return looked.size === 0 ? merged : { ...merged, tied: true };
    });
  }

  /** The writer behind a handle of that name which arrives from an earlier stage. */
  writer(name: string): DatasetWriter {
    const writer = this.#writers.get(name);
    if (writer !== undefined) return writer;
    throw unknownWriter(name, this.#writers.keys());
  }

  /** A dataset of this job that is finished; `undefined` when there is none of that name. */
  finished(name: string): Dataset | undefined {
    const { finishedDatasets, host, job } = this.#context;
    const all = [...finishedDatasets, ...this.#finished];
    return all.some((record) => record.name === name)
      ? new Dataset({ job, name }, host)
      : undefined;
  }

  /**
   * That datasets are unrelated, or one, depends on what is in no key: a stage that goes on regardless fails when it ends.
   * How many rows they have is in the key.
   */
  #keepingUnrelated<T>(merge: () => T): T {
    try {
      return merge();
    } catch (error) {
      const isOfContent = error instanceof UsageError && error.problems[0]?.code === 'merge_lines';
      if (!isOfContent) this.#unrelated ??= error;
      throw error;
    }
  }

  /** Ends the stage after its function has returned. `early`: after `finishEarly`, when incomplete datasets are dropped. */
  end({ early }: { readonly early: boolean }): StageDatasetsResult {
    const { stage } = this.#context;
    if (this.#unrelated !== undefined) throw this.#unrelated;
    const openDatasets: OpenDataset[] = [];
    for (const slices of this.#unfinished()) {
      slices.close();
      const isForLater = stage.name === 'prepare' && !slices.isStarted;
      if (stage.name === 'analysis') openDatasets.push(this.#publish(slices));
      else if (early && !this.#isComplete(slices)) this.#discard(slices);
      else if (isForLater) openDatasets.push(openDataset(slices));
      else slices.finish();
    }
    return { openDatasets, finishedDatasets: this.#finished };
  }

  /** Makes this stage's slice of each dataset whose rows analysis has split. */
  gather(): StageDatasetsResult {
    const { path, stage } = this.#context;
    const sliceno = stage.name === 'analysis' ? stage.sliceno : 0;
    const openDatasets = this.#unfinished().flatMap((slices) => {
      const spills = this.#carried.spillsOf(slices.name);
      if (spills.length === 0) return [];
      const part = gatherSlice(slices.declaration, path, { sliceno, spills });
      publishSlice(path, slices.declaration.stem, sliceno);
      return [{ ...openDataset(slices), parts: { [sliceno]: part } }];
    });
    return { openDatasets, finishedDatasets: [] };
  }

  /** Ends the stage after it has failed: removes every file it has written. */
  abort(): void {
    for (const slices of this.#slices.values()) this.#removeOwn(slices);
    for (const { name, files } of this.#finished) {
      const kept = new Set(
        this.#carried.slicesOf(name).map((part) => sliceFileName(stemOfFiles(files), part.sliceno)),
      );
      const own = Object.keys(files).filter((file) => !kept.has(file));
      for (const file of own) rmSync(join(this.#context.path, file), { force: true });
    }
  }

  /** Options that would change a writer which is there already are refused. */
  #writerAlone(name: string, options: { readonly name?: string }): DatasetWriter {
    const others = Object.entries(options)
      .filter(([option, value]) => option !== 'name' && value !== undefined)
      .map(([option]) => option);
    if (others.length === 0) return this.writer(name);
    throw writerWithoutColumns(name, others);
  }

  #make(name: string, options: DatasetWriterOptions<WrittenColumns>): DatasetWriter {
    this.#checkMayDeclare(name);
    const { slices, host } = this.#context;
    const { forSingleSlice = null, previous, parent } = options;
    if (forSingleSlice !== null) checkSingleSlice(forSingleSlice, slices);
    const declaration = declareDataset({
      name,
      stem: this.#names.freeStem(name),
      columns: options.columns,
      previous: this.#linkedRef(previous) ?? null,
      parent: parent === null || parent === undefined ? null : sourceDataset(parent, host),
      hashlabel: options.hashlabel,
      hashlabelOverride: options.hashlabelOverride ?? false,
      compression: options.compression ?? 'zstd',
      caption: options.caption ?? '',
      filename: options.filename ?? null,
      allowMissingSlices: options.allowMissingSlices ?? false,
      forSingleSlice,
    });
    return this.#add(new DatasetSlices(declaration, this.#writing, true));
  }

  #compose(name: string, plan: () => ComposedDataset & { readonly tied?: true }): Dataset {
    this.#checkMayDeclare(name);
    const { job, path, host } = this.#context;
    const composed = plan();
    if (composed.previous?.job === job) this.#slices.get(composed.previous.name)?.finish();
    const stem = this.#names.freeStem(name);
    const inJob = { job, jobPath: path, pathOfJob: host.jobPath };
    const record = composeDataset(composed, inJob, { stem, data: {} });
    this.#finished.push(composed.tied === true ? { ...record, tied: true } : record);
    this.#names.add({ name, stem });
    return new Dataset({ job, name }, host);
  }

  #add(slices: DatasetSlices): DatasetWriter {
    const writer = new DatasetWriter(slices);
    this.#names.add(slices.declaration);
    this.#slices.set(slices.name, slices);
    this.#writers.set(slices.name, writer);
    return writer;
  }

  #checkMayDeclare(name: string): void {
    if (this.#context.stage.name === 'analysis') throw declaredInAnalysis(name);
    if (this.#names.has(name)) throw duplicateDataset(name);
  }

  #linkedRef(dataset: DatasetLike | null | undefined): DatasetRef | null | undefined {
    if (dataset === null || dataset === undefined) return dataset;
    if (typeof dataset === 'string') return parseDatasetSpec(dataset);
    return dataset instanceof DatasetWriter
      ? { job: this.#context.job, name: dataset.name }
      : dataset.ref;
  }

  #finishAnalysed(): void {
    for (const slices of this.#unfinished()) {
      const parts = this.#carried.slicesOf(slices.name).length;
      const isSingle = slices.declaration.forSingleSlice !== null;
      if (parts === this.#context.slices || (isSingle && parts > 0)) slices.finish();
    }
  }

  /** Finishes a dataset, after the one before it in the chain. */
  #finish({ name, declaration, parts }: DatasetSlices): Dataset {
    const { job, path, slices, host } = this.#context;
    const { previous } = declaration;
    if (previous?.job === job) this.#slices.get(previous.name)?.finish();
    this.#publishParts(declaration, parts);
    const record = finishDataset({
      declaration,
      parts: [...this.#carried.slicesOf(name), ...parts],
      slices,
      job,
      jobPath: path,
      pathOfJob: host.jobPath,
    });
    this.#finished.push(record);
    return new Dataset({ job, name }, host);
  }

  #publish(slices: DatasetSlices): OpenDataset {
    this.#publishParts(slices.declaration, slices.parts);
    return openDataset(slices);
  }

  #publishParts({ stem }: DatasetDeclaration, parts: readonly SlicePart[]): void {
    for (const part of parts) {
      if (!this.#published.has(part)) publishSlice(this.#context.path, stem, part.sliceno);
      this.#published.add(part);
    }
  }

  #discard(slices: DatasetSlices): void {
    this.#names.remove(slices.declaration.stem);
    this.#slices.delete(slices.name);
    this.#writers.delete(slices.name);
    this.#removeOwn(slices);
    for (const part of this.#carried.slicesOf(slices.name)) {
      removeSlice(this.#context.path, slices.declaration.stem, part.sliceno);
    }
  }

  #removeOwn(slices: DatasetSlices): void {
    slices.abort();
    const { stem } = slices.declaration;
    for (const part of slices.parts) removeSlice(this.#context.path, stem, part.sliceno);
  }

  #isComplete(slices: DatasetSlices): boolean {
    const written = slices.parts.length + this.#carried.slicesOf(slices.name).length;
    return (
      written === this.#context.slices || (written > 0 && slices.declaration.allowMissingSlices)
    );
  }

  #unfinished(): readonly DatasetSlices[] {
    return [...this.#slices.values()].filter(
      (slices) => !this.#finished.some((record) => record.name === slices.name),
    );
  }
}

function isDeclaration<Columns extends WrittenColumns>(
  options: DatasetWriterOptions<Columns> | { readonly name?: string },
): options is DatasetWriterOptions<Columns> {
  return 'columns' in options && options.columns !== undefined;
}
