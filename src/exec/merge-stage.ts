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
 * Returns `state` with the reply of `stage` added. Safe to call with replies that repeat what the state holds.
 * Later entries win by name; a finished dataset is no longer open; after synthesis temporary files are gone.
 */
export function mergeStage(
  state: StageState,
  stage: StageTask['stage'],
  reply: StageReply,
): StageState {
  const finishedDatasets = byName([...state.finishedDatasets, ...reply.finishedDatasets]);
  const finished = new Set(finishedDatasets.map((dataset) => dataset.name));
  const tempFiles = [...new Set([...state.tempFiles, ...reply.tempFiles])];
  const files = { ...state.files, ...withoutStaleNulls(state, reply) };
  return {
    ...state,
    ...resultOf(state, stage, reply),
    openDatasets: mergeOpen(state.openDatasets, reply.openDatasets).filter(
      (dataset) => !finished.has(dataset.name),
    ),
    finishedDatasets,
    files: stage.name === 'synthesis' ? without(files, tempFiles) : files,
    tempFiles,
  };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

/** A file that is already hashed stays so when a reply only repeats its name. */
function withoutStaleNulls(state: StageState, reply: StageReply): StageReply['files'] {
  return Object.fromEntries(
    Object.entries(reply.files).map(([name, file]) => [name, file ?? state.files[name] ?? null]),
  );
}

function without(files: StageState['files'], names: readonly string[]): StageState['files'] {
  const temporary = new Set(names);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !temporary.has(name)));
}

function mergeOpen(before: readonly OpenDataset[], after: readonly OpenDataset[]): OpenDataset[] {
  const open = new Map(before.map((dataset) => [dataset.name, dataset]));
  for (const dataset of after) {
    const parts = { ...open.get(dataset.name)?.parts, ...dataset.parts };
    open.set(dataset.name, { ...dataset, parts });
  }
  return [...open.values()];
}

function resultOf(
  state: StageState,
  stage: StageTask['stage'],
  reply: StageReply,
): Partial<StageState> {
  const { result } = reply;
  if (stage.name === 'analysis') {
    const analysisRes = [...(state.analysisRes ?? [])];
    analysisRes[stage.sliceno] = result;
    return { analysisRes };
  }
  if (stage.name === 'synthesis' || result === undefined) return {};
  return reply.finishedEarly ? { earlyResult: result } : { prepareRes: result };
}
