// What a build script sees: `urd.build`, what has been built so far, and what the run was started with.

import { JobError } from '../method/job-error.ts';
import type { Job } from '../method/job.ts';
import type { InputsFor, MethodName, ResultFor } from '../method/methods.ts';
import type { Problem, SourceLocation } from '../model/errors.ts';
import { UsageError } from '../model/errors.ts';
import type { Failure } from '../model/failure.ts';
import type { BuildCallSettings } from './build-settings.ts';
import { Build } from './build.ts';
import type { Settled } from './build.ts';
import type { Builder } from './builder.ts';
import { noteCallSite } from './call-site.ts';
import type { CallSite } from './call-site.ts';
import { plannedJob } from './planned-job.ts';

/** Facts about the run that a script may want to know. */
export interface UrdInfo {
  readonly slices: number;
  /** Absolute. */
  readonly inputDirectory: string;
  /** Absolute. */
  readonly resultDirectory: string;
  readonly workdir: string;
}

/** What a build script is given. */
export interface Urd {
  /**
   * Builds a job of a method, or returns the one that exists for the same code and inputs. `inputs` mixes options,
   * datasets and jobs by name; a build that is not awaited can be an input of another.
   */
  build<Name extends MethodName>(
    method: Name,
    inputs?: InputsFor<Name>,
    settings?: BuildCallSettings,
  ): Build<ResultFor<Name>>;
  /** Jobs that were built or reused by this script up to now, in order of their end. */
  readonly joblist: readonly Job[];
  readonly info: UrdInfo;
  /** Values given as `acc run --flag name=value`; a flag without value is `'true'`. */
  readonly flags: Readonly<Record<string, string>>;
  /** Prints a remark when the run ends. */
  warn(text: string): void;
}

/** What the script's `urd` is made of. */
export interface UrdOptions {
  readonly builder: Builder;
  readonly info: UrdInfo;
  readonly flags: Readonly<Record<string, string>>;
  readonly onWarn: (text: string) => void;
  readonly describeFailure: (failure: Failure) => { shortMessage: string; message: string };
}

/** The `urd` of one script, with what the run needs to know about its builds. */
export class ScriptUrd implements Urd {
  readonly info: UrdInfo;
  readonly flags: Readonly<Record<string, string>>;
  readonly #options: UrdOptions;
  readonly #pending = new Set<Promise<Settled>>();
  readonly #errors: unknown[] = [];
  readonly #jobs: Job[] = [];

  constructor(options: UrdOptions) {
    this.#options = options;
    this.info = options.info;
    this.flags = options.flags;
  }

  build<Name extends MethodName>(
    method: Name,
    inputs?: InputsFor<Name>,
    settings?: BuildCallSettings,
  ): Build<ResultFor<Name>> {
    const callSite = noteCallSite();
    const settled = this.#settle({ method, inputs, settings, callSite });
    return new Build(method, settled, (outcome) => this.#toJob(outcome));
  }

  get joblist(): readonly Job[] {
    return [...this.#jobs];
  }

  warn(text: string): void {
    this.#options.onWarn(text);
  }

  /** Resolves when no build goes on, also those that were begun meanwhile. */
  async allSettled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Mistakes and faults of all builds, whether awaited or not, in order of appearance. */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  #settle(call: {
    method: string;
    inputs: unknown;
    settings: BuildCallSettings | undefined;
    callSite: CallSite;
  }): Promise<Settled> {
    const settled = this.#options.builder.build(call).then(
      (outcome) => {
        if (outcome.kind === 'job') this.#jobs.push(outcome.job);
        return outcome;
      },
      (thrown: unknown): Settled => {
        const error = located(thrown, call.callSite);
        this.#errors.push(error);
        return { kind: 'error', error };
      },
    );
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
    return settled;
  }

  #toJob(outcome: Settled): Job {
    switch (outcome.kind) {
      case 'job':
        return outcome.job;
      case 'planned':
        return plannedJob(outcome.method);
      case 'failed': {
        const { failure } = outcome;
        throw new JobError({ failure, ...this.#options.describeFailure(failure) });
      }
      case 'error':
        throw outcome.error;
    }
  }
}

/** Points a mistake at the call that made it. */
function located(error: unknown, callSite: CallSite): unknown {
  if (!(error instanceof UsageError)) return error;
  const known = error.problems.every((problem: Problem) => problem.where !== undefined);
  const where: SourceLocation | undefined = known ? undefined : callSite();
  return error.at(where);
}
