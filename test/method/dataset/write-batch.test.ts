import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../../src/data/column-values.ts';
import type { DatasetWriter } from '../../../src/method/dataset/dataset-writer.ts';
import type { Dataset } from '../../../src/method/dataset/dataset.ts';
import { COLUMN_TYPES } from '../../../src/model/column-type.ts';
import type { ColumnType } from '../../../src/model/column-type.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const VALUES: Readonly<Record<ColumnType, readonly unknown[]>> = {
  bool: [true, false],
  int8: [-128, 127],
  int16: [-32_768, 3],
  int32: [1, -5],
  int64: [2n ** 60n, -3n],
  uint8: [255, 1],
  uint16: [65_535, 2],
  uint32: [2 ** 32 - 1, 3],
  float32: [0.5, Number.NaN],
  float64: [-0, 1e300],
  number: [5, 2n ** 80n],
  date: [new Date('2024-02-29'), new Date(0)],
  time: [0, 86_399_999_999],
  datetime: [1_234_567n, -1n],
  string: ['grün 🐦', ''],
  bytes: [Uint8Array.of(0, 255), Uint8Array.of()],
  json: [{ a: [null] }, 'text'],
};
const NULLABLE = Object.fromEntries(
  COLUMN_TYPES.map((type) => [type, { type, nullable: true }]),
) satisfies ColumnTypes;
const ROWS = Array.from({ length: 1000 }, (_, i) =>
  COLUMN_TYPES.map((type, column) => ((i + column) % 7 === 0 ? null : VALUES[type][(i >> 1) % 2])),
);

function writerIn(rig: DatasetRig, columns: ColumnTypes): DatasetWriter {
  const writer = rig.stage({ slices: 1 }).create({ columns });
  writer.setSlice(0);
  return writer;
}

const digests = (dataset: Dataset): readonly string[] =>
  dataset.columnNames.map((name) => dataset.columns[name]?.digest ?? '');

test('batches of every type are copied with their nulls, to an equal dataset', () => {
  using rig = new DatasetRig();
  const source: Dataset = rig.dataset({ columns: NULLABLE }, [ROWS]);
  const writer = writerIn(rig, NULLABLE);

  for (const batch of source.batches(0)) writer.writeBatch(batch.columns, batch);
  const copy = writer.finish();

  expect([...copy.iterate(0, COLUMN_TYPES)]).toEqual(ROWS);
  expect(digests(copy)).toEqual(digests(source));
});

test('a batch may be written in pieces and from any row on', () => {
  using rig = new DatasetRig();
  const source: Dataset = rig.dataset({ columns: NULLABLE }, [ROWS]);
  const writer = writerIn(rig, NULLABLE);
  const rows = Int32Array.from(ROWS, (_, i) => i);

  for (const batch of source.batches(0)) {
    for (let start = 0; start < rows.length; start += 13) {
      writer.writeBatch(batch.columns, { ...batch, rows: rows.subarray(start, start + 13) });
    }
  }
  const copy = writer.finish();

  expect([...copy.iterate(0, COLUMN_TYPES)]).toEqual(ROWS);
  expect(digests(copy)).toEqual(digests(source));
});

test('rows may be chosen and put in another order', () => {
  using rig = new DatasetRig();
  const source: Dataset = rig.dataset({ columns: NULLABLE }, [ROWS]);
  const writer = writerIn(rig, NULLABLE);
  const rows = Uint32Array.of(999, 0, 7, 7, 500);

  for (const batch of source.batches(0)) writer.writeBatch(batch.columns, { ...batch, rows });

  expect([...writer.finish().iterate(0, COLUMN_TYPES)]).toEqual([...rows].map((row) => ROWS[row]));
});

test('text in columnar form is taken with or without a bitmap', () => {
  using rig = new DatasetRig();
  const columns = {
    s: { type: 'string', nullable: true },
    j: 'json',
    b: 'bytes',
  } as const satisfies ColumnTypes;
  const writer = writerIn(rig, columns);
  const text = { offsets: Int32Array.of(1, 3, 3, 6), bytes: Buffer.from('-"a"ü1') };
  const json = { offsets: Int32Array.of(0, 1, 4, 6), bytes: Buffer.from('1"a"[]') };

  writer.writeBatch({ s: { ...text, validity: Uint8Array.of(0b101) }, j: json, b: text });

  expect([...writer.finish().iterate(0, ['s', 'j', 'b'])]).toEqual([
    ['"a', 1, new Uint8Array(Buffer.from('"a'))],
    [null, 'a', new Uint8Array()],
    ['"ü', [], new Uint8Array(Buffer.from('"ü'))],
  ]);
});

test('nulls by bitmap are zeros in the file, whatever stood there', () => {
  using rig = new DatasetRig();
  const columns = {
    f: { type: 'float64', nullable: true },
    i: { type: 'int64', nullable: true },
    s: { type: 'string', nullable: true },
  } as const satisfies ColumnTypes;
  const one = writerIn(rig, columns);
  const other = writerIn(rig, columns);
  const validity = { f: Uint8Array.of(1), i: Uint8Array.of(1), s: Uint8Array.of(1) };
  const s = { offsets: Int32Array.of(0, 1, 2), bytes: Buffer.from('ab') };

  one.writeBatch({ f: Float64Array.of(1, 7), i: BigInt64Array.of(1n, 7n), s }, { validity });
  other.write(1, 1, 'a');
  other.write(null, null, null);

  expect(digests(one.finish())).toEqual(digests(other.finish()));
});

test.each([
  ['bool', Uint8Array.of(1, 2), 'true or false, got 2 (number) in row 1'],
  ['int8', Int32Array.of(1, 128), 'an integer in [-128, 127], got 128 (number) in row 1'],
  ['date', Int32Array.of(0, 2 ** 30), 'a Date at midnight UTC, got 1073741824 (number) in row 1'],
  ['time', BigInt64Array.of(0n, -1n), 'got -1n (bigint) in row 1'],
  ['number', { offsets: Int32Array.of(0, 1), bytes: Buffer.from('1') }, 'a number or bigint, got'],
  ['string', { offsets: Int32Array.of(0, 9), bytes: Buffer.from('1') }, 'offsets that ascend'],
  ['string', { offsets: Int32Array.of(0, 1), bytes: Uint8Array.of(200) }, 'UTF-8'],
  ['json', { offsets: Int32Array.of(0, 1), bytes: Buffer.from('{') }, 'JSON text'],
] as const)('a batch for a %s column is looked through: %s', (type, values, message) => {
  using rig = new DatasetRig();
  const writer = writerIn(rig, { x: type });

  expect(() => {
    writer.writeBatch({ x: values });
    writer.finish();
  }).toThrow(message);
});

test('a null by bitmap is refused in a column that is not nullable', () => {
  using rig = new DatasetRig();

  for (const [type, values] of [
    ['int32', Int32Array.of(1, 2, 3)],
    ['int64', BigInt64Array.of(1n, 2n, 3n)],
    ['string', { offsets: Int32Array.of(0, 1, 2, 3), bytes: Buffer.from('abc') }],
  ] as const) {
    const writer = writerIn(rig, { x: type });
    const validity = { x: Uint8Array.of(0b101) };
    expect(() => writer.writeBatch({ x: values }, { validity })).toThrow(
      /got null in row 1 of slice 0/,
    );
  }
});

test('many rows of one slice of bytes are appended at once', () => {
  using rig = new DatasetRig();
  const writer = writerIn(rig, { s: 'string', b: 'bytes' });
  const fields = ['a', 'long text '.repeat(20), '', 'grün', 'x', 'end'];
  const bytes = Buffer.from(fields.join(''));
  const ends = Int32Array.from(fields, (_, i) =>
    Buffer.byteLength(fields.slice(0, i + 1).join('')),
  );
  const starts = Int32Array.from(fields, (_, i) => (i === 0 ? 0 : (ends[i - 1] ?? 0)));

  writer.columns.s?.appendSlices(bytes, { starts, ends, from: 0, to: 6, step: 2 });
  writer.columns.b?.appendSlices(bytes, { starts, ends, from: 1, to: 6, step: 2 });
  writer.endRows(3);

  expect([...writer.finish().iterate(0, ['s', 'b'])]).toEqual(
    [0, 2, 4].map((i) => [fields[i], new Uint8Array(Buffer.from(fields[i + 1] ?? ''))]),
  );
  expect(() => writer.endRows(0)).toThrow();
});
