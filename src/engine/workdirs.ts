// The workdirs of a project: the target, which is open, and the others, opened when something is looked up.

import { splitJobId } from '../model/ids.ts';
import type { Digest, JobId, JobKey } from '../model/ids.ts';
import type { DatasetRecord } from '../model/manifest.ts';
import type { WorkdirPaths } from '../model/stage.ts';
import { unknownWorkdir } from '../model/unknown-workdir.ts';
import type { Damage, FinishedJob } from '../store/lookup.ts';
import { Workdir } from '../store/workdir.ts';
import type { BuildRequest } from './build-request.ts';

/** Opens a project's workdirs, each once, and looks jobs up in all of them. */
export class Workdirs {
  readonly paths: WorkdirPaths;
  readonly target: Workdir;
  readonly #open = new Map<string, Workdir>();
  readonly #slices: number | undefined;
  readonly #resultDirectory: string | undefined;
  /** Jobs that were looked up: what is finished never changes, but for becoming tainted. */
  readonly #jobs = new Map<JobId, FinishedJob>();

  /** Opens the target workdir. `slices` and `resultDirectory` as in `Workdir.open`. */
  constructor(options: {
    paths: WorkdirPaths;
    target: string;
    slices: number | undefined;
    resultDirectory?: string;
  }) {
    this.paths = options.paths;
    this.#slices = options.slices;
    this.#resultDirectory = options.resultDirectory;
    this.target = this.named(options.target);
  }

  /** Opens a workdir for building. Throws `UsageError` for an unknown name. */
  named(name: string): Workdir {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    const path = Object.hasOwn(this.paths, name) ? this.paths[name] : undefined;
    if (path === undefined) throw unknownWorkdir(name, Object.keys(this.paths));
    const slices = this.#open.size === 0 ? this.#slices : this.target.slices;
    const workdir = Workdir.open({ name, path, slices, resultDirectory: this.#resultDirectory });
    this.#open.set(name, workdir);
    return workdir;
  }

  /** The workdir that a build's job goes to: what its settings say, else its parent's, else the target. */
  forBuild({ settings, parent }: Pick<BuildRequest, 'settings' | 'parent'>): Workdir {
    return this.named(settings.workdir ?? parent?.workdir ?? this.target.name);
  }

  /** The finished job with this id; `undefined` when there is none. */
  job(id: JobId): FinishedJob | undefined {
    const known = this.#jobs.get(id);
    if (known !== undefined) return known;
    const job = this.#of(id)?.job(id);
    if (job !== undefined) this.#jobs.set(id, job);
    return job;
  }

  /** Tells whether a job is finished and its directory complete. */
  isIntact(id: JobId): boolean {
    return this.#of(id)?.isIntact(id) ?? false;
  }

  /** The jobs that the chains of a job lead to next. */
  predecessors(id: JobId): readonly JobId[] {
    return this.#of(id)?.predecessors(id) ?? [];
  }

  /** The jobs whose files hold columns of the datasets of a job. */
  sources(id: JobId): readonly JobId[] {
    return this.#of(id)?.sources(id) ?? [];
  }

  /** A dataset of a finished job; `undefined` when there is none. */
  datasetRecord(id: JobId, name: string): DatasetRecord | undefined {
    return this.#of(id)?.datasetRecord(id, name);
  }

  /** The content of a registered file of a finished job; `undefined` when there is none. */
  fileDigest(id: JobId, name: string): Digest | undefined {
    return this.#of(id)?.fileDigest(id, name);
  }

  /** Every configured workdir, the target first. */
  all(): readonly Workdir[] {
    const others = Object.keys(this.paths).filter((name) => name !== this.target.name);
    return [this.target, ...others.map((name) => this.named(name))];
  }

  /** Finds the newest intact job with this key for which `accept` holds, in any workdir. */
  find(key: JobKey, accept: (job: FinishedJob) => boolean): WorkdirsFound {
    const damaged: Damage[] = [];
    let best: FinishedJob | undefined;
    for (const workdir of this.all()) {
      let found = workdir.find(key);
      // What is older was told when that one was made in its place.
      damaged.push(...found.damaged.slice(0, 1));
      while (found.job !== undefined && !accept(found.job)) {
        found = workdir.find(key, found.job.number);
      }
      if (found.job !== undefined && (best === undefined || found.job.endedAt > best.endedAt)) {
        best = found.job;
      }
    }
    if (best !== undefined) this.#jobs.set(best.id, best);
    return { job: best, damaged };
  }

  /** Writes what is held back in every workdir. */
  flush(): void {
    for (const workdir of this.#open.values()) workdir.flush();
  }

  /** Closes every workdir. */
  close(): void {
    for (const workdir of this.#open.values()) workdir.close();
    this.#open.clear();
  }

  /** The workdir a job lies in. Throws `UsageError` when it is not configured. */
  of(id: JobId): Workdir {
    return this.named(splitJobId(id)?.workdir ?? id);
  }

  #of(id: JobId): Workdir | undefined {
    const name = splitJobId(id)?.workdir;
    return name !== undefined && Object.hasOwn(this.paths, name) ? this.named(name) : undefined;
  }
}

/** What a look-up in all workdirs gave. */
export interface WorkdirsFound {
  readonly job: FinishedJob | undefined;
  /** The newest of each workdir. */
  readonly damaged: readonly Damage[];
}
