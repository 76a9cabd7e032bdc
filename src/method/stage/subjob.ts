// Build calls made from inside a stage: the inputs travel to the engine's thread, a finished job comes back.

import { UsageError } from '../../model/errors.ts';
import { InvalidOutputError } from '../../model/invalid-output.ts';
import type { StageHost } from '../../model/stage.ts';
import type { InputsOf, ResultOf } from '../definition/method-types.ts';
import type { Methods } from '../definition/methods.ts';
import { inputRecord } from '../inputs/input-record.ts';
import { JobError } from '../job/job-error.ts';
import type { JobHost } from '../job/job-host.ts';
import { Job } from '../job/job.ts';
import { encodeValue } from './stage-codec.ts';

/** Settings of a build call; none of them is part of the key. */
export interface SubjobSettings {
  /** Name of the job in lists; the method's name if not set. */
  readonly name?: string;
  readonly caption?: string;
}

/** Builds a job of one method. */
type BuildOf<Name extends keyof Methods> = (
  method: Name,
  inputs?: InputsOf<Methods[Name]>,
  settings?: SubjobSettings,
) => Promise<Job<ResultOf<Methods[Name]>>>;

/** Builds a job of any method, where the methods have not been written down as types. */
type BuildOfAny = (
  method: string,
  inputs?: Readonly<Record<string, unknown>>,
  settings?: SubjobSettings,
) => Promise<Job>;

/**
 * Builds a job that belongs to the running one, or reuses it. Rejects with `JobError` when it fails.
 * One signature per method: a call is then checked against its own method alone, so that what a stage returns can
 * depend on a subjob. A generic signature would ask for the type of every method, and so of the one being defined.
 */
export type StageBuild = [keyof Methods] extends [never]
  ? BuildOfAny
  : { [Name in keyof Methods]: (build: BuildOf<Name>) => void }[keyof Methods] extends (
        build: infer Overloads,
      ) => void
    ? Overloads
    : never;

/** The build calls of a stage that go on: the stage ends when they have, whether it awaits them or not. */
export class OpenBuilds {
  #count = 0;
  #onNone: (() => void) | undefined;

  /** Runs `build`. What it gives is left alone, so that a rejection nobody handles is still seen. */
  async during<T>(build: () => Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await build();
    } finally {
      this.#count--;
      if (this.#count === 0) this.#onNone?.();
    }
  }

  /** Resolves when no build goes on. */
  async none(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => (this.#onNone = resolve));
  }
}

/** Makes the `build` of prepare and synthesis. */
export function stageBuild(host: StageHost, jobHost: JobHost, builds: OpenBuilds): StageBuild {
  // Which signatures there are is known in the project only.
  const build: unknown = (...[method, inputs, settings]: Parameters<BuildOfAny>) =>
    builds.during(async () => {
      const reply = await host.build({
        method,
        inputs: encodedInputs(method, await settled(inputRecord(method, inputs, 'build'))),
        settings: { ...settings },
      });
      if (reply.ok)
        return new Job({ id: reply.job.id, path: reply.path, host: jobHost, view: 'everything' });
      if (reply.failure !== null) throw new JobError({ ...reply, failure: reply.failure });
      const { message, problems = [{ code: 'invalid_subjob', message }] } = reply;
      throw new UsageError(problems);
    });
  return build as StageBuild;
}

function encodedInputs(method: string, inputs: Readonly<Record<string, unknown>>): Uint8Array {
  try {
    return encodeValue(inputs, 'one of its inputs');
  } catch (error) {
    if (!(error instanceof InvalidOutputError)) throw error;
    throw new UsageError({
      code: 'invalid_subjob',
      message: `Build of \`${method}\`: ${error.message}`,
    });
  }
}

/** Makes the `build` of analysis, which only explains. */
export function noBuild(): StageBuild {
  const build: unknown = refuseBuild;
  return build as StageBuild;
}

function refuseBuild(method: string): never {
  throw new UsageError({
    code: 'build_in_analysis',
    message: `Method \`${method}\` cannot be built in analysis, which runs once per slice`,
    hint: 'Build it in prepare or synthesis.',
  });
}

/** Waits for promises of jobs among the inputs, also in lists. */
async function settled(
  inputs: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const entries = Object.entries(inputs).map(
    async ([name, value]) =>
      [name, Array.isArray(value) ? await Promise.all(value) : await value] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
