import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { StageDatasetsContext } from '../../../src/method/dataset/stage-datasets.ts';
import type { DatasetRecord } from '../../../src/model/manifest.ts';
import type { OpenDataset } from '../../../src/model/stage.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const COLUMNS = { n: 'int32' } as const;
const PREPARE = { stage: { name: 'prepare' } } as const;
const SYNTHESIS = { stage: { name: 'synthesis' } } as const;
const analysis = (sliceno: number): Pick<StageDatasetsContext, 'stage'> => ({
  stage: { name: 'analysis', sliceno },
});

/** As the records arrive in another thread. */
const sent = (open: readonly OpenDataset[]): OpenDataset[] => structuredClone([...open]);

/** Unites what the slices of analysis have left. */
function united(replies: readonly (readonly OpenDataset[])[]): OpenDataset[] {
  return sent(replies[0] ?? []).map((first) => ({
    ...first,
    parts: Object.assign(
      {},
      ...replies.flat().flatMap(({ name, parts }) => (name === first.name ? [parts] : [])),
    ),
  }));
}

const files = (rig: DatasetRig): string[] => {
  const directory = join(rig.root, 'dev-1', 'DS');
  return existsSync(directory) ? readdirSync(directory).toSorted() : [];
};

test('a writer made in prepare is written by each slice of analysis and can be read in synthesis', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  prepare.create({ columns: COLUMNS, caption: 'squares' });
  const { openDatasets } = prepare.end({ early: false });
  const replies = [1, 0].map((sliceno) => {
    const slice = rig.stage({ job, ...analysis(sliceno), openDatasets: sent(openDatasets) });
    slice.writer('default').write(sliceno);
    return slice.end({ early: false }).openDatasets;
  });

  const synthesis = rig.stage({ job, ...SYNTHESIS, openDatasets: united(replies) });

  const dataset = synthesis.writer('default').finish();
  expect([...dataset.iterate(null, 'n')]).toEqual([0, 1]);
  expect(synthesis.finished('default')?.caption).toBe('squares');
  expect(() => synthesis.writer('default').setSlice(0)).toThrow('is finished');
  const ended = synthesis.end({ early: false });
  expect(ended.openDatasets).toEqual([]);
  expect(ended.finishedDatasets).toMatchObject([{ name: 'default', rows: 2 }]);
});

test('a slice of analysis that writes nothing leaves an empty slice', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  prepare.create({ columns: COLUMNS });
  const { openDatasets } = prepare.end({ early: false });

  const replies = [0, 1].map(
    (sliceno) =>
      rig.stage({ job, ...analysis(sliceno), openDatasets }).end({ early: false }).openDatasets,
  );
  const synthesis = rig.stage({ job, ...SYNTHESIS, openDatasets: united(replies) });

  expect(synthesis.finished('default')?.lines).toEqual([0, 0]);
});

test('in analysis a writer is had by its name alone, and is neither moved, finished nor made', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  prepare.create({ name: 'sales', columns: COLUMNS });
  const { openDatasets } = prepare.end({ early: false });
  const slice = rig.stage({ job, ...analysis(1), openDatasets });

  expect(slice.create({ name: 'sales' })).toBe(slice.writer('sales'));
  expect(() => slice.create({ name: 'sales', columns: COLUMNS })).toThrow(
    'was declared in analysis',
  );
  expect(() => slice.create({ name: 'slaes' })).toThrow('no dataset writer named "slaes"');
  expect(() => slice.writer('sales').setSlice(1)).toThrow('`setSlice(1)` was called in analysis');
  expect(() => slice.writer('sales').finish()).toThrow('`finish()` was called in analysis');
  expect(() => slice.writer('sales').add('m', 'bool')).toThrow('in another stage than the writer');
});

test('a writer started in prepare is finished there', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  const writer = prepare.create({ columns: COLUMNS });
  for (const sliceno of [0, 1]) {
    writer.setSlice(sliceno);
    writer.write(sliceno);
  }
  const { openDatasets, finishedDatasets } = prepare.end({ early: false });

  const slice = rig.stage({
    job,
    ...analysis(0),
    finishedDatasets: structuredClone(finishedDatasets),
  });

  expect(openDatasets).toEqual([]);
  expect([...(slice.finished('default')?.iterate(null, 'n') ?? [])]).toEqual([0, 1]);
});

test('without analysis a writer made in prepare is written in synthesis', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  prepare.create({ columns: COLUMNS, allowMissingSlices: true });
  const { openDatasets } = prepare.end({ early: false });
  const synthesis = rig.stage({ job, ...SYNTHESIS, openDatasets: sent(openDatasets) });

  const writer = synthesis.writer('default');
  writer.setSlice(1);
  writer.write(7);

  expect([...writer.finish().iterate(null, 'n')]).toEqual([7]);
});

test('the record lists every file with its size, and nothing else is left', () => {
  using rig = new DatasetRig();
  const stage = rig.stage();
  const writer = stage.create({ name: 'sales', columns: COLUMNS, allowMissingSlices: true });
  writer.setSlice(1);
  writer.write(1);

  const [record] = stage.end({ early: false }).finishedDatasets as [DatasetRecord];

  expect(Object.keys(record.files)).toEqual([
    'DS/sales.json',
    'DS/sales.0.arrow',
    'DS/sales.1.arrow',
  ]);
  for (const [file, sizeBytes] of Object.entries(record.files)) {
    expect(statSync(join(rig.root, 'dev-1', file)).size).toBe(sizeBytes);
  }
  expect(files(rig)).toHaveLength(3);
  expect(record).toMatchObject({
    rows: 1,
    previous: null,
    hashlabel: null,
    columns: { n: { type: 'int32' } },
  });
});

test('datasets of one job may form a chain, finished from the oldest on', () => {
  using rig = new DatasetRig();
  const stage = rig.stage({ slices: 1 });
  const oldest = stage.create({ name: 'oldest', columns: COLUMNS });
  const newest = stage.create({ name: 'newest', columns: COLUMNS, previous: oldest });
  for (const writer of [newest, oldest]) writer.setSlice(0);

  const dataset = newest.finish();

  expect([...dataset.chain()].map(String)).toEqual(['dev-1/oldest', 'dev-1/newest']);
  expect(stage.end({ early: false }).finishedDatasets.map(({ name }) => name)).toEqual([
    'oldest',
    'newest',
  ]);
});

test('a name can be used once in a job', () => {
  using rig = new DatasetRig();
  const stage = rig.stage({ slices: 1 });
  stage.create({ name: 'sales', columns: COLUMNS });

  expect(() => stage.create({ name: 'sales', columns: COLUMNS })).toThrow(
    'This job already has a dataset named "sales"',
  );
});

test('names that differ only in case are those of different datasets', () => {
  using rig = new DatasetRig();
  const stage = rig.stage({ slices: 1 });
  for (const [i, name] of ['sales', 'Sales', 'SALES'].entries()) {
    const writer = stage.create({ name, columns: COLUMNS });
    writer.setSlice(0);
    for (let row = 0; row <= i; row++) writer.write(row);
    expect(writer.finish().lines).toEqual([i + 1]);
  }

  const found = ['SALES', 'Sales', 'sales'].map((name) => stage.finished(name)?.lines);

  expect(found).toEqual([[3], [2], [1]]);
  expect(() => stage.create({ name: 'Sales', columns: COLUMNS })).toThrow('already has a dataset');
  expect(stage.finished('sAles')).toBeUndefined();
});

test('a stage that fails leaves no file', () => {
  using rig = new DatasetRig();
  const stage = rig.stage();
  const [finished, closed, open] = ['finished', 'closed', 'open'].map((name) =>
    stage.create({ name, columns: COLUMNS, allowMissingSlices: true }),
  );
  for (const writer of [finished, closed, open]) writer?.setSlice(0);
  finished?.finish();
  closed?.setSlice(1);
  open?.write(1);

  stage.abort();

  expect(files(rig)).toEqual([]);
});

test('a synthesis that fails leaves what analysis has written', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  prepare.create({ columns: COLUMNS });
  const { openDatasets } = prepare.end({ early: false });
  const replies = [0, 1].map(
    (sliceno) =>
      rig.stage({ job, ...analysis(sliceno), openDatasets }).end({ early: false }).openDatasets,
  );

  rig.stage({ job, ...SYNTHESIS, openDatasets: united(replies) }).abort();

  expect(files(rig)).toEqual(['default.0.arrow', 'default.1.arrow']);
});

test('a job that is finished early drops the datasets that are incomplete', () => {
  using rig = new DatasetRig();
  const job = rig.newJob();
  const prepare = rig.stage({ job, ...PREPARE });
  prepare.create({ name: 'half', columns: COLUMNS });
  const { openDatasets } = prepare.end({ early: false });
  const slice = rig.stage({ job, ...analysis(0), openDatasets });
  const reply = slice.end({ early: true }).openDatasets;
  const synthesis = rig.stage({ job, ...SYNTHESIS, openDatasets: united([reply]) });

  expect(synthesis.end({ early: true })).toEqual({ openDatasets: [], finishedDatasets: [] });
  expect(files(rig)).toEqual([]);
});

test('a dataset that was never written is an error when the job ends', () => {
  using rig = new DatasetRig();
  const stage = rig.stage();
  stage.create({ columns: COLUMNS });

  expect(() => stage.end({ early: false })).toThrow(
    'Dataset "default" was not written in slices 0, 1',
  );
});
