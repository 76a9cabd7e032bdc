// Tells whether a finished job still stands: its subjobs would be reused today, and its chains can be read to their ends.
// A parent's key does not hold what its subjobs read, so their keys are made again from their present code and inputs.

import { jobKeyOf } from '../key/job-key.ts';
import { otherInput } from '../key/other-input.ts';
import { acceptsColumn } from '../model/column-type.ts';
import { UsageError } from '../model/errors.ts';
import type { Reason } from '../model/event.ts';
import type { Digest, JobId } from '../model/ids.ts';
import type { DatasetContent, InputRefs, Manifest, SubjobRecord } from '../model/manifest.ts';
import type { DatasetInputShape, MethodShape } from '../model/method-shape.ts';
import { mapFiles } from '../model/option-value.ts';
import { readSetup } from '../store/job-directory.ts';
import type { FinishedJob } from '../store/lookup.ts';
import type { InputContent } from './input-content.ts';
import type { UsableMethod } from './method-lookup.ts';
import type { Workdirs } from './workdirs.ts';

/** What is looked into. */
export interface CurrentJobsOptions {
  readonly workdirs: Workdirs;
  readonly content: InputContent;
  /** A method as it is now; `undefined` when it cannot be used. */
  readonly currentMethod: (name: string) => Promise<UsableMethod | undefined>;
}

/** Decides which jobs are current, and remembers what was wrong with the others. */
export class CurrentJobs {
  readonly #options: CurrentJobsOptions;
  readonly #reasons = new Map<JobId, Reason>();
  /** Jobs whose chains have been walked in this run without meeting damage. */
  readonly #sound = new Set<JobId>();
  /** Jobs that hold columns of others and were found intact in this run. */
  readonly #intactSources = new Set<JobId>();

  constructor(options: CurrentJobsOptions) {
    this.#options = options;
  }

  /**
   * A job is current when each of its subjobs, at any depth, is what a build of it would give now, and no job of its
   * chains is damaged; and one that is tied to its inputs, when `inputs` are these.
   */
  async isCurrent(job: FinishedJob, inputs?: InputRefs): Promise<boolean> {
    if (!this.hasSoundChains(job)) return false;
    if (inputs !== undefined && !this.standsFor(job, inputs)) return false;
    for (const subjob of job.subjobs) {
      const reason = await this.#whyStale(subjob);
      if (reason === undefined) continue;
      this.#reasons.set(job.id, reason);
      return false;
    }
    return true;
  }

  /**
   * Tells whether every job that the chains of this one lead to is intact, and every one whose files hold columns of
   * its datasets or theirs. Each job is looked at once in a run.
   */
  hasSoundChains({ id, chained }: FinishedJob): boolean {
    if (!chained) return true;
    const { workdirs } = this.#options;
    const walked = new Set<JobId>();
    let damaged = this.#damagedSource(id);
    const next = [...workdirs.predecessors(id)];
    for (let job = next.pop(); job !== undefined && damaged === undefined; job = next.pop()) {
      if (walked.has(job) || this.#sound.has(job)) continue;
      walked.add(job);
      damaged = workdirs.isIntact(job) ? this.#damagedSource(job) : job;
      next.push(...workdirs.predecessors(job));
    }
    if (damaged !== undefined) {
      this.#reasons.set(id, { kind: 'damaged', subject: damaged });
      return false;
    }
    for (const job of walked) this.#sound.add(job);
    return true;
  }

  /** Tells whether a job can be taken for these inputs, which have the content of its own. */
  standsFor({ id, path, tied }: FinishedJob, inputs: InputRefs): boolean {
    if (!tied) return true;
    const setup = readSetup(path);
    const other = setup === undefined ? undefined : otherInput(setup.inputs, inputs);
    if (other !== undefined) this.#reasons.set(id, other);
    return setup !== undefined && other === undefined;
  }

  /** Forgets which jobs were found intact: one of them is not. */
  lookAgain(): void {
    this.#sound.clear();
    this.#intactSources.clear();
  }

  /** Why a job was found not to be current; `undefined` when it was not. */
  whyNotCurrent(id: JobId): Reason | undefined {
    return this.#reasons.get(id);
  }

  #damagedSource(id: JobId): JobId | undefined {
    const { workdirs } = this.#options;
    return workdirs.sources(id).find((source) => {
      if (this.#intactSources.has(source)) return false;
      if (!workdirs.isIntact(source)) return true;
      this.#intactSources.add(source);
      return false;
    });
  }

  async #whyStale({ id, method, code }: SubjobRecord): Promise<Reason | undefined> {
    const { workdirs, currentMethod } = this.#options;
    const job = workdirs.isIntact(id) ? workdirs.job(id) : undefined;
    if (job === undefined) return { kind: 'damaged', subject: id };
    const usable = job.tainted === null ? await currentMethod(method) : undefined;
    const isStillSo =
      usable !== undefined &&
      countsAsPresent(code, usable) &&
      (await this.#wouldBeTheSame(job, usable)) &&
      (await this.isCurrent(job));
    return isStillSo ? undefined : { kind: 'subjob', subject: method };
  }

  /**
   * Tells whether a build of the job would have its key today. What came from other jobs never changes, so its recorded
   * content counts: those jobs may have been deleted, and made again under other numbers.
   */
  async #wouldBeTheSame(job: FinishedJob, usable: UsableMethod): Promise<boolean> {
    const setup = readSetup(job.path);
    if (setup === undefined) return false;
    // The code of the job is the present one or equivalent to it.
    const { code, packages, datasets, jobs } = setup.manifest;
    if (!seesTheSame(setup.manifest, usable.shape)) return false;
    const inputs = { options: withoutJobFiles(setup.inputs.options), datasets: {}, jobs: {} };
    try {
      const { manifest } = await this.#options.content.of({ ...usable, inputs }, setup.slices);
      const options = withoutJobFiles(setup.manifest.options);
      const before = jobKeyOf({ ...setup.manifest, options });
      return jobKeyOf({ ...manifest, code, packages, datasets, jobs }) === before;
    } catch (error) {
      // An input file has gone.
      if (error instanceof UsageError) return false;
      throw error;
    }
  }
}

/** Files in options without those of jobs, by reference or by content. */
function withoutJobFiles(options: InputRefs['options']): InputRefs['options'] {
  return mapFiles(options, ({ kind, ...file }) =>
    kind === 'job_file' ? null : { $inputFile: file },
  ) as InputRefs['options'];
}

/** Tells whether a method looks at that part of its inputs which was recorded: code that is equivalent may not. */
function seesTheSame({ datasets, jobs }: Manifest, shape: MethodShape): boolean {
  return (
    Object.entries(jobs).every(([name, content]) =>
      [content ?? []].flat().every((job) => 'lineage' in job === isLineage(shape.jobs[name])),
    ) &&
    Object.entries(datasets).every(([name, content]) =>
      [content ?? []].flat().every((dataset) => readsTheSame(dataset, shape.datasets[name])),
    )
  );
}

function readsTheSame(dataset: DatasetContent, input: DatasetInputShape | undefined): boolean {
  const columns = 'columns' in dataset ? dataset.columns : {};
  const wanted = Object.entries(input?.columns ?? {});
  return (
    'lineage' in dataset === isLineage(input) &&
    Object.keys(columns).length === wanted.length &&
    wanted.every(([name, type]) => {
      const found = Object.hasOwn(columns, name) ? columns[name] : undefined;
      return found !== undefined && acceptsColumn(type, found.type);
    })
  );
}

function isLineage(input: { readonly lineage?: boolean } | undefined): boolean {
  return input?.lineage === true;
}

function countsAsPresent(older: Digest, { code: { digest, equivalence } }: UsableMethod): boolean {
  return older === digest || (equivalence?.holds === true && equivalence.declared.includes(older));
}
