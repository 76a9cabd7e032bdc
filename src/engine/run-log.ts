// What one run has built, kept until its end: counts, the jobs with their states, the critical path and slice skew.

import type { BuildState, RunEnded } from '../model/event.ts';
import { isMachineFault } from '../model/failure.ts';
import type { Failure } from '../model/failure.ts';
import type { JobId } from '../model/ids.ts';
import type { ExecTimes, InputRefs } from '../model/manifest.ts';
import { filesIn } from '../model/option-value.ts';
import type { RunJob } from '../store/runs.ts';

/** An execution in this run. */
interface Executed {
  readonly job: JobId;
  readonly method: string;
  readonly execMs: number;
  readonly inputs: readonly JobId[];
}

/** A slice is reported as slow when it took this many times the median... */
const SKEW_FACTOR = 2;
/** ...and at least this long... */
const SKEW_MINIMUM_MS = 1000;
/** ...and most slices had ended for this part of its time: slices that share their work may leave nothing to later ones. */
const SKEW_TAIL = 0.5;

/** Collects what a run does. */
export class RunLog {
  readonly #counts: Record<BuildState, number> = {
    built: 0,
    reused: 0,
    failed: 0,
    skipped: 0,
    would_build: 0,
  };
  readonly #jobs = new Map<JobId, BuildState>();
  readonly #executed = new Map<JobId, Executed>();
  readonly #skew: RunEnded['skew'][number][] = [];
  #hasMachineFault = false;

  /** Counts a build call; `job` is `null` where none was started. */
  count(state: BuildState, job: JobId | null): void {
    this.#counts[state]++;
    if (job !== null && this.#jobs.get(job) !== 'built') this.#jobs.set(job, state);
  }

  /** Notes an execution that succeeded. */
  executed(
    job: { id: JobId; method: string },
    inputs: InputRefs,
    execMs: ExecTimes & { readonly tailMs: number },
  ): void {
    const { id, method } = job;
    this.#executed.set(id, { job: id, method, execMs: execMs.total, inputs: inputJobs(inputs) });
    const slices = (execMs.analysis ?? []).toSorted((a, b) => a - b);
    const medianMs = slices[Math.floor((slices.length - 1) / 2)] ?? 0;
    const slowestMs = slices.at(-1) ?? 0;
    const isUneven = slowestMs >= SKEW_MINIMUM_MS && slowestMs > medianMs * SKEW_FACTOR;
    if (isUneven && execMs.tailMs > slowestMs * SKEW_TAIL) {
      this.#skew.push({ job: id, method, slowestMs, medianMs });
    }
  }

  /** Notes an execution that did not succeed. */
  failed(failure: Failure): void {
    this.#hasMachineFault ||= isMachineFault(failure);
  }

  /** True when a job failed for want of disk space or the like. */
  get hasMachineFault(): boolean {
    return this.#hasMachineFault;
  }

  /** Build calls by how they ended. */
  get counts(): Readonly<Record<BuildState, number>> {
    return this.#counts;
  }

  /** Jobs of the run with their state, in order of their end. */
  jobs(): readonly RunJob[] {
    return [...this.#jobs].map(([job, state]) => ({ job, state }));
  }

  /** Jobs with a slice that took much longer than the others. */
  get skew(): RunEnded['skew'] {
    return this.#skew;
  }

  /** The chain of executed jobs with the greatest sum of times, first job first; empty below two jobs. */
  criticalPath(): RunEnded['criticalPath'] {
    const best = new Map<JobId, { readonly sum: number; readonly from: JobId | undefined }>();
    // Jobs are noted as they end, so the inputs of a job come before it.
    for (const { job, execMs, inputs } of this.#executed.values()) {
      let from: JobId | undefined;
      for (const input of inputs) {
        if ((best.get(input)?.sum ?? -1) > (from === undefined ? -1 : (best.get(from)?.sum ?? 0))) {
          from = input;
        }
      }
      best.set(job, { sum: execMs + (from === undefined ? 0 : (best.get(from)?.sum ?? 0)), from });
    }
    let last: JobId | undefined;
    for (const [job, { sum }] of best) {
      if (last === undefined || sum > (best.get(last)?.sum ?? 0)) last = job;
    }
    const path: RunEnded['criticalPath'][number][] = [];
    for (let at = last; at !== undefined; at = best.get(at)?.from) {
      const executed = this.#executed.get(at);
      if (executed === undefined) break;
      path.unshift({ job: at, method: executed.method, execMs: executed.execMs });
    }
    return path.length < 2 ? [] : path;
  }
}

/** Every job that the inputs refer to, each once. */
export function inputJobs(inputs: InputRefs): readonly JobId[] {
  const jobs = new Set<JobId>();
  for (const value of Object.values(inputs.jobs)) {
    for (const id of typeof value === 'string' ? [value] : (value ?? [])) jobs.add(id);
  }
  for (const value of Object.values(inputs.datasets)) {
    for (const ref of value === null ? [] : 'job' in value ? [value] : value) jobs.add(ref.job);
  }
  for (const file of filesIn(inputs.options)) {
    if (file.kind === 'job_file') jobs.add(file.job);
  }
  return [...jobs];
}
