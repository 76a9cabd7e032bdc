// Makes what a stage's function receives. Each call makes new objects, so slices in one thread share nothing.
// What earlier stages returned is decoded when it is first read, because many stages do not look at it.

import type { StageHost, StageTask } from '../../model/stage.ts';
import { once } from '../../util/once.ts';
import type { StageDatasets } from '../dataset/stage-datasets.ts';
import type {
  AnalysisContext,
  DatasetInputs,
  JobInputs,
  OptionTypes,
  PrepareContext,
  StageContext,
  SynthesisContext,
} from '../definition/method-types.ts';
import type { CurrentJob } from '../job/current-job.ts';
import type { JobFiles } from '../job/job-files.ts';
import type { JobHost } from '../job/job-host.ts';
import { decodeValue } from './stage-codec.ts';
import type { StatusStack } from './status.ts';
import { noBuild, stageBuild } from './subjob.ts';
import type { OpenBuilds } from './subjob.ts';

/** Everything of a running stage. */
export interface Stage {
  readonly task: StageTask;
  readonly host: StageHost;
  readonly jobHost: JobHost;
  readonly job: CurrentJob;
  readonly files: JobFiles;
  readonly datasets: StageDatasets;
  readonly status: StatusStack;
  readonly builds: OpenBuilds;
}

type Context = StageContext<OptionTypes, DatasetInputs, JobInputs>;

/** Makes the context of prepare. */
export function prepareContext(
  stage: Stage,
): PrepareContext<OptionTypes, DatasetInputs, JobInputs> {
  const { host, jobHost, builds } = stage;
  return Object.freeze({ ...baseContext(stage), build: stageBuild(host, jobHost, builds) });
}

/** Makes the context of one slice of analysis. */
export function analysisContext(
  stage: Stage,
  sliceno: number,
): AnalysisContext<OptionTypes, DatasetInputs, JobInputs, unknown> {
  const prepareRes = once(() => decoded(stage, stage.task.state.prepareRes));
  const context = {
    ...baseContext(stage),
    sliceno,
    get prepareRes() {
      return prepareRes();
    },
    build: noBuild(),
  };
  return Object.freeze(context);
}

/** Makes the context of synthesis. */
export function synthesisContext(
  stage: Stage,
): SynthesisContext<OptionTypes, DatasetInputs, JobInputs, unknown, unknown> {
  const { state } = stage.task;
  const prepareRes = once(() => decoded(stage, state.prepareRes));
  const analysisRes = once(() => (state.analysisRes ?? []).map((bytes) => decoded(stage, bytes)));
  return Object.freeze({
    ...prepareContext(stage),
    get prepareRes() {
      return prepareRes();
    },
    get analysisRes() {
      return analysisRes();
    },
  });
}

function baseContext({ job, host, status, task }: Stage): Context {
  const { params } = job;
  return {
    job,
    options: params.options,
    datasets: params.datasets,
    jobs: params.jobs,
    slices: task.job.setup.slices,
    params,
    status: status.begin,
    signal: host.signal,
  };
}

function decoded(stage: Stage, bytes: Uint8Array | undefined): unknown {
  return bytes === undefined
    ? undefined
    : decodeValue(bytes, stage.jobHost, (name) => stage.datasets.writer(name));
}
