// The handle of a dataset, as method authors and build scripts see it. Opens nothing until it is asked for something.

import { join } from 'node:path';

import type {
  BatchColumnOf,
  CellOf,
  ColumnName,
  ColumnTypes,
  Dynamic,
} from '../../data/column-values.ts';
import { boundValue } from '../../data/manifest/bounds.ts';
import { walkChain } from '../../data/manifest/chain-links.ts';
import type { ChainStep } from '../../data/manifest/chain-links.ts';
import { sliceFileName } from '../../data/manifest/dataset-files.ts';
import type { ColumnType } from '../../model/column-type.ts';
import type { Digest, JobId } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import { printAs } from '../../util/print-as.ts';
import { checkKnownOptions } from '../inputs/known-options.ts';
import type { Job } from '../job/job.ts';
import { chainEnd, chainWithout, checkChainLength } from './chain-stop.ts';
import type { ChainStop } from './chain-stop.ts';
import type { LinkOptions, MergeOptions } from './composing-options.ts';
import { DatasetChain } from './dataset-chain.ts';
import type { DatasetComposer, DatasetHost } from './dataset-host.ts';
import { notInDigest, outsideStage } from './dataset-mistakes.ts';
import {
  contentId,
  readBatches,
  readRows,
  visibleColumn,
  visibleColumns,
} from './dataset-reading.ts';
import { DatasetSource } from './dataset-source.ts';
import type {
  BatchesOptions,
  Cell,
  IterateOptions,
  RecordOf,
  RowOf,
  RowOptions,
  RowRead,
  SliceChoice,
  TranslatorsOf,
} from './iterate-options.ts';
import type { UntypedOptions } from './iteration.ts';
import { verifyColumns } from './verify-columns.ts';

export type { ColumnTypes } from '../../data/column-values.ts';

/** A column of a dataset. */
export interface DatasetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Over this column's type and values, and those of the same column in `previous`. */
  readonly digest: Digest;
}

/** Some consecutive rows of one slice, column by column. Valid until the next batch is asked for. */
export interface Batch<
  Columns extends ColumnTypes = ColumnTypes,
  Name extends ColumnName<Columns> = ColumnName<Columns>,
> {
  /** Number of rows. */
  readonly length: number;
  /** Typed arrays over the memory that the batch was read into. Where there is a null, a number is 0 and text is empty. */
  readonly columns: { readonly [N in Name]: BatchColumnOf<Columns, N> };
  /** Arrow validity bitmap of each column (bit set: value present); `null` when the batch has no nulls in it. */
  readonly validity: { readonly [N in Name]: Uint8Array | null };
}

/** Selects datasets of a chain. */
export interface ChainOptions {
  /** Number of datasets, counted from the newest; −1 for all. */
  readonly length?: number;
  /** Newest first. */
  readonly reverse?: boolean;
  /**
   * The chain ends before this dataset, or one with the same content and history; it must hold one. `{ of: datasets.previous, input: 'source' }`
   * is the dataset that the job of `previous` was given as `source`; a chain that does not hold it is whole. In a stage, `previous` has to be declared with
   * `lineage: true` then. A spec as `dev-42/NAME` is for build scripts.
   */
  readonly stop?: ChainStop;
}

/** Where a column of a slice lies. */
export interface ColumnFile {
  /** Absolute path of an Arrow file. */
  readonly path: string;
  /** The column's name in that file. */
  readonly column: string;
}

/** As `columnFile` in a build script; for readers that show nothing of it to the stage they read for. */
export let locateColumn: (dataset: Dataset, column: string, sliceno: number) => ColumnFile;

/** Tells whether a dataset was reached as one before another: what it is called is then in no key. */
export let isPredecessor: (dataset: Dataset) => boolean;

/** Marks a dataset as one before another, and returns it. */
export let asPredecessor: (dataset: Dataset) => Dataset;

/** A typed columnar table made by a job. */
export class Dataset<Columns extends ColumnTypes = ColumnTypes> {
  readonly ref: DatasetRef;
  /** The only columns that may be read through this handle; `undefined` when all may. */
  readonly declaredColumns: readonly string[] | undefined;
  readonly #source: DatasetSource;
  #isPredecessor = false;

  static {
    isPredecessor = (dataset) => dataset.#isPredecessor;
    asPredecessor = (dataset) => {
      dataset.#isPredecessor = true;
      return dataset;
    };
    locateColumn = (dataset, column, sliceno) => {
      const { path, fileColumn } = dataset.#locate(column, sliceno);
      return { path, column: fileColumn };
    };
  }

  constructor(ref: DatasetRef, host: DatasetHost, declaredColumns?: readonly string[]) {
    this.ref = ref;
    this.declaredColumns = declaredColumns;
    this.#source = new DatasetSource(ref, host, declaredColumns);
  }

  /** Its name in the job that made it. A stage cannot read that of one before an input, which is in no key. */
  get name(): string {
    if (this.#isPredecessor) this.#refuseHidden('name');
    return this.ref.name;
  }

  /** The job that made it. A stage can pass it on, but not look into it. */
  get job(): Job {
    return this.#source.host.job(this.ref.job);
  }

  /** What the dataset is, for people; a stage cannot read that of an input. */
  get caption(): string {
    this.#refuseHidden('caption');
    this.#refuseInherited('caption');
    return this.#source.manifest.caption;
  }

  /** The file it was imported from; `null` when there is none. A stage cannot read that of an input. */
  get filename(): string | null {
    this.#refuseHidden('filename');
    this.#refuseInherited('filename');
    return this.#source.manifest.filename;
  }

  /** The column by whose hash rows were placed in slices; `null` when they were not, or it may not be read. */
  get hashlabel(): string | null {
    const { hashlabel } = this.#source.manifest;
    if (hashlabel === null || this.declaredColumns === undefined) return hashlabel;
    return this.declaredColumns.includes(hashlabel) ? hashlabel : null;
  }

  /** The dataset before this one in its chain. */
  get previous(): Dataset<Columns> | null {
    const { previous } = this.#source;
    return previous === null ? null : this.#predecessor(previous);
  }

  /** The dataset whose columns this one extends; `null` when there is none. A stage cannot see that of an input. */
  get parent(): Dataset | null {
    this.#refuseHidden('parent');
    const { parent } = this.#source.manifest;
    return parent === null ? null : (this.#predecessor(parent) as unknown as Dataset);
  }

  /** Names of the columns that may be read, in the order of their declaration. */
  get columnNames(): readonly ColumnName<Columns>[] {
    return visibleColumns(this.#source).map(({ name }) => name as ColumnName<Columns>);
  }

  /** Columns by name; only those that may be read. A record puts names that are numbers first: see `columnNames`. */
  get columns(): Readonly<Record<ColumnName<Columns>, DatasetColumn>> {
    const entries = visibleColumns(this.#source).map(
      ({ name, type, nullable, digest }) => [name, { name, type, nullable, digest }] as const,
    );
    return Object.fromEntries(entries) as Record<ColumnName<Columns>, DatasetColumn>;
  }

  /** Rows per slice. */
  get lines(): readonly number[] {
    return this.#source.lines;
  }

  /** Number of columns and of rows. */
  get shape(): readonly [columns: number, rows: number] {
    return [visibleColumns(this.#source).length, this.lines.reduce((sum, rows) => sum + rows, 0)];
  }

  /** Smallest value of a column; `null` when it has none (no rows, only nulls, or a type without order). */
  min<Name extends ColumnName<Columns>>(column: Name): CellOf<Columns, Name> | null {
    const { type, min } = visibleColumn(this.#source, column);
    return boundValue(type, min) as CellOf<Columns, Name> | null;
  }

  /** Largest value of a column; `null` when it has none. NaN counts only where there is nothing else. */
  max<Name extends ColumnName<Columns>>(column: Name): CellOf<Columns, Name> | null {
    const { type, max } = visibleColumn(this.#source, column);
    return boundValue(type, max) as CellOf<Columns, Name> | null;
  }

  /** Goes through the rows of one slice, of all slices in order (`null`), or of all in turn: the value of one column, */
  iterate<
    Name extends ColumnName<Columns>,
    Options extends IterateOptions<Columns>,
    const T extends TranslatorsOf<Columns, Name, CellOf<Columns, Name, Options>> | undefined,
  >(
    sliceno: SliceChoice,
    column: Name,
    options?: RowOptions<Columns, Name, Options, T, Cell<Columns, Name, Options, T>>,
  ): IterableIterator<RowRead<T, Cell<Columns, Name, Options, T>>>;
  /** a tuple for a list of columns, */
  iterate<
    const Names extends readonly ColumnName<Columns>[],
    Options extends IterateOptions<Columns>,
    const T extends
      | TranslatorsOf<Columns, Names[number], RowOf<Columns, Names, Options>>
      | undefined,
  >(
    sliceno: SliceChoice,
    columns: Names,
    options?: RowOptions<Columns, Names[number], Options, T, RowOf<Columns, Names, Options, T>>,
  ): IterableIterator<RowRead<T, RowOf<Columns, Names, Options, T>>>;
  /** or an object with all columns. */
  iterate<
    Options extends IterateOptions<Columns>,
    const T extends
      | TranslatorsOf<Columns, ColumnName<Columns>, RecordOf<Columns, Options>>
      | undefined,
  >(
    sliceno: SliceChoice,
    columns?: null,
    options?: RowOptions<Columns, ColumnName<Columns>, Options, T, RecordOf<Columns, Options, T>>,
  ): IterableIterator<RowRead<T, RecordOf<Columns, Options, T>>>;
  iterate(
    sliceno: SliceChoice,
    columns: string | readonly string[] | null = null,
    options: UntypedOptions = {},
  ): IterableIterator<Dynamic> {
    return readRows([this.#source], { sliceno, columns, options, handles: [this] });
  }

  /** Goes through the record batches of one slice, or of all (`null`), with some columns or all: the fast path. */
  batches<
    const Names extends readonly ColumnName<Columns>[] = readonly ColumnName<Columns>[],
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- keeps datasets assignable to those of unknown columns
    Options extends BatchesOptions<Columns> = BatchesOptions<Columns>,
  >(
    sliceno: number | null,
    columns?: Names | null,
    options?: Options,
  ): IterableIterator<Batch<Columns, Names[number]>>;
  batches(
    sliceno: number | null,
    columns: readonly string[] | null = null,
    options: UntypedOptions = {},
  ): IterableIterator<Dynamic> {
    return readBatches([this.#source], { sliceno, columns, options, handles: [this] });
  }

  /**
   * The Arrow file that holds a column in a slice, and the column's name in there. A stage cannot ask that of columns that
   * lie in another job: where they do is in no key.
   */
  columnFile(column: ColumnName<Columns>, sliceno: number): ColumnFile {
    const { job, path, fileColumn } = this.#locate(column, sliceno);
    for (const place of [this.ref.job, job]) this.#refuseHidden('columnFile', place);
    return { path, column: fileColumn };
  }

  /**
   * Checks all bytes that reading some columns, or all, would take in against their checksums. Throws `SystemError` that
   * names file, column and batch where these were changed: for whoever reads the files by other means.
   */
  verify(columns: readonly ColumnName<Columns>[] = this.columnNames): void {
    verifyColumns(this.#source, columns);
  }

  /** This dataset and those before it, oldest first unless reversed. */
  chain(options: ChainOptions = {}): DatasetChain<Columns> {
    checkKnownOptions(options, { subject: '`chain`', known: ['length', 'reverse', 'stop'] });
    const { length = -1, reverse = false, stop } = options;
    const idOf = (dataset: Dataset<Columns> | Dataset, end: Dataset): string => {
      const shown = columnsOfBoth(this.declaredColumns, end.declaredColumns);
      return shown === undefined
        ? dataset.#source.digest
        : contentId(dataset.#source.manifest, shown);
    };
    checkChainLength(length);
    if (typeof stop === 'string') this.#refuseHidden('stop');
    const end = chainEnd(stop, idOf);
    const datasets: Dataset<Columns>[] = [];
    let isWhole = true;
    for (const step of walkChain(this.ref, this.#source.host.jobPath)) {
      const dataset = this.#at(step);
      isWhole = datasets.length !== length && !end.isAt(dataset);
      if (!isWhole) break;
      datasets.push(dataset);
    }
    if (isWhole && end.expected !== undefined)
      throw chainWithout(end.expected, String(this), String(datasets.at(-1) ?? this));
    if (!reverse) datasets.reverse();
    return new DatasetChain(
      datasets,
      datasets.map((dataset) => dataset.#source),
    );
  }

  /** As `chain`, of datasets of this dataset's job only. A stage cannot ask that of an input. */
  chainWithinJob(options: Pick<ChainOptions, 'length' | 'reverse'> = {}): DatasetChain<Columns> {
    this.#refuseHidden('chainWithinJob');
    checkKnownOptions(options, { subject: '`chainWithinJob`', known: ['length', 'reverse'] });
    const { length = -1, reverse = false } = options;
    const newestFirst = this.chain({ length, reverse: true });
    const end = newestFirst.datasets.findIndex(({ ref }) => ref.job !== this.ref.job);
    const within = end === -1 ? newestFirst : newestFirst.slice(0, end);
    return reverse ? within : within.reversed();
  }

  /** Datasets to be read as one, in this order: of any chains, or of none. */
  static list<Listed extends ColumnTypes>(
    datasets: readonly Dataset<Listed>[],
  ): DatasetChain<Listed> {
    return new DatasetChain(
      [...datasets],
      datasets.map((dataset) => dataset.#source),
    );
  }

  /** `job.linkDataset(this, options)` of the running job: in prepare and synthesis. */
  linkToHere(options: LinkOptions = {}): Dataset {
    return this.#composer('linkToHere').linkDataset(this, options);
  }

  /** `job.mergeDatasets(this, other, options)` of the running job: in prepare and synthesis. */
  merge(other: Dataset | string, options: MergeOptions = {}): Dataset {
    return this.#composer('merge').mergeDatasets(this, other, options);
  }

  /** The spec: `dev-42/NAME`, or `dev-42` for the dataset named `default`. */
  toString(): string {
    return this.#source.spec;
  }

  toJSON(): string {
    return this.toString();
  }

  #composer(member: string): DatasetComposer {
    const composer = this.#source.host.composer?.();
    if (composer !== undefined) return composer;
    throw outsideStage(member, this.toString());
  }

  /** A key holds what a dataset contains and not what it is called: a stage that saw this would not run again. */
  #refuseHidden(member: string, job: JobId = this.ref.job): void {
    if (this.#source.host.hides?.(job) === true) throw notInDigest(member, this.toString());
  }

  /** A link takes these over from its original, which may be an input. */
  #refuseInherited(member: string): void {
    const { parent } = this.#source.manifest;
    if (parent !== null) new Dataset(parent, this.#source.host).#refuseHidden(member);
  }

  #locate(column: string, sliceno: number): { job: JobId; path: string; fileColumn: string } {
    const { file, fileColumn } = visibleColumn(this.#source, column);
    const files = this.#source.manifest.files[file];
    if (files === undefined) throw new Error(`Internal error: no file ${file} of ${String(this)}`);
    const { job, stem } = files;
    return {
      job,
      path: join(this.#source.host.jobPath(job), sliceFileName(stem, sliceno)),
      fileColumn,
    };
  }

  /** The handle of a dataset of this one's chain. */
  #at(step: ChainStep): Dataset<Columns> {
    const { ref } = step;
    const isThis = ref.job === this.ref.job && ref.name === this.ref.name;
    const dataset = isThis ? this : this.#predecessor(ref);
    dataset.#source.learn(step);
    return dataset;
  }

  /** The columns that may be read of a dataset that this one leads to. */
  #columnsOf(ref: DatasetRef): readonly string[] | undefined {
    const { hides, keyedColumns } = this.#source.host;
    const leavesJob = hides?.(this.ref.job) === false && hides(ref.job);
    return this.declaredColumns ?? (leavesJob ? keyedColumns?.(ref) : undefined);
  }

  #predecessor(ref: DatasetRef): Dataset<Columns> {
    const dataset = new Dataset<Columns>(ref, this.#source.host, this.#columnsOf(ref));
    dataset.#isPredecessor = true;
    return dataset;
  }
}

/** Columns that may be read through both of two handles; `undefined` for all. */
function columnsOfBoth(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  return one === undefined ? other : one.filter((name) => other?.includes(name) ?? true);
}

printAs(Dataset, (dataset) => `Dataset ${String(dataset)}`);
