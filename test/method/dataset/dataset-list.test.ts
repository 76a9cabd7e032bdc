import { expect, test } from 'vitest';

import type { DatasetChain } from '../../../src/method/dataset/dataset-chain.ts';
import { Dataset } from '../../../src/method/dataset/dataset.ts';
import type { Job } from '../../../src/method/job/job.ts';
import { DatasetRig } from '../../rig/datasets.ts';

/** A column `n` that is int32, int64 and nullable in turn; the last dataset has another column, too. */
function chainOf(rig: DatasetRig): DatasetChain {
  const nullable = { type: 'int64', nullable: true } as const;
  const one = rig.dataset({ columns: { n: 'int32' } }, [[[1], [5]]]);
  const two = rig.dataset({ columns: { n: 'int64' }, previous: one }, [[[6], [9]]]);
  return rig
    .dataset({ columns: { n: nullable, text: 'string' }, previous: two }, [
      [
        [null, 'a'],
        [20, 'b'],
      ],
    ])
    .chain();
}

function specs(chain: DatasetChain): string {
  return [...chain].map(String).join(' ');
}

test('parts of a chain are chains', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);

  expect(specs(chain.slice(1))).toBe('dev-2 dev-3');
  expect(specs(chain.slice(-1))).toBe('dev-3');
  expect(specs(chain.reversed())).toBe('dev-3 dev-2 dev-1');
  expect(specs(chain.slice(0, 1).concat(chain.slice(2)))).toBe('dev-1 dev-3');
  expect(specs(chain.filter((dataset) => dataset.shape[0] === 1))).toBe('dev-1 dev-2');
  expect(String(chain.at(-1))).toBe('dev-3');
  expect(chain.map((dataset, place) => `${place} ${String(dataset)}`)[1]).toBe('1 dev-2');
  expect([...chain.slice(1).iterate(0, 'n')]).toEqual([6, 9, null, 20]);
  expect([chain.slice(1).min('n'), chain.slice(1).lines()]).toEqual([6, 4]);
});

test('columns are counted by name, type and whether they may hold nulls', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);

  expect([...chain.columnCounts()]).toEqual([
    ['n', 3],
    ['text', 1],
  ]);
  expect(chain.columnCount('n', { types: 'int64' })).toBe(2);
  expect(chain.columnCount('n', { types: ['int32', 'string'] })).toBe(1);
  expect(chain.columnCount('other')).toBe(0);
  expect(specs(chain.withColumn('text'))).toBe('dev-3');
  expect(specs(chain.withColumn('n', { nullable: false }))).toBe('dev-1 dev-2');
  expect(specs(chain.withColumn('n', { types: 'int64', nullable: true }))).toBe('dev-3');
  expect([chain.nullable('n'), chain.slice(0, 2).nullable('n')]).toEqual([true, false]);
});

test('the datasets of a range are those that may hold its values', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);

  expect(specs(chain.range({ n: [5, 7] }))).toBe('dev-1 dev-2');
  expect(specs(chain.range({ n: [10, null] }))).toBe('dev-3');
  expect(specs(chain.range({ n: [null, 1] }))).toBe('');
  expect(specs(chain.range({ n: [null, null] }))).toBe('dev-1 dev-2 dev-3');
  expect([...chain.range({ n: [10, null] }).iterate(0, 'text')]).toEqual(['a', 'b']);
  expect([...chain.range({ n: [null, 1] }).iterate(0, 'n')]).toEqual([]);
});

test('any datasets can be read as one', () => {
  using rig = new DatasetRig();
  const one = rig.dataset({ columns: { n: 'int32' } }, [[[1]], [[2]]]);
  const other = rig.dataset({ columns: { n: 'int32' } }, [[[3]], []]);

  const list = Dataset.list([other, one, other]);

  expect([...list.iterate(null, 'n')]).toEqual([3, 1, 2, 3]);
  expect([...list.iterate('roundrobin', 'n', { slice: -2 })]).toEqual([2, 3]);
  expect([...Dataset.list([]).iterate(0, 'n')]).toEqual([]);
});

test('a chain stops before a dataset by its spec, or before the input of an earlier job', () => {
  using rig = new DatasetRig();
  const [one, two, three] = chainOf(rig).datasets as [Dataset, Dataset, Dataset];
  const job = { id: 'dev-9', params: { datasets: { source: two, list: [one] } } } as unknown as Job;

  expect(specs(three.chain({ stop: 'dev-1' }))).toBe('dev-2 dev-3');
  expect(specs(three.chain({ stop: { of: job, input: 'source' } }))).toBe('dev-3');
  expect(specs(three.chain({ stop: { of: job, input: 'unset' } }))).toBe('dev-1 dev-2 dev-3');
  expect(specs(three.chain({ stop: { of: undefined, input: 'source' } }))).toBe(
    'dev-1 dev-2 dev-3',
  );
  expect(() => three.chain({ stop: { of: job, input: 'list' } })).toThrow('was given a list');
  expect(() => three.chain({ length: -2 })).toThrow('to be a non-negative integer');
});

test('a chain within a job ends where another job has made the dataset', () => {
  using rig = new DatasetRig();
  const before = rig.dataset({ columns: { n: 'int32' } }, [[[0]]]);
  const stage = rig.stage({ slices: 1 });
  let previous: Dataset = before;
  for (let n = 1; n <= 8; n++) {
    const writer = stage.create({ name: `part-${n}`, columns: { n: 'int32' }, previous });
    writer.setSlice(0);
    writer.write(n);
    previous = writer.finish();
  }
  stage.end({ early: false });

  expect([...previous.chain().iterate(0, 'n')]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...previous.chainWithinJob().iterate(0, 'n')]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...previous.chainWithinJob({ length: 2 }).iterate(0, 'n')]).toEqual([7, 8]);
  expect([...previous.chainWithinJob({ reverse: true }).iterate(0, 'n')][0]).toBe(8);
  expect(before.chainWithinJob().length).toBe(1);
});

test('partial iterations of a chain make up the whole', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);
  const stop = chain.at(0);
  const newest = chain.at(-1);

  const parts = [
    ...(newest?.chain({ stop: newest.previous }).iterate(0, 'n') ?? []),
    ...(newest?.previous?.chain({ stop }).iterate(0, 'n') ?? []),
    ...(stop?.chain().iterate(0, 'n') ?? []),
  ];

  expect(new Set(parts)).toEqual(new Set(chain.iterate(0, 'n')));
});
