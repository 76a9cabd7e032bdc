import { readFileSync } from 'node:fs';

import { tableFromIPC } from 'apache-arrow';
import type { Vector } from 'apache-arrow';
import polars from 'nodejs-polars';
import { expect, test } from 'vitest';

import { decodeFooter } from '../../../src/data/format/arrow-decoding.ts';
import { ALL_TYPES, DatasetRig } from '../../rig/datasets.ts';

const MICROS = 1_234_567_890_123_456n;
const ROWS = [
  [
    true,
    -2_147_483_648,
    -(2n ** 63n),
    -0,
    new Date('1969-07-20'),
    MICROS,
    'grün 🐦',
    Uint8Array.of(0, 255),
    { a: [1] },
  ],
  [null, null, null, null, null, null, null, null, null],
  [
    false,
    2_147_483_647,
    2n ** 63n - 1n,
    Number.NaN,
    new Date('2024-02-29'),
    new Date(-1),
    '',
    new Uint8Array(),
    'text',
  ],
  [true, 0, 5, Infinity, new Date(0), new Date(0), 'x', Uint8Array.of(7), null],
];

test('a slice file opens in apache-arrow with equal values of every type, nulls included', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: ALL_TYPES }, [ROWS]);

  const table = tableFromIPC(readFileSync(rig.path(dataset, 'DS/default.0.arrow')));

  expect(
    table.schema.fields.map((field) => [field.name, String(field.type), field.nullable]),
  ).toEqual([
    ['bool', 'Bool', true],
    ['int32', 'Int32', true],
    ['int64', 'Int64', true],
    ['float64', 'Float64', true],
    ['date', 'Date32<DAY>', true],
    ['datetime', 'Timestamp<MICROSECOND, UTC>', true],
    ['string', 'Utf8', true],
    ['bytes', 'Binary', true],
    ['json', 'Utf8', true],
  ]);
  expect(table.schema.fields[8]?.metadata.get('acc.type')).toBe('json');
  const valuesOf = (name: string): unknown[] => [...(table.getChild(name) as Vector)];
  expect(valuesOf('bool')).toEqual([true, null, false, true]);
  expect(valuesOf('int32')).toEqual([-2_147_483_648, null, 2_147_483_647, 0]);
  expect(valuesOf('int64')).toEqual([-(2n ** 63n), null, 2n ** 63n - 1n, 5n]);
  expect(valuesOf('float64')).toEqual([-0, null, Number.NaN, Infinity]);
  expect(valuesOf('date')).toEqual([Date.UTC(1969, 6, 20), null, Date.UTC(2024, 1, 29), 0]);
  expect(valuesOf('datetime')).toEqual([Number(MICROS) / 1000, null, -1, 0]);
  expect(valuesOf('string')).toEqual(['grün 🐦', null, '', 'x']);
  expect(valuesOf('bytes').map((value) => value && [...(value as Uint8Array)])).toEqual([
    [0, 255],
    null,
    [],
    [7],
  ]);
  expect(valuesOf('json')).toEqual(['{"a":[1]}', null, '"text"', null]);
});

test('a slice file opens in polars with equal values of every type, nulls included', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: ALL_TYPES }, [ROWS]);

  const frame = polars.readIPC(readFileSync(rig.path(dataset, 'DS/default.0.arrow')));

  const valuesOf = (name: string, as?: polars.DataType): unknown[] =>
    (as === undefined ? frame.getColumn(name) : frame.getColumn(name).cast(as)).toArray();
  expect(valuesOf('bool')).toEqual([true, null, false, true]);
  expect(valuesOf('int32')).toEqual([-2_147_483_648, null, 2_147_483_647, 0]);
  expect(valuesOf('int64', polars.Utf8)).toEqual([
    '-9223372036854775808',
    null,
    '9223372036854775807',
    '5',
  ]);
  expect(valuesOf('float64')).toEqual([-0, null, Number.NaN, Infinity]);
  expect(valuesOf('date')).toEqual([
    new Date('1969-07-20'),
    null,
    new Date('2024-02-29'),
    new Date(0),
  ]);
  expect(String(frame.getColumn('datetime').dtype)).toContain('us,UTC');
  expect(valuesOf('datetime', polars.Int64)).toEqual([Number(MICROS), null, -1000, 0]);
  expect(valuesOf('string')).toEqual(['grün 🐦', null, '', 'x']);
  expect(
    valuesOf('bytes', polars.List(polars.UInt8)).map((value) => value && [...(value as number[])]),
  ).toEqual([[0, 255], null, [], [7]]);
  expect(valuesOf('json')).toEqual(['{"a":[1]}', null, '"text"', null]);
});

test('many batches and empty slices open in both', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 200_000 }, (_, i) => [i, `row ${i}`]);
  const dataset = rig.dataset(
    { columns: { number: 'int32', text: 'string' }, compression: 'none' },
    [rows, []],
  );
  const [full, empty] = [0, 1].map((n) => readFileSync(rig.path(dataset, `DS/default.${n}.arrow`)));

  const table = tableFromIPC(full);
  const frame = polars.readIPC(full ?? '');

  expect(table.batches.map((batch) => batch.numRows)).toEqual([65_536, 65_536, 65_536, 3392]);
  expect([...(table.getChild('text') as Vector)]).toEqual(rows.map((row) => row[1]));
  expect(frame.getColumn('number').toArray()).toEqual(rows.map((row) => row[0]));
  expect(tableFromIPC(empty).numRows).toBe(0);
  expect(polars.readIPC(empty ?? '').columns).toEqual(['number', 'text']);
});

test('bodies of record batches begin at multiples of 64 bytes', () => {
  using rig = new DatasetRig();
  const dataset = rig.dataset({ columns: { x: 'float64', s: 'string' } }, [
    Array.from({ length: 70_000 }, (_, i) => [i, 'abc']),
  ]);
  const file = readFileSync(rig.path(dataset, 'DS/default.0.arrow'));
  const footerLength = file.readInt32LE(file.length - 10);

  const { blocks } = decodeFooter(file.subarray(file.length - 10 - footerLength));

  expect(blocks).toHaveLength(2);
  for (const { offset, metadataLength, bodyLength } of blocks) {
    expect((offset + metadataLength) % 64).toBe(0);
    expect(bodyLength % 64).toBe(0);
  }
});
