// Build calls made from inside a stage: the inputs travel to the engine's thread, a finished job comes back.

import { UsageError } from '../../model/errors.ts';
import type { StageHost } from '../../model/stage.ts';
import type { BuildArguments, MethodName, ResultFor } from '../definition/methods.ts';
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

/** Builds a job that belongs to the running one, or reuses it. Rejects with `JobError` when it fails. */
export type StageBuild = <Name extends MethodName>(
  method: Name,
  ...call: BuildArguments<Name, SubjobSettings>
) => Promise<Job<ResultFor<Name>>>;

/** Makes the `build` of prepare and synthesis. */
export function stageBuild(host: StageHost, jobHost: JobHost): StageBuild {
  return async (method, ...[inputs, settings]) => {
    const reply = await host.build({
      method,
      inputs: encodeValue(await settled(inputs ?? {}), `inputs of ${method}`),
      settings: { ...settings },
    });
    if (reply.ok)
      return new Job({ id: reply.job.id, path: reply.path, host: jobHost, lineage: true });
    if (reply.failure !== null) throw new JobError({ ...reply, failure: reply.failure });
    throw new UsageError({ code: 'invalid_subjob', message: reply.message });
  };
}

/** Makes the `build` of analysis, which only explains. */
export function noBuild(): StageBuild {
  return (method, ..._call) => {
    throw new UsageError({
      code: 'build_in_analysis',
      message: `Method \`${method}\` cannot be built in analysis, which runs once per slice`,
      hint: 'Build it in prepare or synthesis.',
    });
  };
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
