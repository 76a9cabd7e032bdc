// Finds datasets by spec and opens them for looking, as `acc ds` and its relatives do. Nothing is ever changed.

import type { DatasetManifest } from '../../data/manifest/dataset-manifest.ts';
import { readManifest } from '../../data/manifest/dataset-manifest.ts';
import type { Dataset } from '../../method/dataset/dataset.ts';
import type { JobHost } from '../../method/job/job-host.ts';
import { Job } from '../../method/job/job.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { Project } from '../../model/project.ts';
import type { Invocation } from '../command.ts';
import { Index } from '../project/open-index.ts';
import { loadProject } from '../project/project.ts';
import { findDataset } from '../specs/dataset-spec.ts';
import type { FoundDataset, Neighbour } from '../specs/dataset-spec.ts';
import { findSpec } from '../specs/job-spec.ts';
import type { FoundJob } from '../specs/job-spec.ts';

/** Opens datasets of a project. */
export class DatasetFinder implements Disposable {
  readonly project: Project;
  readonly index: Index;
  readonly #cwd: string;

  private constructor(project: Project, cwd: string) {
    this.project = project;
    this.index = Index.open(project);
    this.#cwd = cwd;
  }

  static async open(invocation: Invocation): Promise<DatasetFinder> {
    return new DatasetFinder(await loadProject(invocation), invocation.cwd);
  }

  [Symbol.dispose](): void {
    this.index[Symbol.dispose]();
  }

  /** Finds the dataset that a spec means. Throws `UsageError` that says how far it got. */
  find(spec: string): Dataset {
    const neighbour: Neighbour = (found, step) => {
      const { previous, parent } = this.#open(found);
      return (step === '~' ? previous : parent)?.ref ?? null;
    };
    return this.#open(findDataset(spec, this.#place, neighbour));
  }

  /** As `find`; `undefined` where the words mean no dataset. */
  findIfAny(spec: string): Dataset | undefined {
    try {
      return this.find(spec);
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }

  /** The job that a spec means, or that a dataset was found in. */
  job(spec: string): FoundJob {
    return findSpec(spec, this.#place).job;
  }

  /** All datasets of a job, in the order in which they were finished. */
  datasetsOf({ id, path }: FoundJob): readonly Dataset[] {
    return new Job({ id, path, host: jobHost(this.project) }).datasets;
  }

  /** Everything about a dataset but its values. */
  manifest({ ref }: Dataset): DatasetManifest {
    return readManifest(ref, this.job(ref.job).path);
  }

  get #place(): { index: Index; cwd: string } {
    return { index: this.index, cwd: this.#cwd };
  }

  #open({ job, name }: FoundDataset): Dataset {
    return new Job({ id: job.id, path: job.path, host: jobHost(this.project) }).dataset(name);
  }
}

/** Where a dataset is, for a thread that knows nothing else. */
export interface DatasetPlace {
  readonly ref: DatasetRef;
  /** Absolute directory of the job. */
  readonly jobPath: string;
  readonly workdirs: Project['workdirs'];
}

/** Opens a dataset in another thread. `onRows` is called with the rows of each batch that is read. */
export function openDataset(
  place: DatasetPlace & { readonly onRows?: (count: number) => void },
): Dataset {
  const { ref, jobPath, workdirs, onRows } = place;
  const host = { ...jobHost({ workdirs }), ...(onRows === undefined ? {} : { onRows }) };
  return new Job({ id: ref.job, path: jobPath, host }).dataset(ref.name);
}

/** Handles for looking: nothing can be linked here. */
function jobHost({ workdirs }: Pick<Project, 'workdirs'>): JobHost {
  return { workdirs, place: 'build_script' };
}
