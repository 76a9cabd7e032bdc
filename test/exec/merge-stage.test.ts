import { expect, test } from 'vitest';

import { EMPTY_STATE, mergeStage } from '../../src/exec/merge-stage.ts';
import { digest } from '../../src/model/ids.ts';
import type { DatasetRecord } from '../../src/model/manifest.ts';
import type { StageReply } from '../../src/model/stage.ts';

const SHA = digest('0'.repeat(64));

function reply(facts: Partial<StageReply> = {}): StageReply {
  return {
    finishedEarly: false,
    openDatasets: [],
    finishedDatasets: [],
    files: {},
    tempFiles: [],
    ...facts,
  };
}

function finished(name: string, rows: number): DatasetRecord {
  return { name, digest: SHA, rows, previous: null, hashlabel: null, columns: {}, files: {} };
}

const PREPARE = { name: 'prepare' } as const;
const SYNTHESIS = { name: 'synthesis' } as const;

test('results go where the next stage looks for them', () => {
  const one = new Uint8Array([1]);
  const two = new Uint8Array([2]);
  let state = mergeStage(EMPTY_STATE, PREPARE, reply({ result: one }));
  state = mergeStage(state, { name: 'analysis', sliceno: 0 }, reply());
  state = mergeStage(state, { name: 'analysis', sliceno: 1 }, reply({ result: two }));
  expect(state.prepareRes).toBe(one);
  expect(state.analysisRes).toEqual([undefined, two]);
  expect(mergeStage(state, SYNTHESIS, reply({ result: one }))).toMatchObject(state);
});

test('a stage that returns nothing leaves no result', () => {
  expect(mergeStage(EMPTY_STATE, PREPARE, reply())).not.toHaveProperty('prepareRes');
});

test('the result of a prepare that finished early is the job’s, not prepareRes', () => {
  const result = new Uint8Array([1]);
  const state = mergeStage(EMPTY_STATE, PREPARE, reply({ result, finishedEarly: true }));
  expect(state.earlyResult).toBe(result);
  expect(state).not.toHaveProperty('prepareRes');
});

test('slices write parts of one dataset', () => {
  const open = { name: 'ds', declaration: 'd' };
  let state = mergeStage(EMPTY_STATE, PREPARE, reply({ openDatasets: [{ ...open, parts: {} }] }));
  for (const sliceno of [0, 1]) {
    const openDatasets = [{ ...open, parts: { [sliceno]: `part ${sliceno}` } }];
    state = mergeStage(state, { name: 'analysis', sliceno }, reply({ openDatasets }));
  }
  expect(state.openDatasets).toEqual([{ ...open, parts: { 0: 'part 0', 1: 'part 1' } }]);
});

test('a finished dataset is no longer open, and a reply may repeat it', () => {
  const openDatasets = [{ name: 'ds', declaration: 'd', parts: {} }];
  let state = mergeStage(EMPTY_STATE, PREPARE, reply({ openDatasets }));
  state = mergeStage(state, SYNTHESIS, reply({ finishedDatasets: [finished('ds', 1)] }));
  state = mergeStage(
    state,
    SYNTHESIS,
    reply({ openDatasets, finishedDatasets: [finished('ds', 2), finished('other', 3)] }),
  );
  expect(state.openDatasets).toEqual([]);
  expect(state.finishedDatasets).toEqual([finished('ds', 2), finished('other', 3)]);
});

test('the files of the sealing stage are the files of the job', () => {
  const file = { sizeBytes: 1, digest: SHA };
  let state = mergeStage(
    EMPTY_STATE,
    PREPARE,
    reply({ files: { kept: null, scratch: null }, tempFiles: ['scratch'] }),
  );
  state = mergeStage(state, { name: 'analysis', sliceno: 0 }, reply({ files: { more: null } }));
  expect(state).toMatchObject({ files: { kept: null, scratch: null, more: null } });
  expect(state.tempFiles).toEqual(['scratch']);
  state = mergeStage(state, SYNTHESIS, reply({ files: { kept: file } }));
  expect(state.files).toEqual({ kept: file });
});

test('the state that was given is not changed', () => {
  const before = structuredClone(EMPTY_STATE);
  mergeStage(EMPTY_STATE, PREPARE, reply({ files: { a: null }, tempFiles: ['a'] }));
  expect(EMPTY_STATE).toEqual(before);
});
