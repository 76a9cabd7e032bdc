import { expect, test } from 'vitest';

import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const COLUMNS = { day: 'int32', text: 'string' } as const;

/** Three datasets in a chain, each with a row in either slice. */
function days(rig: DatasetRig, first = 1): Dataset<typeof COLUMNS>[] {
  const made: Dataset<typeof COLUMNS>[] = [];
  for (const day of [first, first + 1, first + 2]) {
    const rows = [[[day, 'even']], [[day * 10, 'odd']]];
    made.push(rig.dataset({ columns: COLUMNS, previous: made.at(-1) ?? null }, rows));
  }
  return made;
}

test('a chain goes from the oldest dataset to the newest, unless reversed', () => {
  using rig = new DatasetRig();
  const newest = days(rig).at(-1);

  expect([...(newest?.chain() ?? [])].map(String)).toEqual(['dev-1', 'dev-2', 'dev-3']);
  expect([...(newest?.chain({ reverse: true }) ?? [])].map(String)).toEqual([
    'dev-3',
    'dev-2',
    'dev-1',
  ]);
  expect([...(newest?.chain({ length: 2 }) ?? [])].map(String)).toEqual(['dev-2', 'dev-3']);
  expect(newest?.chain({ length: 0 }).length).toBe(0);
  expect(String(newest?.previous?.previous)).toBe('dev-1');
});

test('a chain is read as one dataset', () => {
  using rig = new DatasetRig();
  const chain = days(rig).at(-1)?.chain();

  expect([...(chain?.iterate(0, 'day') ?? [])]).toEqual([1, 2, 3]);
  expect([...(chain?.iterate(null, ['day', 'text']) ?? [])]).toEqual([
    [1, 'even'],
    [10, 'odd'],
    [2, 'even'],
    [20, 'odd'],
    [3, 'even'],
    [30, 'odd'],
  ]);
  expect([...(chain?.batches(1, ['day']) ?? [])].map(({ length }) => length)).toEqual([1, 1, 1]);
  expect([chain?.lines(), chain?.lines(1)]).toEqual([6, 3]);
  expect([chain?.min('day'), chain?.max('day'), chain?.min('text')]).toEqual([1, 30, null]);
});

test('a chain stops before the dataset given, even if that was built again in another job', () => {
  using rig = new DatasetRig();
  const [, middle, newest] = days(rig);
  const [, rebuilt] = days(rig);

  expect([...(newest?.chain({ stop: middle ?? null }) ?? [])].map(String)).toEqual(['dev-3']);
  expect([...(newest?.chain({ stop: rebuilt ?? null }) ?? [])].map(String)).toEqual(['dev-3']);
  expect(newest?.chain({ stop: newest }).length).toBe(0);
  expect(newest?.chain({ stop: null }).length).toBe(3);
  expect(newest?.chain({ stop: 'dev-1' }).length).toBe(
    newest?.chain({ stop: 'dev-1/default' }).length,
  );
  expect(newest?.chain({ stop: 'dev-9', length: 2 }).length).toBe(2);
  expect(() => newest?.chain({ stop: 'dev-9' })).toThrow(
    'Expected `stop` to be a dataset of the chain of dev-3, got dev-9, which is none of it',
  );
});

test('a chain seen through declared columns stops where these are equal', () => {
  using rig = new DatasetRig();
  const one = rig.dataset({ columns: { day: 'int32', note: 'string' } }, [[[1, 'as before']]]);
  const again = rig.dataset({ columns: { day: 'int32', note: 'string' } }, [[[1, 'edited']]]);
  const newest = rig.dataset({ columns: { day: 'int32', note: 'string' }, previous: again }, [
    [[2, '']],
  ]);

  expect(rig.reopen(newest, ['day']).chain({ stop: one }).length).toBe(1);
  expect(() => newest.chain({ stop: one })).toThrow(
    'Expected `stop` to be a dataset of the chain of dev-3, got dev-1, which is none of it',
  );
});

test('a column may become wider along the chain', () => {
  using rig = new DatasetRig();
  const narrow = rig.dataset({ columns: { n: 'int32' } }, [[[1]]]);
  const wide = rig.dataset({ columns: { n: 'int64' }, previous: narrow }, [[[2n ** 60n]]]);
  const chain = wide.chain();

  expect([...chain.iterate(0, 'n')]).toEqual([1, 2n ** 60n]);
  expect([chain.min('n'), chain.max('n')]).toEqual([1, 2n ** 60n]);
});

test('a column is missed only where the chain lacks it', () => {
  using rig = new DatasetRig();
  const first = rig.dataset({ columns: { x: 'int32', y: 'int32' } }, [[[1, 1]]]);
  const second = rig.dataset({ columns: { x: 'int32' }, previous: first }, [[[2]]]);
  const rows = second.chain().iterate(0, ['x', 'y'] as never);

  expect(rows.next().value).toEqual([1, 1]);
  expect(() => rows.next()).toThrow('Dataset dev-2 has no column "y"');
});
