import { expect, test } from 'vitest';

import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const ROWS = 70_000;
const LONG = 'x'.repeat(500_000);

/** Columns from three jobs: one batch ends at 65,536, and those with text end wherever a batch is large enough. */
function joined(rig: DatasetRig): Dataset {
  const nullable = { type: 'bool', nullable: true } as const;
  const numbers = rig.dataset({ columns: { n: 'int32', half: 'float64' } }, [
    [[-1, -0.5]],
    Array.from({ length: ROWS }, (_, i) => [i, i / 2]),
  ]);
  const texts = rig.dataset({ columns: { text: 'string', third: nullable } }, [
    [['first', null]],
    Array.from({ length: ROWS }, (_, i) => [i % 700 === 0 ? LONG : `text ${i}`, thirds(i)]),
  ]);
  const bytes = rig.dataset({ columns: { json: 'json' } }, [
    [[0]],
    Array.from({ length: ROWS }, (_, i) => [i % 500 === 0 ? LONG : i]),
  ]);
  return rig.joined([numbers, texts, bytes]);
}

test('columns that lie in files of several jobs are read side by side', () => {
  using rig = new DatasetRig();
  const dataset = joined(rig);

  const rows = [...dataset.iterate(1, ['third', 'n', 'json', 'text', 'half'])];

  expect(rows.length).toBe(ROWS);
  const wrong = rows.findIndex(
    ([third, n, json, text, half], i) =>
      n !== i ||
      half !== i / 2 ||
      third !== thirds(i) ||
      text !== (i % 700 === 0 ? LONG : `text ${i}`) ||
      json !== (i % 500 === 0 ? LONG : i),
  );
  expect(wrong).toBe(-1);
  expect([...dataset.iterate(0)]).toEqual([
    { n: -1, half: -0.5, text: 'first', third: null, json: 0 },
  ]);
});

test('batches end where a record batch of any file ends', () => {
  using rig = new DatasetRig();
  const dataset = joined(rig);
  const lengthsOf = (columns: readonly string[]): number[] =>
    Array.from(dataset.batches(1, columns), ({ length }) => length);
  const endsOf = (columns: readonly string[]): number[] => {
    let end = 0;
    return lengthsOf(columns).map((length) => (end += length));
  };

  const ends = [...endsOf(['n']), ...endsOf(['text']), ...endsOf(['json'])];

  expect(lengthsOf(['n'])).toEqual([65_536, ROWS - 65_536]);
  expect(new Set(ends).size).toBeGreaterThan(3);
  expect(endsOf(['n', 'text', 'json'])).toEqual([...new Set(ends)].toSorted((a, b) => a - b));
});

test('the columns of a batch all begin at its first row', () => {
  using rig = new DatasetRig();
  const dataset = joined(rig);
  let row = 0;
  let wrong = 0;

  for (const { length, columns, validity } of dataset.batches(1)) {
    for (let i = 0; i < length; i++, row++) {
      const third = ((validity.third?.[i >> 3] ?? 255) >> (i & 7)) & 1 ? columns.third[i] : null;
      const isRight =
        columns.n[i] === row &&
        columns.half[i] === row / 2 &&
        third === (thirds(row) === null ? null : Number(thirds(row))) &&
        columns.text.get(i) === (row % 700 === 0 ? LONG : `text ${row}`) &&
        columns.json.get(i) === (row % 500 === 0 ? LONG : row);
      if (!isRight) wrong++;
    }
    expect(columns.text.toArray()[length - 1]).toBe(columns.text.get(length - 1));
  }

  expect([row, wrong]).toEqual([ROWS, 0]);
});

function thirds(row: number): boolean | null {
  return row % 3 === 0 ? null : row % 3 === 1;
}
