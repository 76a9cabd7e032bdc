// The job that is running, inside one of its stages: a job that can also be written to.
// Inherits from Job, because everything that can be asked of a finished job can be asked of it too.

import type { ReadStream } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Writable } from 'node:stream';

import type { WrittenColumns } from '../../data/manifest/declare-dataset.ts';
import { UsageError } from '../../model/errors.ts';
import type { JobId } from '../../model/ids.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { JobTask } from '../../model/stage.ts';
import type { LinkOptions, MergeOptions } from '../dataset/composing-options.ts';
import type { DatasetWriter, DatasetWriterOptions, Written } from '../dataset/dataset-writer.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { StageDatasets } from '../dataset/stage-datasets.ts';
import { describeValue } from '../inputs/describe-value.ts';
import { FinishedEarly } from '../stage/finish-early.ts';
import { encodeValue } from '../stage/stage-codec.ts';
import { checkInsideName, RESULT_FILE, slicedName } from './file-names.ts';
import { InputFile } from './input-file.ts';
import { JobFile } from './job-file.ts';
import type { JobFiles, Keeping, Writing } from './job-files.ts';
import type { JobHost } from './job-host.ts';
import { invalidMode } from './job-mistakes.ts';
import type { FileSlice } from './job.ts';
import { Job, shownDataset } from './job.ts';

/** What a running job is made from. */
export interface CurrentJobFacts {
  readonly task: JobTask;
  readonly host: JobHost;
  readonly files: JobFiles;
  readonly datasets: StageDatasets;
  /** Names of the datasets that earlier stages have left, finished or not. */
  readonly datasetNames: readonly string[];
}

/** How a value is saved. */
export interface SaveOptions extends FileSlice, Keeping {}

/** The running job. */
export class CurrentJob extends Job {
  readonly #facts: CurrentJobFacts;
  readonly #writers = new Set<string>();
  #finishedEarly: FinishedEarly | undefined;

  constructor(facts: CurrentJobFacts) {
    const { task, host } = facts;
    super({ id: task.setup.id, host, path: task.path, setup: task.setup, view: 'everything' });
    this.#facts = facts;
  }

  /** Absolute path of the directory in which results are linked. */
  get resultDirectory(): string {
    return this.#facts.task.resultDirectory;
  }

  /** The datasets that are finished by now. */
  override get datasets(): readonly Dataset[] {
    const names = new Set([...this.#facts.datasetNames, ...this.#writers]);
    return [...names].flatMap((name) => this.#facts.datasets.finished(name) ?? []);
  }

  /** Returns one finished dataset of this job. */
  override dataset(name = 'default'): Dataset {
    const dataset = this.#facts.datasets.finished(name);
    if (dataset !== undefined) return dataset;
    throw new UsageError({
      code: 'unknown_dataset',
      message: `The running job ${this.id} has no finished dataset ${JSON.stringify(name)}`,
      hint: 'A dataset can be read in its own job when `finish()` of its writer was called.',
      token: name,
    });
  }

  /** Makes a dataset, or, without columns, gives the one of that name that was made in prepare. */
  datasetWriter<const Columns extends WrittenColumns>(
    options: DatasetWriterOptions<Columns> | { readonly name?: string },
  ): DatasetWriter<Written<Columns>> {
    const writer = this.#facts.datasets.create(options);
    this.#writers.add(writer.name);
    return writer;
  }

  /**
   * Makes a dataset of columns of another one, without copying: with other names, fewer columns, or another place in a
   * chain. Not in analysis. With the same columns its digest is that of the original.
   */
  linkDataset(dataset: Dataset | string, options: LinkOptions = {}): Dataset {
    const link = this.#facts.datasets.link(dataset, options);
    this.#writers.add(link.name);
    return link;
  }

  /**
   * Makes a dataset with the columns of two, without copying; those of `other` win. Both need equally many rows in each
   * slice, and to come from the same dataset by `parent`, links and merges. Not in analysis.
   */
  mergeDatasets(
    dataset: Dataset | string,
    other: Dataset | string,
    options: MergeOptions = {},
  ): Dataset {
    const merged = this.#facts.datasets.merge(dataset, other, options);
    this.#writers.add(merged.name);
    return merged;
  }

  /** Saves a value as msgpack and registers the file, which `load` reads. */
  save(value: unknown, name: string = RESULT_FILE, options: SaveOptions = {}): JobFile {
    const file = slicedName(name, options.sliceno);
    const bytes = encodeValue(value, `value saved as ${JSON.stringify(file)}`);
    this.#facts.files.write(file, bytes, options);
    return new JobFile(this, file);
  }

  /** Saves a value as JSON, indented and with a newline at the end, and registers the file. */
  saveJson(value: unknown, name = 'result.json', options: SaveOptions = {}): JobFile {
    const text = JSON.stringify(value, undefined, 2) as string | undefined;
    if (text === undefined) {
      throw new UsageError({
        code: 'no_json',
        message: `Expected a value that JSON can hold for ${JSON.stringify(name)}, got ${describeValue(value)}`,
      });
    }
    return this.write(slicedName(name, options.sliceno), `${text}\n`, options);
  }

  /** Writes a whole file and registers it. */
  write(name: string, data: string | Uint8Array, options: Keeping = {}): JobFile {
    this.#facts.files.write(name, data, options);
    return new JobFile(this, name);
  }

  /** Opens a file for reading, or with `'w'` for writing: it appears, registered, when the stream has ended. */
  override open(name: string, settings?: FileSlice): ReadStream;
  override open(name: string, mode: 'r', settings?: FileSlice): ReadStream;
  override open(name: string, mode: 'w', settings?: FileSlice & Writing): Writable;
  override open(
    name: string,
    mode: 'r' | 'w' | FileSlice = 'r',
    settings: FileSlice & Writing = {},
  ): ReadStream | Writable {
    if (mode === 'w') return this.#facts.files.open(slicedName(name, settings.sliceno), settings);
    if (typeof mode === 'string' && mode !== 'r') throw invalidMode(mode);
    return super.open(name, mode === 'r' ? settings : mode);
  }

  /** Registers a file that was written by other means. A temporary file is kept from then on. */
  registerFile(name: string): JobFile {
    this.#facts.files.register(name);
    return new JobFile(this, name);
  }

  /** Registers all files that match and are neither registered nor temporary; returns their names. */
  registerFiles(pattern = '**'): readonly string[] {
    return this.#facts.files.registerMatching(pattern);
  }

  /** Returns the absolute path of a file below the input directory, given in parts. */
  inputFilename(...parts: readonly (string | InputFile)[]): string {
    const [only] = parts;
    if (only instanceof InputFile) return only.filename();
    const name = parts.map(String).join('/');
    if (isAbsolute(name)) throw new UsageError(notBelowInput(name));
    checkInsideName(name, 'the name of an input file');
    return join(this.inputDirectory, name);
  }

  /** Ends the job successfully: nothing after this runs, no further stage either. In analysis without a result. */
  finishEarly(result?: unknown): never {
    this.#finishedEarly = new FinishedEarly(result);
    throw this.#finishedEarly;
  }

  /** What `finishEarly` was called with; also set when the method's own code has caught what it throws. */
  get finishedEarly(): FinishedEarly | undefined {
    return this.#finishedEarly;
  }

  protected override fileNames(): readonly string[] {
    return this.#facts.files.names();
  }

  /** Only the declared columns of an input dataset can be read, because only they are in the key. */
  protected override inputDataset(ref: DatasetRef, input: string): Dataset {
    const { task, host } = this.#facts;
    const { columns, lineage } = task.datasets[input] ?? {};
    const declared = columns === undefined ? undefined : Object.keys(columns);
    const job = lineage === true ? 'lineage' : 'name';
    return shownDataset(ref, host, { columns: declared, job });
  }

  protected override related(id: JobId, input: string): Job {
    const { task, host } = this.#facts;
    const view = task.jobs[input]?.lineage === true ? 'lineage' : 'content';
    return new Job({ id, host, view });
  }
}

function notBelowInput(name: string): { code: string; message: string; token: string } {
  return {
    code: 'invalid_file_name',
    message: `Expected the name of an input file to be relative to the input directory, got ${JSON.stringify(name)}`,
    token: name,
  };
}
