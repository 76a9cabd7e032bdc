// Carries one build call from raw inputs to its outcome: waits for inputs, checks them, and asks the engine.
// Options that were validated before, by the same code, are taken from the memo, so that a hit loads no method.

import type {
  BuildOutcome,
  BuildRequest,
  BuildSettings,
  CallSite,
  ParentJob,
} from '../engine/build-request.ts';
import type { Engine } from '../engine/engine.ts';
import type { MethodLookup, UsableMethod } from '../engine/method-lookup.ts';
import { describeValue } from '../method/inputs/describe-value.ts';
import { inputRecord } from '../method/inputs/input-record.ts';
import { splitInputs } from '../method/inputs/split-inputs.ts';
import type { JobHost } from '../method/job/job-host.ts';
import { Job } from '../method/job/job.ts';
import { UsageError } from '../model/errors.ts';
import type { SubjobRequest } from '../model/stage.ts';
import { awaitInputs, copyInputs, endedInputs } from './await-inputs.ts';
import { checkSettings } from './build-settings.ts';
import type { BuildCallSettings } from './build-settings.ts';
import type { Settled } from './build.ts';
import type { OptionValidator } from './option-validator.ts';

/** A build call as a script or a stage made it. */
export interface BuildCall {
  readonly method: string;
  readonly inputs: unknown;
  readonly settings: BuildCallSettings | undefined;
  /** Absent where only a job that is there is asked for. */
  readonly callSite?: CallSite;
}

/** What build calls of one run share. */
export interface BuilderOptions {
  readonly engine: Engine;
  readonly methods: MethodLookup;
  readonly validator: OptionValidator;
  readonly jobHost: JobHost;
  /** Methods whose jobs are made in any case, from options that are validated anew; `'all'` for every one. */
  readonly force: ReadonlySet<string> | 'all';
}

/** Makes builds of calls. */
export class Builder {
  readonly #options: BuilderOptions;

  constructor(options: BuilderOptions) {
    this.#options = options;
  }

  /** Builds what a script asks for. Rejects with `UsageError`, `SystemError` or `InterruptedError`. */
  async build(call: BuildCall): Promise<Settled> {
    const { engine, methods } = this.#options;
    const { method, callSite } = call;
    if (typeof method !== 'string') throw noMethodName(method);
    const settings = checkSettings(method, call.settings ?? {});
    const inputs = copyInputs(inputRecord(method, call.inputs, 'urd.build'));
    const usable = methods.cached(method) ?? (await methods.load(method));
    const ready = await awaitInputs(inputs);
    if (ready.kind === 'failed') {
      const failure = { ...ready.failure, kind: 'skipped', method } as const;
      engine.skip({ method, name: settings.name }, failure);
      return { kind: 'failed', failure };
    }
    if (ready.kind === 'planned') {
      engine.plan({ method, name: settings.name }, ready.input);
      return { kind: 'planned', method };
    }
    const checked = await this.#checkedInputs(usable, ready.inputs, settings);
    return this.#settled(
      method,
      await engine.build({ ...usable, ...checked, settings, parent: null, callSite }),
    );
  }

  /** The job that answers a call of a script, if that can be told at once: see `Engine.reuse`. Throws as `build` rejects. */
  reuse(call: BuildCall): Settled | undefined {
    const request = this.#knownRequest(call);
    const outcome = request === undefined ? undefined : this.#options.engine.reuse(request);
    return outcome === undefined ? undefined : this.#settled(call.method, outcome);
  }

  /** `undefined` when an input has to be waited for, something is wrong with one, or the method has to be loaded. */
  #knownRequest(call: BuildCall): BuildRequest | undefined {
    const { methods, validator } = this.#options;
    const { method } = call;
    const usable = typeof method === 'string' ? methods.cached(method) : undefined;
    const inputs = endedInputs(inputRecord(method, call.inputs, 'urd.build'));
    if (usable === undefined || inputs === undefined) return undefined;
    const { code, shape } = usable;
    const settings = checkSettings(method, call.settings ?? {});
    if (this.#isForced(method, settings)) return undefined;
    const split = splitInputs(code.name, shape, inputs);
    if (split.problems.length > 0) return undefined;
    const options = shape.options.length === 0 ? {} : validator.known(usable, split.options);
    if (options === undefined) return undefined;
    const { datasets, jobs } = split;
    return { ...usable, inputs: { options, datasets, jobs }, settings, parent: null };
  }

  /** Makes the request of a call from inside a stage. */
  async subjobRequest(request: SubjobRequest, parent: ParentJob): Promise<BuildRequest> {
    const { method } = request;
    const { decodeValue } = await import('../method/stage/stage-codec.ts');
    const settings = checkSettings(method, request.settings);
    if (settings.whyBuild) throw whyBuildInStage(method);
    const usable =
      this.#options.methods.cached(method) ?? (await this.#options.methods.load(method));
    const raw = decodeValue(request.inputs, this.#options.jobHost);
    const inputs = copyInputs(inputRecord(method, raw, 'build'));
    const checked = await this.#checkedInputs(usable, inputs, settings);
    return { ...usable, ...checked, settings, parent };
  }

  async #checkedInputs(
    usable: UsableMethod,
    raw: Readonly<Record<string, unknown>>,
    settings: BuildSettings,
  ): Promise<Pick<BuildRequest, 'inputs' | 'inputsMayDiffer'>> {
    const { code, shape } = usable;
    const split = splitInputs(code.name, shape, raw);
    if (shape.options.length === 0) {
      if (split.problems.length > 0) throw new UsageError(split.problems);
      return { inputs: { options: {}, datasets: split.datasets, jobs: split.jobs } };
    }
    const { options, mayDiffer } = await this.#options.validator.validate(usable, split.options, {
      earlier: split.problems,
      anew: this.#isForced(code.name, settings),
    });
    const inputs = { options, datasets: split.datasets, jobs: split.jobs };
    return { inputs, inputsMayDiffer: mayDiffer };
  }

  #isForced(method: string, settings: BuildSettings): boolean {
    const { force } = this.#options;
    return settings.force || force === 'all' || force.has(method);
  }

  #settled(method: string, outcome: BuildOutcome): Settled {
    switch (outcome.state) {
      case 'built':
      case 'reused': {
        const { id, path } = outcome.job;
        return { kind: 'job', job: new Job({ id, path, host: this.#options.jobHost }) };
      }
      case 'failed':
        return { kind: 'failed', failure: outcome.failure };
      case 'would_build':
        return { kind: 'planned', method };
    }
  }
}

function noMethodName(given: unknown): UsageError {
  return new UsageError({
    code: 'no_method_name',
    message: `Expected the name of a method as the first argument of \`build\`, got ${describeValue(given)}`,
    hint: "Write `urd.build('name', { … })`.",
  });
}

function whyBuildInStage(method: string): UsageError {
  return new UsageError({
    code: 'why_build_in_stage',
    message: `Build of \`${method}\`: setting \`whyBuild\` cannot be used in a stage, which needs the job to go on`,
    hint: 'Use it where a build script builds the method.',
  });
}
