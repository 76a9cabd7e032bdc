// Equal values lie in the same slice, whatever their type; column names of every kind are written, hashed and read.

import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../../src/data/column-values.ts';
import { hashSlice } from '../../../src/data/hash.ts';
import type { HashableValue } from '../../../src/data/hash.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import type { ColumnType } from '../../../src/model/column-type.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const SLICES = 5;

/** Splits one column of values, which is the hash column; gives the values of each slice. */
function placed(type: ColumnType, values: readonly unknown[]): unknown[][] {
  using rig = new DatasetRig();
  const columns: ColumnTypes = { v: { type, nullable: true } };
  const writer = rig.stage({ slices: SLICES }).create({ columns, hashlabel: 'v' });
  const split = writer.split();
  for (const value of values) split.write(value);
  const dataset = writer.finish();
  return Array.from({ length: SLICES }, (_, sliceno) => [...dataset.iterate(sliceno, 'v')]);
}

/** The values of each slice as their hashes say. */
function expected<T extends HashableValue>(values: readonly T[]): T[][] {
  return Array.from({ length: SLICES }, (_, sliceno) =>
    values.filter((value) => hashSlice(value, SLICES) === sliceno),
  );
}

test('integers lie in the same slice in all numeric types', () => {
  const values = [null, ...Array.from({ length: 200 }, (_, i) => i % 128)];
  const slices = expected(values);
  const types = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32'] as const;
  for (const type of [...types, 'float32', 'float64', 'number'] as const) {
    expect(placed(type, values), type).toEqual(slices);
  }
  const negative = Array.from({ length: 200 }, (_, i) => i - 128).filter((value) => value < 0);
  for (const type of ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'number'] as const) {
    expect(placed(type, negative), type).toEqual(expected(negative));
  }
});

test('numbers with a fraction lie in the same slice in all types that hold them', () => {
  const values = Array.from({ length: 200 }, (_, i) => i + 0.5);
  for (const type of ['float32', 'float64', 'number'] as const) {
    expect(placed(type, values), type).toEqual(expected(values));
  }
});

test('large integers, infinities and every NaN have their slices, too', () => {
  const large = [2 ** 40, 2 ** 53 - 1, -(2 ** 53) + 1];
  for (const type of ['int64', 'float64', 'number'] as const) {
    expect(placed(type, large), type).toEqual(expected(large));
  }
  const huge = [2n ** 70n + 1n, -(10n ** 30n), 2n ** 63n - 1n];
  expect(placed('number', huge)).toEqual(expected(huge));
  const odd = new Float64Array(new BigInt64Array([0x7ff8_0000_0000_0001n, -1n]).buffer);
  const nans = placed('float64', [...odd, NaN, 0 / 0]).filter((slice) => slice.length > 0);
  expect(nans).toEqual([[NaN, NaN, NaN, NaN]]);
  expect(placed('float64', [Infinity, -Infinity])).toEqual(expected([Infinity, -Infinity]));
});

test('text and bytes, and dates and times, lie in the same slices', () => {
  const texts = Array.from({ length: 100 }, (_, i) => `å ${i}`);
  const bytes = texts.map((text) => new Uint8Array(Buffer.from(text)));
  expect(placed('string', texts)).toEqual(expected(texts));
  const read = placed('bytes', bytes) as Uint8Array[][];
  expect(read.map((slice) => slice.map((value) => Buffer.from(value).toString()))).toEqual(
    expected(texts),
  );
  const days = [0, 1, -1, 19_000, 40_000].map((day) => new Date(day * 86_400_000));
  expect(placed('date', days)).toEqual(expected(days));
  expect(placed('datetime', days)).toEqual(expected(days));
  const times = [0, 1, 86_399_999_999];
  expect(placed('time', times)).toEqual(expected(times));
  expect(placed('datetime', times.map(BigInt)).map((slice) => slice.length)).toEqual(
    expected(times).map((slice) => slice.length),
  );
});

test('null, 0, no text and false lie in slice 0, true with 1', () => {
  for (const type of ['int32', 'float64', 'string', 'date', 'bool'] as const) {
    expect(placed(type, [null])[0], type).toEqual([null]);
  }
  expect(placed('bool', [true, false])).toEqual(expected([true, false]));
  expect(placed('float64', [-0, 0])[0]).toEqual([-0, 0]);
  expect(placed('string', [''])[0]).toEqual(['']);
});

test('rows are placed by what is stored: text that is parsed, and a default instead of bad values', () => {
  using rig = new DatasetRig();
  const columns = {
    v: { type: 'parsed:int32', nullable: true, default: null },
    text: 'string',
  } as const;
  const texts = ['7', ' 11 ', 'x', '300', '', '12'];
  const writer = rig.stage({ slices: SLICES }).create({ columns, hashlabel: 'v' });
  const split = writer.split();
  for (const text of texts) split.write(text, text);
  const dataset = writer.finish();
  for (let sliceno = 0; sliceno < SLICES; sliceno++) {
    for (const [value, text] of dataset.iterate(sliceno, ['v', 'text'])) {
      expect(value).toBe(Number.isInteger(Number(text)) && text !== '' ? Number(text) : null);
      expect(hashSlice(value, SLICES)).toBe(sliceno);
    }
  }
  expect(dataset.columns.v).toMatchObject({ type: 'int32', nullable: true });
  const bySlice = rig.stage({ slices: SLICES }).create({ columns, hashlabel: 'v' });
  bySlice.setSlice(hashSlice(7, SLICES));
  bySlice.write('7', 'home');
  bySlice.write('300', 'elsewhere');
  expect(hashSlice(300, SLICES)).not.toBe(hashSlice(7, SLICES));
  expect(() => bySlice.finish()).toThrow('belongs to slice');
});

test('a column may have any name, be hashed by it and be replaced by a child', () => {
  using rig = new DatasetRig();
  const names = [
    '',
    '@',
    '-',
    'a b',
    '42',
    'None',
    '__proto__',
    'constructor',
    'length',
    'a/b',
    '🦊\n\0',
  ];
  const columns = Object.fromEntries(names.map((name) => [name, 'int32' as const]));
  for (const hashlabel of ['', '__proto__', '42', null]) {
    const writer = rig.stage({ slices: 2 }).create({ columns, hashlabel });
    const split = writer.split();
    const rows = Array.from({ length: 20 }, (_, i) =>
      Object.fromEntries(names.map((name, at) => [name, i * 100 + at])),
    );
    for (const row of rows) split.writeRow(row);
    const dataset: Dataset = writer.finish();

    expect(new Set(dataset.columnNames)).toEqual(new Set(names));
    expect(dataset.hashlabel).toBe(hashlabel);
    for (const [at, name] of names.entries()) {
      const values = [...dataset.iterate(null, name)] as number[];
      expect(values.toSorted((a, b) => a - b)).toEqual(rows.map((_, i) => i * 100 + at));
    }
    const child = rig.stage({ slices: 2 }).create({ columns: { '@': 'int32' }, parent: dataset });
    for (const [sliceno, count] of dataset.lines.entries()) {
      child.setSlice(sliceno);
      child.writeBatch({ '@': new Int32Array(count) });
    }
    expect([...child.finish().iterate(null, '@')]).toEqual(Array.from({ length: 20 }, () => 0));
  }
});

test('a copy declares the columns of the original, and copies batch by batch', () => {
  using rig = new DatasetRig();
  const source = rig.dataset(
    { columns: { a: { type: 'int32', nullable: true }, b: 'string', c: 'bool' }, name: 'source' },
    [
      [
        [1, 'x', true],
        [null, 'y', false],
      ],
      [[3, '', true]],
    ],
  );
  const writer = rig.stage().create({ columns: source.columns });
  for (const sliceno of [0, 1]) {
    writer.setSlice(sliceno);
    for (const batch of source.batches(sliceno)) writer.writeBatch(batch.columns, batch);
  }
  const copy = writer.finish();
  expect([...copy.iterate(null)]).toEqual([...source.iterate(null)]);
  expect(copy.columns).toEqual(source.columns);
});
