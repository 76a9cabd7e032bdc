import { readFileSync } from 'node:fs';

import { tableFromIPC } from 'apache-arrow';
import type { Vector } from 'apache-arrow';
import polars from 'nodejs-polars';
import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../src/data/column-values.ts';
import type { Dataset } from '../../src/method/dataset/dataset.ts';
import { COLUMN_TYPES } from '../../src/model/column-type.ts';
import type { ColumnType } from '../../src/model/column-type.ts';
import { DatasetRig } from '../rig/datasets.ts';

/** Of each type: values at its edges, their Arrow type, and how apache-arrow and polars show them where they differ. */
interface TypeCase {
  readonly values: readonly unknown[];
  readonly min: unknown;
  readonly max: unknown;
  readonly arrow: string;
  readonly inArrow?: readonly unknown[];
  readonly inPolars?: readonly unknown[];
  readonly polarsCast?: polars.DataType;
}

const HUGE = 2n ** 200n + 1n;
const CASES: Readonly<Record<ColumnType, TypeCase>> = {
  bool: { values: [true, false], min: false, max: true, arrow: 'Bool' },
  int8: { values: [-128, 127, 0], min: -128, max: 127, arrow: 'Int8' },
  int16: { values: [-32_768, 32_767, 5], min: -32_768, max: 32_767, arrow: 'Int16' },
  int32: { values: [-(2 ** 31), 2 ** 31 - 1], min: -(2 ** 31), max: 2 ** 31 - 1, arrow: 'Int32' },
  int64: {
    values: [-(2n ** 63n), 2n ** 63n - 1n],
    min: -(2n ** 63n),
    max: 2n ** 63n - 1n,
    arrow: 'Int64',
    inPolars: ['-9223372036854775808', '9223372036854775807'],
    polarsCast: polars.Utf8,
  },
  uint8: { values: [0, 255], min: 0, max: 255, arrow: 'Uint8' },
  uint16: { values: [0, 65_535], min: 0, max: 65_535, arrow: 'Uint16' },
  uint32: { values: [0, 2 ** 32 - 1], min: 0, max: 2 ** 32 - 1, arrow: 'Uint32' },
  float32: {
    values: [-0, Number.NaN, Infinity, -Infinity, Math.fround(0.1), 2 ** 127],
    min: -Infinity,
    max: Infinity,
    arrow: 'Float32',
  },
  float64: {
    values: [-0, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE],
    min: -Infinity,
    max: Infinity,
    arrow: 'Float64',
  },
  number: {
    values: [-0, Number.NaN, Infinity, 0.1, 5, -(2n ** 53n), 2 ** 60, 2n ** 60n, HUGE, 1e-300],
    min: -(2n ** 53n),
    max: Infinity,
    arrow: 'Utf8',
    inArrow: [
      '-0',
      'NaN',
      'Infinity',
      '0.1',
      '5',
      '-9007199254740992',
      '1.152921504606847e+18',
      '1152921504606846976',
      String(HUGE),
      '1e-300',
    ],
  },
  date: {
    values: [new Date('0001-01-01'), new Date('9999-12-31')],
    min: new Date('0001-01-01'),
    max: new Date('9999-12-31'),
    arrow: 'Date32<DAY>',
    inArrow: [Date.parse('0001-01-01'), Date.parse('9999-12-31')],
  },
  time: {
    values: [0, 86_399_999_999, 43_200_000_001],
    min: 0,
    max: 86_399_999_999,
    arrow: 'Time64<MICROSECOND>',
    inArrow: [0n, 86_399_999_999n, 43_200_000_001n],
    polarsCast: polars.Int64,
    inPolars: [0, 86_399_999_999_000, 43_200_000_001_000],
  },
  datetime: {
    values: [new Date(-1), new Date('9999-12-31T23:59:59.999Z')],
    min: new Date(-1),
    max: new Date('9999-12-31T23:59:59.999Z'),
    arrow: 'Timestamp<MICROSECOND, UTC>',
    inArrow: [-1, Date.parse('9999-12-31T23:59:59.999Z')],
    polarsCast: polars.Int64,
    inPolars: [-1000, Date.parse('9999-12-31T23:59:59.999Z') * 1000],
  },
  string: { values: ['', 'grün 🐦', '\0'], min: null, max: null, arrow: 'Utf8' },
  bytes: {
    values: [Uint8Array.of(), Uint8Array.of(0, 255)],
    min: null,
    max: null,
    arrow: 'Binary',
    polarsCast: polars.List(polars.UInt8),
    inPolars: [[], [0, 255]],
  },
  json: {
    values: [{ a: [1] }, 'text', 0],
    min: null,
    max: null,
    arrow: 'Utf8',
    inArrow: ['{"a":[1]}', '"text"', '0'],
    inPolars: ['{"a":[1]}', '"text"', '0'],
  },
};

/** Bytes as a list. */
function plain(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value;
}

/** One row per value, and a null before, between and after. */
function withNulls(values: readonly unknown[]): readonly unknown[] {
  return [null, ...values.flatMap((value) => [value, null])];
}

function datasetOf(rig: DatasetRig, type: ColumnType, values: readonly unknown[]): Dataset {
  const columns: ColumnTypes = { x: { type, nullable: true } };
  return rig.dataset(
    { columns },
    [withNulls(values)].map((rows) => rows.map((value) => [value])),
  );
}

test.each(COLUMN_TYPES)('%s columns give back what was written, with bounds', (type) => {
  using rig = new DatasetRig();
  const { values, min, max } = CASES[type];

  const dataset = datasetOf(rig, type, values);

  expect([...dataset.iterate(null, 'x')]).toEqual(withNulls(values));
  expect([dataset.min('x'), dataset.max('x')]).toEqual([min, max]);
});

test.each(COLUMN_TYPES)('%s columns come in batches, zeros or nothing for nulls', (type) => {
  using rig = new DatasetRig();
  const { values } = CASES[type];
  const dataset = datasetOf(rig, type, values);

  const [batch] = [...dataset.batches(0, ['x'])];
  const column: ArrayLike<unknown> & { get?: (row: number) => unknown } = batch?.columns['x'];

  expect(column.length).toBe(values.length * 2 + 1);
  if (column.get === undefined) expect([column[0], column[2]].map(Number)).toEqual([0, 0]);
  else expect(withNulls(values).map((_, i) => column.get?.(i))).toEqual(withNulls(values));
  expect(batch?.validity['x']?.[0] ?? 0xff).toBe(0b1010_1010 & (2 ** (column.length % 256) - 1));
});

test.each(COLUMN_TYPES)('apache-arrow reads %s columns', (type) => {
  using rig = new DatasetRig();
  const { values, arrow, inArrow = values } = CASES[type];
  const dataset = datasetOf(rig, type, values);

  const table = tableFromIPC(readFileSync(rig.path(dataset, 'DS/default.0.arrow')));

  expect(String(table.schema.fields[0]?.type)).toBe(arrow);
  expect([...(table.getChild('x') as Vector)]).toEqual(withNulls(inArrow));
});

test.each(COLUMN_TYPES)('polars reads %s columns', (type) => {
  using rig = new DatasetRig();
  const { values, inArrow = values, polarsCast } = CASES[type];
  const shown = CASES[type].inPolars ?? (type === 'date' ? values : inArrow);
  const dataset = datasetOf(rig, type, values);

  const frame = polars.readIPC(readFileSync(rig.path(dataset, 'DS/default.0.arrow')));
  const column = frame.getColumn('x');
  const read: unknown[] = (polarsCast === undefined ? column : column.cast(polarsCast)).toArray();

  expect(read.map(plain)).toEqual(withNulls(shown));
});

test('a Float64 that rounds is stored rounded as float32, in min and max too', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { x: 'float32' } }, [[[0.1], [1 / 3]]]);

  expect([...dataset.iterate(0, 'x')]).toEqual([Math.fround(0.1), Math.fround(1 / 3)]);
  expect([dataset.min('x'), dataset.max('x')]).toEqual([Math.fround(0.1), Math.fround(1 / 3)]);
});

test('a number and a bigint within the safe integers are the same number', () => {
  using rig = new DatasetRig();
  const one = rig.dataset({ columns: { x: 'number' } }, [[[5n], [-(2n ** 40n)]]]);
  const other = rig.dataset({ columns: { x: 'number' } }, [[[5], [-(2 ** 40)]]]);

  expect([...one.iterate(0, 'x')]).toEqual([5, -(2 ** 40)]);
  expect(one.columns.x.digest).toBe(other.columns.x.digest);
});
