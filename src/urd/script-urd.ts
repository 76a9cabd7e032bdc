// The `urd` of one script: makes builds of its calls, and keeps what the run has to know about them at its end.

import { setImmediate } from 'node:timers/promises';

import type { CallSite } from '../engine/build-request.ts';
import type { BuildArguments, MethodName, ResultFor } from '../method/definition/methods.ts';
import { JobError } from '../method/job/job-error.ts';
import type { Job } from '../method/job/job.ts';
import type { Problem, SourceLocation } from '../model/errors.ts';
import { UsageError } from '../model/errors.ts';
import type { Failure } from '../model/failure.ts';
import type { BuildCallSettings } from './build-settings.ts';
import { Build } from './build.ts';
import type { Settled } from './build.ts';
import type { BuildCall, Builder } from './builder.ts';
import { noteCallSite } from './call-site.ts';
import { plannedJob } from './planned-job.ts';
import type { Urd, UrdInfo } from './urd.ts';

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
  readonly flags: Urd['flags'];
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
    ...[inputs, settings]: BuildArguments<Name, BuildCallSettings>
  ): Build<ResultFor<Name>> {
    const call = { method, inputs, settings };
    const ending = this.#reuse(call) ?? this.#settle({ ...call, callSite: noteCallSite() });
    return new Build(method, ending, (outcome) => this.#toJob(outcome));
  }

  get joblist(): readonly Job[] {
    return [...this.#jobs];
  }

  warn(text: string): void {
    this.#options.onWarn(text);
  }

  /** Resolves when no build goes on, also those that were begun meanwhile. */
  async allSettled(): Promise<void> {
    do {
      await Promise.all(this.#pending);
      // What the script has attached to a build runs now: it may begin another one, or throw.
      await setImmediate();
    } while (this.#pending.size > 0);
  }

  /** Mistakes and faults of all builds, whether awaited or not, in order of appearance. */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  /** A hit costs no turn of the event loop, nor the promises that a script with thousands of builds would pile up. */
  #reuse(call: BuildCall): Settled | undefined {
    try {
      const reused = this.#options.builder.reuse(call);
      if (reused?.kind === 'job') this.#jobs.push(reused.job);
      return reused;
    } catch {
      // Whatever is wrong is met again, and told, by `build`.
      return undefined;
    }
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
