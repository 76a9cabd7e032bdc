// Runs one stage of one job inside a worker: imports the bundle, makes the context, keeps what the stage leaves.
// Unaware of threads, other stages and reuse. Every job ends with a synthesis task, which also seals its directory.

import { messageWithHints, UsageError } from '../../model/errors.ts';
import { InvalidOutputError } from '../../model/invalid-output.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import type { RunStage, StageHost, StageReply, StageTask } from '../../model/stage.ts';
import type { InputDataset } from '../dataset/keyed-columns.ts';
import { openStageDatasets } from '../dataset/stage-datasets.ts';
import type { AnyDefinition } from '../definition/define-method.ts';
import { methodOf } from '../definition/describe-method.ts';
import { importMethod, setEnvironment } from '../definition/import-method.ts';
import { CurrentJob } from '../job/current-job.ts';
import { JobFiles } from '../job/job-files.ts';
import type { JobHost } from '../job/job-host.ts';
import { datasetHost } from '../job/job.ts';
import { FinishedEarly } from './finish-early.ts';
import { sealJob } from './seal-job.ts';
import { encodeValue } from './stage-codec.ts';
import { analysisContext, prepareContext, synthesisContext } from './stage-context.ts';
import type { Stage } from './stage-context.ts';
import { StatusStack } from './status.ts';
import { OpenBuilds } from './subjob.ts';

/** Runs a stage; rejects with what the method threw, or with `InvalidOutputError`. */
export const runStage: RunStage = async (task, host) => {
  const stage = openStage(task, host);
  try {
    if (task.stage.name === 'analysis' && task.stage.gathers === true) return gatherRows(stage);
    const outcome = task.sealOnly ? NOTHING_RETURNED : await callStage(stage);
    // A job that was built is a subjob, awaited or not: the job is current only as long as that one is.
    await stage.builds.none();
    return await closeStage(stage, outcome);
  } catch (error) {
    stage.status.showAtError();
    stage.files.abort();
    stage.datasets.abort();
    throw error;
  }
};

/** How a stage's function ended. */
interface Outcome {
  readonly result: unknown;
  readonly finishedEarly: boolean;
}

const NOTHING_RETURNED: Outcome = { result: undefined, finishedEarly: false };

function openStage(task: StageTask, host: StageHost): Stage {
  const status = new StatusStack(host.status);
  const jobHost: JobHost = {
    workdirs: task.job.workdirs,
    place: 'stage',
    ownJob: task.job.setup.id,
    inputDatasets: inputDatasets(task.job),
    composer: () => job,
    onRows: host.rows,
    onPlan: host.planned,
    onLeave: ({ dataset, sliceno, row }) =>
      status.left(`reading ${dataset}, slice ${sliceno}, row ${row}`),
  };
  const { openDatasets, finishedDatasets } = task.state;
  const files = new JobFiles(task.job.path, task.state);
  const datasets = openStageDatasets({
    job: task.job.setup.id,
    path: task.job.path,
    slices: task.job.setup.slices,
    stage: task.stage,
    openDatasets,
    finishedDatasets,
    host: datasetHost(jobHost),
  });
  const datasetNames = [...finishedDatasets, ...openDatasets].map(({ name }) => name);
  const job: CurrentJob = new CurrentJob({
    task: task.job,
    host: jobHost,
    files,
    datasets,
    datasetNames,
  });
  return { task, host, jobHost, job, files, datasets, status, builds: new OpenBuilds() };
}

function inputDatasets({ setup, datasets }: StageTask['job']): readonly InputDataset[] {
  return Object.entries(setup.inputs.datasets).flatMap(([name, given]) => {
    const columns = datasets[name]?.columns;
    const refs: readonly (DatasetRef | null)[] = [given].flat();
    return refs.flatMap((ref) =>
      ref === null
        ? []
        : [{ ref, columns: columns === undefined ? undefined : Object.keys(columns) }],
    );
  });
}

async function callStage(stage: Stage): Promise<Outcome> {
  const { task, job } = stage;
  const { bundle, setup } = task.job;
  const { env } = setup.manifest;
  setEnvironment(env);
  const definition = methodOf(await importMethod(bundle, env), bundle);
  try {
    const result = await callFunction(stage, definition);
    // The method may have caught what `finishEarly` threw: it counts all the same.
    if (job.finishedEarly === undefined) return { result, finishedEarly: false };
  } catch (error) {
    if (!(error instanceof FinishedEarly)) throw error;
  }
  return { result: job.finishedEarly?.result, finishedEarly: true };
}

function callFunction(stage: Stage, definition: AnyDefinition): unknown {
  const { task } = stage;
  switch (task.stage.name) {
    case 'prepare':
      return definition.prepare?.(prepareContext(stage));
    case 'analysis':
      return definition.analysis?.(analysisContext(stage, task.stage.sliceno));
    case 'synthesis':
      return definition.synthesis?.(synthesisContext(stage));
  }
}

/** The second round of analysis: rows that were split go to this slice. */
function gatherRows({ datasets }: Stage): StageReply {
  return { ...datasets.gather(), finishedEarly: false, files: {}, tempFiles: [] };
}

/** Keeps what the stage leaves; the last stage seals the job. */
async function closeStage(stage: Stage, { result, finishedEarly }: Outcome): Promise<StageReply> {
  const { task, files, datasets } = stage;
  const ended = endDatasets(datasets, finishedEarly || wasFinishedEarly(task));
  const left = { ...ended, finishedEarly, ...(await files.end()) };
  const bytes = encodedResult(stage, { result, finishedEarly });
  if (task.stage.name !== 'synthesis')
    return bytes === undefined ? left : { ...left, result: bytes };
  const sealed = sealJob({
    directory: task.job.path,
    files: { ...task.state.files, ...left.files },
    tempFiles: [...task.state.tempFiles, ...left.tempFiles],
    result: bytes ?? task.state.earlyResult,
  });
  return { ...left, files: sealed };
}

/** No call of the method is to blame for a slice that nobody wrote: the job as a whole is incomplete. */
function endDatasets(datasets: Stage['datasets'], early: boolean): ReturnType<typeof datasets.end> {
  try {
    return datasets.end({ early });
  } catch (error) {
    throw error instanceof UsageError ? new InvalidOutputError(messageWithHints(error)) : error;
  }
}

function encodedResult(stage: Stage, { result, finishedEarly }: Outcome): Uint8Array | undefined {
  if (result === undefined) return undefined;
  const { name } = stage.task.stage;
  if (finishedEarly && name === 'analysis') {
    throw new InvalidOutputError(
      'finishEarly in analysis takes no result, because every slice calls it',
    );
  }
  const isJobResult = finishedEarly || name === 'synthesis';
  return encodeValue(result, `what ${name} returned`, { sameJob: !isJobResult });
}

/** Whether an earlier stage finished the job: what should have run by now has not. */
function wasFinishedEarly({ job, sealOnly, state }: StageTask): boolean {
  if (!sealOnly) return false;
  const slicesDone = state.analysisRes?.length ?? 0;
  return (
    job.stages.includes('synthesis') ||
    (job.stages.includes('analysis') && slicesDone < job.setup.slices)
  );
}
