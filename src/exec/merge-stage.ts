// How what a stage leaves behind becomes part of what the next one is given. Pure.

import type { OpenDataset, StageReply, StageState, StageTask } from '../model/stage.ts';

/** What a job has before its first stage. */
export const EMPTY_STATE: StageState = {
  openDatasets: [],
  finishedDatasets: [],
  files: {},
  tempFiles: [],
};

/**
 * Returns `state` with the reply of `stage` added. A reply may repeat what the state holds: later entries win by name.
 * A finished dataset is no longer open. The files of synthesis, which seals the job, replace all others.
 * Slices are to be merged in slice order.
 */
export function mergeStage(
  state: StageState,
  stage: StageTask['stage'],
  reply: StageReply,
): StageState {
  const finishedDatasets = byName([...state.finishedDatasets, ...reply.finishedDatasets]);
  const finished = new Set(finishedDatasets.map((dataset) => dataset.name));
  const openDatasets = mergeOpen([...state.openDatasets, ...reply.openDatasets]);
  return {
    ...state,
    ...resultOf(state, stage, reply),
    openDatasets: openDatasets.filter((dataset) => !finished.has(dataset.name)),
    finishedDatasets,
    files: stage.name === 'synthesis' ? reply.files : { ...state.files, ...reply.files },
    tempFiles: [...new Set([...state.tempFiles, ...reply.tempFiles])],
  };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

/** Slices write parts of one dataset: entries of the same name become one that has all their parts. */
function mergeOpen(datasets: readonly OpenDataset[]): OpenDataset[] {
  const open = new Map<string, OpenDataset>();
  for (const dataset of datasets) {
    const parts = { ...open.get(dataset.name)?.parts, ...dataset.parts };
    const toGather = open.get(dataset.name)?.toGather === true || dataset.toGather === true;
    open.set(dataset.name, { ...dataset, parts, ...(toGather ? { toGather } : {}) });
  }
  return [...open.values()];
}

/** Where the reply's result belongs; what synthesis returned is already in a file. */
function resultOf(
  state: StageState,
  stage: StageTask['stage'],
  { result, finishedEarly }: StageReply,
): Partial<StageState> {
  switch (stage.name) {
    case 'prepare':
      if (result === undefined) return {};
      return finishedEarly ? { earlyResult: result } : { prepareRes: result };
    case 'analysis':
      if (stage.gathers === true) return {};
      return { analysisRes: [...(state.analysisRes ?? []), result] };
    case 'synthesis':
      return {};
  }
}
