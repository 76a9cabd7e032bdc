// What a job was made of, as authors see it: the record in setup.json with live datasets, jobs and files.

import type { JobId, JobKey } from '../../model/ids.ts';
import type { DatasetRef, Setup } from '../../model/manifest.ts';
import type { FileRef } from '../../model/option-value.ts';
import { decodeOption, LOST_FILES } from '../../model/option-value.ts';
import { once } from '../../util/once.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { InputFile } from './input-file.ts';
import { JobFile } from './job-file.ts';
import type { Job } from './job.ts';

/** One input or a list of them; `undefined` where an optional input was not given. */
export type InputMember<One> = One | readonly One[] | undefined;

/** Everything a job was made of. */
export interface JobParams {
  readonly id: JobId;
  readonly method: string;
  readonly key: JobKey;
  /** Validated and defaulted. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly datasets: Readonly<Record<string, InputMember<Dataset>>>;
  readonly jobs: Readonly<Record<string, InputMember<Job>>>;
  readonly slices: number;
  /** A random number that is kept with the job: an integer in [0, 2^53). */
  readonly seed: number;
  readonly name: string;
  readonly caption: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly parent: JobId | null;
  /** Path of the build script, relative to the project; `null` outside a script. */
  readonly script: string | null;
  readonly run: number;
  readonly inputDirectory: string;
  readonly startedAt: Date;
  readonly host: string;
  readonly versions: { readonly acc: string; readonly node: string };
}

/** How references become live objects. */
export interface ParamsFactory {
  /** `input` is the name under which the job was given. */
  readonly job: (id: JobId, input: string) => Job;
  /** The job behind a file: the file is in the key, the job is not. */
  readonly jobOfFile: (id: JobId, file: string) => Job;
  /** `input` is the name under which the dataset was given. */
  readonly dataset: (ref: DatasetRef, input: string) => Dataset;
  /** Called before anything is handed out that is in the job's key and not in its digest; throws when it may not be seen. */
  readonly checkLineage: (member: string) => void;
  /** Called before anything is handed out that is in neither. */
  readonly checkEverything: (member: string) => void;
}

/** Makes the params of a job. Options, datasets and jobs become live when they are first read. */
export function jobParams(setup: Setup, factory: ParamsFactory): JobParams {
  const options = once(() => decodeOptions(setup, factory));
  const datasets = once(() => mapInputs(setup.inputs.datasets, factory.dataset));
  const jobs = once(() => mapInputs(setup.inputs.jobs, factory.job));
  const { id, method, key, slices, seed, name, caption, labels, parent } = setup;
  const { script, run, inputDirectory, host, versions } = setup;
  const startedAt = new Date(setup.startedAt);
  const keyed = guarded({ key, slices }, factory.checkLineage);
  const build = { seed, name, caption, labels, parent, script, run };
  const surroundings = { inputDirectory, host, versions, startedAt };
  const params = guarded({ ...build, ...surroundings }, factory.checkEverything);
  const digested = {
    id,
    method,
    get options() {
      return options();
    },
    get datasets() {
      factory.checkLineage('datasets');
      return datasets();
    },
    get jobs() {
      factory.checkLineage('jobs');
      return jobs();
    },
  };
  for (const part of [keyed, digested]) {
    Object.defineProperties(params, Object.getOwnPropertyDescriptors(part));
  }
  return Object.freeze(params as typeof params & typeof keyed & typeof digested);
}

/** The same members, each of which is checked when it is read. */
function guarded<Members extends object>(
  members: Members,
  check: (member: string) => void,
): Members {
  const guards = Object.entries(members).map(([member, value]: [string, unknown]) => {
    const get = (): unknown => {
      check(member);
      return value;
    };
    return [member, { get, enumerable: true }] as const;
  });
  return Object.defineProperties({}, Object.fromEntries(guards)) as Members;
}

function decodeOptions(setup: Setup, factory: ParamsFactory): Readonly<Record<string, unknown>> {
  const decodeFile = (file: FileRef): unknown =>
    file.kind === 'input_file'
      ? new InputFile(setup.inputDirectory, file.path)
      : new JobFile(factory.jobOfFile(file.job, file.name), file.name, { sliced: file.sliced });
  const entries = Object.entries(setup.inputs.options)
    .filter(([name]) => name !== LOST_FILES)
    .map(([name, data]) => [name, decodeOption(data, decodeFile)] as const);
  return Object.freeze(Object.fromEntries(entries));
}

function mapInputs<Ref, One>(
  refs: Readonly<Record<string, Ref | readonly Ref[] | null>>,
  make: (ref: Ref, input: string) => One,
): Readonly<Record<string, InputMember<One>>> {
  const entries = Object.entries(refs).map(
    ([input, ref]) => [input, mapInput(ref, (one) => make(one, input))] as const,
  );
  return Object.freeze(Object.fromEntries(entries));
}

function mapInput<Ref, One>(
  ref: Ref | readonly Ref[] | null,
  make: (ref: Ref) => One,
): InputMember<One> {
  if (ref === null) return undefined;
  return isList(ref) ? Object.freeze(ref.map(make)) : make(ref);
}

function isList<Ref>(ref: Ref | readonly Ref[]): ref is readonly Ref[] {
  return Array.isArray(ref);
}
