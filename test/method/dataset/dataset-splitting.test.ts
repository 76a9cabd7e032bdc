// Rows in the slices they belong to: split writers, hash checks and discards, single slices.

import { expect, test } from 'vitest';

import { hashSlice } from '../../../src/data/hash.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import type { StageDatasetsContext } from '../../../src/method/dataset/stage-datasets.ts';
import type { OpenDataset } from '../../../src/model/stage.ts';
import { DatasetRig } from '../../rig/datasets.ts';
import { ALL_TYPES } from '../../rig/datasets.ts';

const COLUMNS = { key: { type: 'int32', nullable: true }, text: 'string' } as const;
const SLICES = 3;
const analysis = (sliceno: number, gathers?: true): Pick<StageDatasetsContext, 'stage'> => ({
  stage: { name: 'analysis', sliceno, ...(gathers === undefined ? {} : { gathers }) },
});

function rowsOf(dataset: Dataset, slices = SLICES): unknown[][] {
  return Array.from({ length: slices }, (_, sliceno) => [...dataset.iterate(sliceno)]);
}

/** As exec unites what slices leave. */
function united(replies: readonly (readonly OpenDataset[])[]): OpenDataset[] {
  const open = new Map<string, OpenDataset>();
  for (const dataset of structuredClone(replies.flat())) {
    const parts = { ...open.get(dataset.name)?.parts, ...dataset.parts };
    open.set(dataset.name, { ...open.get(dataset.name), ...dataset, parts });
  }
  return [...open.values()];
}

/** Writes in prepare, three slices of analysis and synthesis, with a second round where rows were split. */
function inAnalysis(
  rig: DatasetRig,
  options: Parameters<ReturnType<DatasetRig['stage']>['create']>[0],
  write: (writer: ReturnType<ReturnType<DatasetRig['stage']>['writer']>, sliceno: number) => void,
): Dataset {
  const job = rig.newJob();
  const prepare = rig.stage({ job, slices: SLICES, stage: { name: 'prepare' } });
  prepare.create(options);
  const { openDatasets } = prepare.end({ early: false });
  const replies = [0, 1, 2].map((sliceno) => {
    const stage = rig.stage({ job, slices: SLICES, ...analysis(sliceno), openDatasets });
    write(stage.writer('default'), sliceno);
    return stage.end({ early: false }).openDatasets;
  });
  let left = united([openDatasets, ...replies]);
  if (left.some(({ toGather }) => toGather === true)) {
    const rounds = [0, 1, 2].map((sliceno) => {
      const stage = rig.stage({
        job,
        slices: SLICES,
        ...analysis(sliceno, true),
        openDatasets: left,
      });
      return stage.gather().openDatasets;
    });
    left = united([left, ...rounds]);
  }
  const synthesis = rig.stage({ job, slices: SLICES, openDatasets: left });
  const dataset = synthesis.finished('default');
  synthesis.end({ early: false });
  expect(dataset).toBeDefined();
  return dataset!;
}

test('a split writer places rows by the hash of the hashlabel, whatever way they are written', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: SLICES }).create({ columns: COLUMNS, hashlabel: 'key' });
  const split = writer.split();
  const keys = Array.from({ length: 1000 }, (_, i) => (i % 50 === 0 ? null : i - 300));
  keys.slice(0, 300).forEach((key) => split.write(key, `row ${key}`));
  keys.slice(300, 500).forEach((key) => split.writeRow({ text: `row ${key}`, key }));
  const rest = keys.slice(500);
  split.writeBatch({ key: rest, text: rest.map((key) => `row ${key}`) });
  const dataset = writer.finish();

  expect(dataset.hashlabel).toBe('key');
  const expected = [0, 1, 2].map((sliceno) =>
    keys
      .filter((key) => hashSlice(key, SLICES) === sliceno)
      .map((key) => ({ key, text: `row ${key}` })),
  );
  expect(rowsOf(dataset)).toEqual(expected);
});

test('a split writer without a hashlabel puts a row into each slice in turn', () => {
  using rig = new DatasetRig();
  const writer = rig.stage({ slices: SLICES }).create({ columns: { n: 'int32' } });
  const split = writer.split();
  for (let n = 0; n < 8; n++) split.write(n);

  expect(
    rowsOf(writer.finish()).map((rows) => rows.map((row) => (row as { n: number }).n)),
  ).toEqual([
    [0, 3, 6],
    [1, 4, 7],
    [2, 5],
  ]);
});

test('every type comes out of a split as it went in', () => {
  using rig = new DatasetRig();
  const values: Record<keyof typeof ALL_TYPES, unknown> = {
    bool: true,
    int32: -5,
    int64: 2n ** 60n,
    float64: -0.25,
    date: new Date('2024-02-29'),
    datetime: new Date(12_345),
    string: 'åäö '.repeat(20),
    bytes: Uint8Array.of(0, 255),
    json: { a: [1, null] },
  };
  const rows = Array.from({ length: 40 }, (_, i) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value], at) => [name, (i + at) % 4 === 0 ? null : value]),
    ),
  );
  const writer = rig.stage({ slices: SLICES }).create({ columns: ALL_TYPES, hashlabel: 'string' });
  const split = writer.split();
  for (const row of rows) split.writeRow(row as never);
  const read = rowsOf(writer.finish()) as (typeof rows)[];

  expect(read.flat().length).toBe(40);
  for (const [sliceno, slice] of read.entries()) {
    const belongs = rows.filter(
      (row) => hashSlice(row['string'] as string | null, SLICES) === sliceno,
    );
    expect(slice).toEqual(belongs);
  }
});

test('analysis splits rows, too: they lie in the order of the slices that wrote them', () => {
  using rig = new DatasetRig();
  const dataset = inAnalysis(rig, { columns: COLUMNS, hashlabel: 'key' }, (writer, sliceno) => {
    const split = writer.split();
    for (let i = 0; i < 100; i++) split.write(i, `${sliceno}`);
  });
  const expected = [0, 1, 2].map((slice) =>
    [0, 1, 2].flatMap((from) =>
      Array.from({ length: 100 }, (_, i) => i)
        .filter((i) => hashSlice(i, SLICES) === slice)
        .map((key) => ({ key, text: `${from}` })),
    ),
  );
  expect(rowsOf(dataset)).toEqual(expected);
});

test('a slice of analysis that splits nothing is as good as one that does not split', () => {
  using rig = new DatasetRig();
  const dataset = inAnalysis(rig, { columns: COLUMNS, hashlabel: 'key' }, (writer, sliceno) => {
    if (sliceno === 1) for (let i = 0; i < 100; i++) writer.split().write(i, 'x');
  });
  expect(dataset.shape).toEqual([2, 100]);
});

test('analysis cannot split in one slice and write another by itself', () => {
  using rig = new DatasetRig();
  const write = (): Dataset =>
    inAnalysis(rig, { columns: COLUMNS }, (writer, sliceno) => {
      (sliceno === 0 ? writer.split() : writer).write(1, 'x');
    });
  expect(write).toThrow('written both through `split()` and slice by slice');
});

test('many rows split to the same slices and digests as rows that are written slice by slice', () => {
  using rig = new DatasetRig();
  const count = 900_000;
  const columns = { key: 'int32', text: 'string', wide: 'float64' } as const;
  const keys = Int32Array.from({ length: count }, (_, i) => i * 7);
  const texts = Array.from({ length: count }, (_, i) => `text ${i % 1000}`);
  const wide = Float64Array.from(keys, (key) => key / 2);
  const split = rig.stage({ slices: SLICES }).create({ columns, hashlabel: 'key' });
  split.split().writeBatch({ key: keys, text: texts, wide });
  const bySlice = rig.stage({ slices: SLICES }).create({ columns, hashlabel: 'key' });
  bySlice.enableHashDiscard();
  for (let sliceno = 0; sliceno < SLICES; sliceno++) {
    bySlice.setSlice(sliceno);
    bySlice.writeBatch({ key: keys, text: texts, wide });
  }
  const [one, other] = [split.finish(), bySlice.finish()];

  expect(one.shape).toEqual([3, count]);
  expect(one.lines).toEqual(other.lines);
  expect(digestsOf(one)).toEqual(digestsOf(other));
});

test('batches that were read are divided the same with dropping as with splitting, whatever their columns', () => {
  using rig = new DatasetRig();
  const columns = {
    key: { type: 'string', nullable: true },
    day: { type: 'datetime', nullable: true },
    flag: 'bool',
    id: 'int64',
    small: 'int16',
    text: { type: 'string', nullable: true },
    bytes: 'bytes',
    rest: { type: 'json', nullable: true },
  } as const;
  const count = 150_000;
  const source = rig.stage({ slices: SLICES }).create({ columns });
  for (let sliceno = 0; sliceno < SLICES; sliceno++) {
    source.setSlice(sliceno);
    for (let i = sliceno; i < count; i += SLICES) {
      source.write(
        i % 11 === 0 ? null : `key ${(i * 7) % 900} of ${sliceno}`,
        i % 5 === 0 ? null : new Date(i * 1000),
        i % 2 === 0,
        BigInt(i) << 20n,
        i % 1000,
        i % 3 === 0 ? null : `text ${i}`,
        Uint8Array.of(i, i >> 8),
        i % 7 === 0 ? null : { i },
      );
    }
  }
  const read = source.finish();
  for (const hashlabel of ['key', 'day', 'id', 'flag', 'small', 'text', 'bytes'] as const) {
    const split = rig.stage({ slices: SLICES }).create({ columns, hashlabel });
    for (const batch of read.batches(null)) split.split().writeBatch(batch.columns, batch);
    const dropping = rig.stage({ slices: SLICES }).create({ columns, hashlabel });
    dropping.enableHashDiscard();
    for (let sliceno = 0; sliceno < SLICES; sliceno++) {
      dropping.setSlice(sliceno);
      for (const batch of read.batches(null)) dropping.writeBatch(batch.columns, batch);
    }
    const [one, other] = [split.finish(), dropping.finish()];
    expect(other.lines).toEqual(one.lines);
    expect(digestsOf(other)).toEqual(digestsOf(one));
    const [first] = other.batches(0, ['key']);
    expect(first?.columns.key.dictionary?.length).toBeGreaterThan(100);
    expect([...other.iterate(0)]).toEqual([...one.iterate(0)]);
  }
});

test('rows of a batch that are chosen are written as if they came one by one', () => {
  using rig = new DatasetRig();
  const columns = { key: { type: 'string', nullable: true }, n: 'int64', f: 'float64' } as const;
  const source = rig.stage({ slices: 1 }).create({ columns });
  source.setSlice(0);
  for (let i = 0; i < 100_000; i++) source.write(i % 9 === 0 ? null : `key ${i % 77}`, i, i / 8);
  const read = source.finish();
  const [chosen, single] = [1, 2].map(() => rig.stage({ slices: 1 }).create({ columns }));
  chosen?.setSlice(0);
  single?.setSlice(0);
  for (const batch of read.batches(0)) {
    const rows = Uint32Array.from({ length: batch.length }, (_, i) => (i * 17) % batch.length);
    chosen?.writeBatch(batch.columns, { ...batch, rows });
    const { key, n, f } = batch.columns;
    for (const row of rows) single?.write(key.get(row), n[row] ?? 0n, f[row] ?? 0);
  }
  const [one, other] = [chosen?.finish(), single?.finish()];
  expect(one?.lines).toEqual([100_000]);
  expect(digestsOf(one)).toEqual(digestsOf(other));
});

test('a row in the wrong slice is refused in every way of writing', () => {
  using rig = new DatasetRig();
  const home = [...Array(50).keys()].filter((i) => hashSlice(i, SLICES) === 1);
  const foreign = [...Array(50).keys()].find((i) => hashSlice(i, SLICES) === 2)!;
  const message = new RegExp(
    `A row with ${foreign} \\(number\\) in column "key" belongs to slice 2 of dataset "default", but was written to slice 1`,
  );
  const started = () => {
    const writer = rig.stage({ slices: SLICES }).create({ columns: COLUMNS, hashlabel: 'key' });
    writer.setSlice(1);
    for (const key of home) writer.write(key, 'x');
    return writer;
  };

  expect(() => started().write(foreign, 'x')).toThrow(message);
  expect(() => started().writeRow({ key: foreign, text: 'x' })).toThrow(message);
  const batch = started();
  batch.writeBatch({ key: [foreign], text: ['x'] });
  expect(() => batch.setSlice(2)).toThrow(
    new RegExp(`A row ${home.length} \\(from 0\\), by its column "key", belongs to slice 2`),
  );
  const byColumn = started();
  byColumn.columns.key.append(foreign);
  byColumn.columns.text.append('x');
  byColumn.endRow();
  expect(() => byColumn.setSlice(2)).toThrow('belongs to slice 2');
});

test('hashcheck tells where a row belongs, and rows of other slices can be dropped', () => {
  using rig = new DatasetRig();
  const keys = [...Array(100).keys()];
  const checked = inAnalysis(rig, { columns: COLUMNS, hashlabel: 'key' }, (writer) => {
    for (const key of keys) if (writer.hashcheck(key)) writer.write(key, 'x');
  });
  const dropped = inAnalysis(rig, { columns: COLUMNS, hashlabel: 'key' }, (writer) => {
    writer.enableHashDiscard();
    for (const key of keys) writer.write(key, 'x');
  });

  expect(checked.shape).toEqual([2, 100]);
  expect(rowsOf(dropped)).toEqual(rowsOf(checked));
});

test('float32 values belong where their rounded form does, however they are written', () => {
  using rig = new DatasetRig();
  const options = { columns: { key: 'float32' }, hashlabel: 'key' } as const;
  const keys = Array.from({ length: 50 }, (_, i) => i / 10);
  const checked = inAnalysis(rig, options, (writer) => {
    for (const key of keys) if (writer.hashcheck(key)) writer.write(key);
  });
  const split = inAnalysis(rig, options, (writer, sliceno) => {
    const rows = writer.split();
    if (sliceno === 0) for (const key of keys) rows.write(key);
  });

  expect(checked.shape).toEqual([1, 50]);
  expect(rowsOf(checked)).toEqual(rowsOf(split));
});

test('a dataset for a single slice is written by its analysis alone', () => {
  using rig = new DatasetRig();
  const options = { columns: { n: 'int32' }, forSingleSlice: 1 } as const;
  const bySlice = inAnalysis(rig, options, (writer, sliceno) => {
    if (sliceno !== 1) return;
    for (const slice of [2, 0, 1]) {
      writer.setSlice(slice);
      writer.write(slice);
    }
  });
  expect(rowsOf(bySlice)).toEqual([[{ n: 0 }], [{ n: 1 }], [{ n: 2 }]]);
  const split = inAnalysis(rig, options, (writer, sliceno) => {
    if (sliceno === 1) for (let n = 0; n < 4; n++) writer.split().write(n);
  });
  expect(split.lines).toEqual([1, 2, 1]);

  const other = (): Dataset => inAnalysis(rig, options, (writer) => writer.write(1));
  expect(other).toThrow('written by slice 1 of analysis alone, but slice 0 wrote to it');
  expect(() => rig.stage().create({ ...options, forSingleSlice: 7 })).toThrow(
    'Expected a slice from 0 to 1 for `forSingleSlice`, got 7',
  );
});

test('what cannot be split says why', () => {
  using rig = new DatasetRig();
  const create = (more: object) =>
    rig.stage({ slices: SLICES }).create({ columns: COLUMNS, ...more });

  expect(() => create({ allowMissingSlices: true }).split()).toThrow('writes every slice');
  expect(() => create({ hashlabel: 'none' }).split()).toThrow('is not among the columns');
  const both = create({});
  both.setSlice(0);
  expect(() => both.split()).toThrow('both through `split()` and slice by slice');
  const split = create({});
  split.split();
  expect(() => split.setSlice(0)).toThrow('both through `split()` and slice by slice');
  expect(() => split.write(1, 'x')).toThrow('both through `split()` and slice by slice');
  expect(() => create({}).enableHashDiscard()).toThrow('which writes no hash column');
});

test('a discarded writer leaves nothing, and its name is free again', () => {
  using rig = new DatasetRig();
  const stage = rig.stage({ slices: SLICES });
  const writer = stage.create({ columns: COLUMNS });
  writer.setSlice(0);
  writer.write(1, 'x');
  writer.discard();
  stage.create({ columns: { n: 'int32' } }).split();

  expect(
    stage.end({ early: false }).finishedDatasets.map(({ columns }) => Object.keys(columns)),
  ).toEqual([['n']]);
});

test('rows split to 64 slices of many columns take little memory', () => {
  using rig = new DatasetRig();
  const columns = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`c${i}`, 'int32' as const]),
  );
  const writer = rig.stage({ slices: 64 }).create({ columns, hashlabel: 'c0' });
  const split = writer.split();
  const column = Int32Array.from({ length: 3000 }, (_, i) => i);
  const batch = Object.fromEntries(Object.keys(columns).map((name) => [name, column]));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 8; i++) split.writeBatch(batch);
  const grown = process.memoryUsage().arrayBuffers - before;
  const dataset = writer.finish();

  expect(dataset.shape).toEqual([200, 24_000]);
  expect(grown).toBeLessThan(100 * 1024 * 1024);
});

function digestsOf(dataset: Dataset | undefined): readonly string[] {
  return Object.values(dataset?.columns ?? {}).map(({ digest }) => digest);
}
