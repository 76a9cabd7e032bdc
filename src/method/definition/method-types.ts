// The types of a method definition: what its stages receive and what a build call of it takes and gives.
// Everything is inferred from the definition's declarations and from what its stages return.

import type { z } from 'zod';

import type { Duration } from '../../util/duration.ts';
import type { ColumnTypes, Dataset } from '../dataset/dataset.ts';
import type { CurrentJob } from '../job/current-job.ts';
import type { JobParams } from '../job/job-params.ts';
import type { Job } from '../job/job.ts';
import type { Status } from '../stage/status.ts';
import type { StageBuild } from '../stage/subjob.ts';
import type { DatasetInput, JobInput } from './input-declarations.ts';

/** Options of a method by name, each with its zod type. */
export type OptionTypes = Readonly<Record<string, z.ZodType>>;

/** Dataset inputs of a method by name. */
export type DatasetInputs = Readonly<Record<string, DatasetInput>>;

/** Job inputs of a method by name. */
export type JobInputs = Readonly<Record<string, JobInput>>;

/** Options as a stage sees them: validated, defaulted, immutable. */
export type OptionValues<Options extends OptionTypes> = {
  readonly [Name in keyof Options]: z.output<Options[Name]>;
};

/** Datasets as a stage sees them. */
export type DatasetValues<Datasets extends DatasetInputs> = {
  readonly [Name in keyof Datasets]: DatasetValue<Datasets[Name]>;
};

type DatasetValue<Input> =
  Input extends DatasetInput<infer Columns, infer IsArray, infer IsOptional>
    ? InputValue<Dataset<Columns extends ColumnTypes ? Columns : ColumnTypes>, IsArray, IsOptional>
    : never;

/** Jobs as a stage sees them. */
export type JobValues<Jobs extends JobInputs> = {
  readonly [Name in keyof Jobs]: JobValue<Jobs[Name]>;
};

type JobValue<Input> =
  Input extends JobInput<infer IsArray, infer IsOptional>
    ? InputValue<Job, IsArray, IsOptional>
    : never;

type InputValue<One, IsArray extends boolean, IsOptional extends boolean> =
  | (IsArray extends true ? readonly One[] : One)
  | (IsOptional extends true ? undefined : never);

/** What every stage receives. */
export interface StageContext<
  Options extends OptionTypes,
  Datasets extends DatasetInputs,
  Jobs extends JobInputs,
> {
  /** The job that is running. */
  readonly job: CurrentJob;
  readonly options: OptionValues<Options>;
  readonly datasets: DatasetValues<Datasets>;
  readonly jobs: JobValues<Jobs>;
  /** Number of slices. */
  readonly slices: number;
  /** Everything this job was made of, and `seed`, a random number that is kept with the job. */
  readonly params: JobParams;
  /** Says what the stage is doing. */
  readonly status: Status;
  /** Aborted when the job is cancelled or has timed out. */
  readonly signal: AbortSignal;
}

/** What prepare receives. */
export interface PrepareContext<
  Options extends OptionTypes,
  Datasets extends DatasetInputs,
  Jobs extends JobInputs,
> extends StageContext<Options, Datasets, Jobs> {
  /** Builds a job that belongs to this one. */
  readonly build: StageBuild;
}

/** What analysis receives, once per slice. */
export interface AnalysisContext<
  Options extends OptionTypes,
  Datasets extends DatasetInputs,
  Jobs extends JobInputs,
  PrepareRes,
> extends StageContext<Options, Datasets, Jobs> {
  /** Number of this slice, in [0, slices). */
  readonly sliceno: number;
  /** What prepare returned. */
  readonly prepareRes: PrepareRes;
}

/** What synthesis receives. */
export interface SynthesisContext<
  Options extends OptionTypes,
  Datasets extends DatasetInputs,
  Jobs extends JobInputs,
  PrepareRes,
  AnalysisRes,
> extends PrepareContext<Options, Datasets, Jobs> {
  /** What prepare returned. */
  readonly prepareRes: PrepareRes;
  /** What each slice returned, in slice order; empty when the method has no analysis. */
  readonly analysisRes: readonly AnalysisRes[];
}

/** What a stage's return value is to those who receive it: awaited, and `undefined` for a stage that returns nothing. */
export type Returned<Value> = Value extends void ? undefined : Value;

/** Everything a method may define. All fields are optional, stages in any combination. */
export interface MethodDefinition<
  Options extends OptionTypes,
  Datasets extends DatasetInputs,
  Jobs extends JobInputs,
  PrepareRes,
  AnalysisRes,
  Result,
> {
  readonly description?: string;
  /** Zod types by name. */
  readonly options?: Options;
  readonly datasets?: Datasets;
  readonly jobs?: Jobs;
  /** Files whose content is in the key, relative to the method's file. */
  readonly dependsOn?: readonly string[];
  /** Names of environment variables whose values are in the key. */
  readonly env?: readonly string[];
  /** Manual salt of the key. */
  readonly version?: string | number;
  /**
   * Digests, as `acc method` shows them, of code that makes the same: of the older code whose jobs are to count as
   * current, and of the present code as it is without this field. Counts for nothing once the code is edited again.
   * Must be written out here, as a list of texts.
   */
  readonly equivalentTo?: readonly string[];
  /** Slices of one job that may run at the same time. */
  readonly concurrency?: number;
  /** Heap that one stage may use, in megabytes. */
  readonly memoryLimitMb?: number;
  /** Time one job may take: milliseconds, or text with a unit, as `'5m'`. */
  readonly timeout?: Duration;
  /** Runs once, first. What it returns reaches the other stages as `prepareRes`. */
  readonly prepare?: (
    context: PrepareContext<Options, Datasets, Jobs>,
  ) => PrepareRes | Promise<PrepareRes>;
  /** Runs once per slice, in parallel. */
  readonly analysis?: (
    context: AnalysisContext<Options, Datasets, Jobs, Returned<PrepareRes>>,
  ) => AnalysisRes | Promise<AnalysisRes>;
  /** Runs once, last. What it returns is what `job.load()` gives. */
  readonly synthesis?: (
    context: SynthesisContext<Options, Datasets, Jobs, Returned<PrepareRes>, Returned<AnalysisRes>>,
  ) => Result | Promise<Result>;
}

/** A method as `defineMethod` returns it. Opaque to authors; the type parameters carry what build calls need. */
export interface Method<
  Options extends OptionTypes = OptionTypes,
  Datasets extends DatasetInputs = DatasetInputs,
  Jobs extends JobInputs = JobInputs,
  Result = unknown,
> {
  readonly options: Options;
  readonly datasets: Datasets;
  readonly jobs: Jobs;
  /** Never present: carries the type of what synthesis returns. */
  readonly result?: Result;
}

/** A promise of a job, as build calls return it. */
export type PendingJob = PromiseLike<Job>;

/** What a build call accepts where a dataset is expected; a job stands for its default dataset, text is an id. */
export type DatasetArgument = Dataset | Job | PendingJob | PromiseLike<Dataset> | string;

/** What a build call accepts where a job is expected; text is an id. */
export type JobArgument = Job | PendingJob | string;

/** What a build call of a method takes: options as they are before validation, datasets and jobs, by name. */
export type InputsOf<M> =
  M extends Method<infer Options, infer Datasets, infer Jobs, infer _Result>
    ? OrNoInputs<
        OptionArguments<Options> &
          ArgumentsFor<Datasets, DatasetArgument> &
          ArgumentsFor<Jobs, JobArgument>
      >
    : never;

/** Zod has no names to tell apart in an empty object and would refuse every other input too. */
type OptionArguments<Options extends OptionTypes> = [keyof Options] extends [never]
  ? unknown
  : z.input<z.ZodObject<Options>>;

/** The compiler takes any object for an empty one, so a method without inputs refuses all names by itself. */
type OrNoInputs<Inputs> = [keyof Inputs] extends [never]
  ? Readonly<Record<string, never>>
  : { [Name in keyof Inputs]: Inputs[Name] };

/** What `load()` of a method's job gives. */
export type ResultOf<M> =
  M extends Method<infer _Options, infer _Datasets, infer _Jobs, infer Result> ? Result : never;

type Flags = Readonly<Record<string, { readonly isArray: boolean; readonly isOptional: boolean }>>;

type ArgumentsFor<Inputs extends Flags, One> = {
  readonly [
    Name in keyof Inputs as Inputs[Name]['isOptional'] extends true ? never : Name
  ]: Argument<Inputs[Name], One>;
} & {
  readonly [Name in keyof Inputs as Inputs[Name]['isOptional'] extends true ? Name : never]?:
    | Argument<Inputs[Name], One>
    | null
    | undefined;
};

type Argument<Input extends Flags[string], One> = Input['isArray'] extends true
  ? readonly One[]
  : One;
