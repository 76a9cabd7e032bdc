// A file in a finished job, as a value that can be passed on: from `job.withFile(name)` or as a `jobFile()` option.
// It is a reference: whether the file is there is found out when it is read, or when the key is made.

import type { ReadStream } from 'node:fs';

import { UsageError } from '../../model/errors.ts';
import { printAs } from '../../util/print-as.ts';
import { checkInsideName } from './file-names.ts';
import type { Job } from './job.ts';

/** A file in a finished job, or one file per slice. */
export class JobFile {
  readonly job: Job;
  /** Relative to the job's directory. For a sliced file the name without its slice number. */
  readonly name: string;
  /** There is one file per slice, so that reading needs a slice number. */
  readonly sliced: boolean;

  constructor(job: Job, name: string, settings: { readonly sliced?: boolean } = {}) {
    checkInsideName(name, 'the name of a job file');
    this.job = job;
    this.name = name;
    this.sliced = settings.sliced ?? false;
  }

  /** Returns the absolute path. A slice number must be given exactly when the file is sliced. */
  filename(sliceno?: number): string {
    return this.job.filename(this.name, this.#checked(sliceno));
  }

  /** The same as `filename`. */
  resolve(sliceno?: number): string {
    return this.filename(sliceno);
  }

  /** Opens the file for reading. */
  open(sliceno?: number): ReadStream {
    return this.job.open(this.name, { sliceno: this.#checked(sliceno) });
  }

  /** Reads a value that was saved with `job.save`. */
  load<Value = unknown>(sliceno?: number): Promise<Value> {
    return this.job.load<Value>(this.name, { sliceno: this.#checked(sliceno) });
  }

  /** Reads a JSON file. */
  loadJson<Value = unknown>(sliceno?: number): Promise<Value> {
    return this.job.loadJson<Value>(this.name, { sliceno: this.#checked(sliceno) });
  }

  /** Returns `dev-42/name`. */
  toString(): string {
    return `${this.job.id}/${this.name}`;
  }

  #checked(sliceno: number | undefined): number | undefined {
    if (this.sliced === (sliceno !== undefined)) return sliceno;
    throw new UsageError({
      code: 'slice_number',
      message: this.sliced
        ? `Job file ${this.toString()} has one file per slice: expected a slice number`
        : `Job file ${this.toString()} is not sliced: expected no slice number, got ${sliceno}`,
    });
  }
}

printAs(JobFile, (file) => `JobFile ${String(file)}`);
