import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import type { DatasetChain } from '../../../src/method/dataset/dataset-chain.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import {
  SkipDataset,
  SkipSlice,
  StopIteration,
} from '../../../src/method/dataset/iteration-signal.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const COLUMNS = { n: 'int32' } as const;

/** Three datasets: the second has an empty slice, and one before it nothing but empty slices. */
function chainOf(rig: DatasetRig): DatasetChain<typeof COLUMNS> {
  const one = rig.dataset({ columns: COLUMNS }, [[[1]], [[2]]]);
  const empty = rig.dataset({ columns: COLUMNS, previous: one }, [[], []]);
  const two = rig.dataset({ columns: COLUMNS, previous: empty }, [[], [[3], [4]]]);
  return rig.dataset({ columns: COLUMNS, previous: two }, [[[5]], [[6]]]).chain();
}

/** Records calls and rows in the order in which they happen. */
class Log {
  readonly lines: string[] = [];

  readonly perDataset = {
    preCallback: (dataset: Dataset): void => void this.lines.push(`pre ${String(dataset)}`),
    postCallback: (dataset: Dataset): void => void this.lines.push(`post ${String(dataset)}`),
  };

  readonly perSlice = {
    preSliceCallback: (dataset: Dataset, sliceno: number): void =>
      void this.lines.push(`pre ${String(dataset)}:${sliceno}`),
    postSliceCallback: (dataset: Dataset, sliceno: number): void =>
      void this.lines.push(`post ${String(dataset)}:${sliceno}`),
  };

  read(rows: Iterable<number>): string {
    for (const row of rows) this.lines.push(String(row));
    return this.lines.join(', ');
  }
}

test('callbacks are called once for each dataset with rows, around them', () => {
  using rig = new DatasetRig();

  const log = new Log();

  expect(log.read(chainOf(rig).iterate(null, 'n', log.perDataset))).toBe(
    'pre dev-1, 1, 2, post dev-1, pre dev-3, 3, 4, post dev-3, pre dev-4, 5, 6, post dev-4',
  );
});

test('callbacks of slices are called for empty slices, too', () => {
  using rig = new DatasetRig();

  const log = new Log();

  expect(log.read(chainOf(rig).iterate(null, 'n', log.perSlice))).toBe(
    'pre dev-1:0, 1, post dev-1:0, pre dev-1:1, 2, post dev-1:1, ' +
      'pre dev-3:0, post dev-3:0, pre dev-3:1, 3, 4, post dev-3:1, ' +
      'pre dev-4:0, 5, post dev-4:0, pre dev-4:1, 6, post dev-4:1',
  );
});

test('both kinds go together, those of the dataset outside', () => {
  using rig = new DatasetRig();
  const log = new Log();
  const [first] = chainOf(rig).datasets;

  expect(log.read(first?.iterate(1, 'n', { ...log.perDataset, ...log.perSlice }) ?? [])).toBe(
    'pre dev-1, pre dev-1:1, 2, post dev-1:1, post dev-1',
  );
});

test('a dataset is skipped before it, or from one of its slices on', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);
  const before = new Log();
  const within = new Log();

  const skipped = before.read(
    chain.iterate(null, 'n', {
      ...before.perDataset,
      preCallback: (dataset) => (String(dataset) === 'dev-3' ? SkipDataset : undefined),
    }),
  );
  const cut = within.read(
    chain.iterate(null, 'n', {
      ...within.perDataset,
      preSliceCallback: (dataset, sliceno) => {
        if (String(dataset) === 'dev-1' && sliceno === 1) throw SkipDataset;
      },
    }),
  );

  expect(skipped).toBe('1, 2, post dev-1, 5, 6, post dev-4');
  expect(cut).toBe('pre dev-1, 1, pre dev-3, 3, 4, post dev-3, pre dev-4, 5, 6, post dev-4');
});

test('a slice is skipped; in a callback of the dataset that skips the dataset', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);
  const log = new Log();

  const rows = chain.iterate(null, 'n', {
    ...log.perSlice,
    preSliceCallback: (_, sliceno) => (sliceno === 1 ? SkipSlice : undefined),
  });

  expect(log.read(rows)).toBe('1, post dev-1:0, post dev-3:0, 5, post dev-4:0');
  expect([...chain.iterate(null, 'n', { preCallback: () => SkipSlice })]).toEqual([]);
});

test('a callback with two parameters is called for slices', () => {
  using rig = new DatasetRig();
  const log = new Log();

  const rows = chainOf(rig).iterate(null, 'n', {
    preCallback: (dataset, sliceno) => {
      log.lines.push(`pre ${String(dataset)}:${sliceno}`);
      return sliceno === 1 ? SkipSlice : undefined;
    },
    postCallback: (dataset, sliceno) => {
      log.lines.push(`post ${String(dataset)}:${sliceno}`);
      return String(dataset) === 'dev-3' ? StopIteration : undefined;
    },
  });

  expect(log.read(rows)).toBe(
    'pre dev-1:0, 1, post dev-1:0, pre dev-1:1, pre dev-3:0, post dev-3:0',
  );
});

test('signals are thrown and returned with `new`, too', () => {
  using rig = new DatasetRig();
  const chain = chainOf(rig);

  const skipping = chain.iterate(null, 'n', {
    preCallback: (dataset) => {
      if (String(dataset) === 'dev-3') throw new SkipDataset();
    },
    preSliceCallback: (_, sliceno) => (sliceno === 0 ? new SkipSlice() : undefined),
  });
  const stopping = chain.iterate(null, 'n', {
    preSliceCallback: (dataset, sliceno) => {
      if (String(dataset) === 'dev-3' && sliceno === 1) throw new StopIteration();
    },
  });

  expect([...skipping]).toEqual([2, 6]);
  expect([...stopping]).toEqual([1, 2]);
});

test('a signal that no callback throws tells what it is', () => {
  const told = 'SkipSlice was thrown where no callback of an iteration is called';
  expect(inspect(SkipSlice)).toBe(told);

  expect([new SkipSlice().message, String(SkipSlice)]).toEqual([told, told]);
});

test('datasets that lack a column can be skipped', () => {
  using rig = new DatasetRig();
  const lacking: Dataset = rig.dataset({ columns: { other: 'int32' } }, [[[0]]]);
  const chain = rig.dataset({ columns: COLUMNS, previous: lacking }, [[[1]]]).chain();

  const rows = chain.iterate(0, 'n', {
    preCallback: (dataset) => ('n' in dataset.columns ? undefined : SkipDataset),
  });

  expect([...rows]).toEqual([1]);
});

test.each([
  ['preCallback', 'dev-3', '1, 2'],
  ['postCallback', 'dev-3', '1, 2, 3, 4'],
  ['preSliceCallback', 'dev-4:1', '1, 2, 3, 4, 5'],
  ['postSliceCallback', 'dev-1:0', '1'],
])('the iteration stops in %s of %s', (name, place, expected) => {
  using rig = new DatasetRig();
  const stopAt = (...reached: unknown[]): unknown =>
    place === reached.join(':') ? StopIteration : undefined;
  const stop = name.includes('Slice')
    ? (dataset: Dataset, sliceno: number) => stopAt(dataset, sliceno)
    : (dataset: Dataset) => stopAt(dataset);

  const rows = [...chainOf(rig).iterate(null, 'n', { [name]: stop } as object)];

  expect(rows.join(', ')).toBe(expected);
});

test('round robin calls back for the slices of a dataset together', () => {
  using rig = new DatasetRig();
  const log = new Log();
  const chain = chainOf(rig);

  const rows = chain.iterate('roundrobin', 'n', {
    ...log.perDataset,
    ...log.perSlice,
    slice: { start: 1 },
    preSliceCallback: (dataset, sliceno) =>
      String(dataset) === 'dev-4' && sliceno === 0 ? SkipSlice : undefined,
  });

  expect(log.read(rows)).toBe(
    'pre dev-1, 2, post dev-1:0, post dev-1:1, post dev-1, ' +
      'pre dev-3, 3, 4, post dev-3:0, post dev-3:1, post dev-3, ' +
      'pre dev-4, 6, post dev-4:1, post dev-4',
  );
});

test('an error of a callback is the error of the loop', () => {
  using rig = new DatasetRig();
  const rows = chainOf(rig).iterate(null, 'n', {
    preCallback: () => {
      throw new Error('mine');
    },
  });

  expect(() => rows.next()).toThrow('mine');
});
