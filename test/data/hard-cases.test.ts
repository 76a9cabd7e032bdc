import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../src/data/column-values.ts';
import type { Dataset } from '../../src/method/dataset/dataset.ts';
import { COLUMN_TYPES } from '../../src/model/column-type.ts';
import { DatasetRig } from '../rig/datasets.ts';

const MIB = 1 << 20;

test('rows of 8 MB are written and read', () => {
  using rig = new DatasetRig();
  const rows = Array.from({ length: 6 }, (_, i) => [
    `${i}`.repeat(8 * MIB),
    new Uint8Array(8 * MIB).fill(i),
  ]);
  const dataset = rig.dataset({ columns: { s: 'string', b: 'bytes' } }, [rows]);

  let row = 0;
  for (const [s, b] of dataset.iterate(0, ['s', 'b'])) {
    expect(s === rows[row]?.[0]).toBe(true);
    expect(Buffer.from(b).equals(Buffer.from(rows[row]?.[1] ?? ''))).toBe(true);
    row++;
  }
  expect(row).toBe(6);
});

test('5,000 columns of all types are written and read', () => {
  using rig = new DatasetRig();
  const columns: ColumnTypes = Object.fromEntries(
    Array.from({ length: 5000 }, (_, i) => [
      `c${i}`,
      { type: COLUMN_TYPES[i % COLUMN_TYPES.length] ?? 'bool', nullable: true },
    ]),
  );
  const values = Object.values(columns).map((declaration, i) => {
    const type = typeof declaration === 'string' ? declaration : declaration.type;
    return type === 'int32' ? i : type === 'string' ? `value ${i}` : null;
  });
  const dataset: Dataset = rig.dataset({ columns }, [[values, values]]);

  const [, second] = [...dataset.iterate(0)];

  expect(Object.values(second ?? {})).toEqual(values);
  expect([...dataset.iterate(0, 'c4997')]).toEqual([values[4997], values[4997]]);
});

test('columns may have any names', () => {
  using rig = new DatasetRig();
  const names = [
    '',
    '/',
    'a/b',
    '..',
    '🐦',
    'ᚠ',
    '__proto__',
    'constructor',
    '\0',
    '\n',
    ' ',
    '42',
    '-',
  ];
  const columns = Object.fromEntries(names.map((name) => [name, 'string'])) as ColumnTypes;
  const dataset: Dataset = rig.dataset({ columns }, [
    [Object.keys(columns).map((name) => `in ${name}`)],
  ]);

  for (const name of names) expect([...dataset.iterate(0, name)]).toEqual([`in ${name}`]);
  const [row] = [...dataset.iterate(0)];
  expect(new Map(Object.entries(row ?? {}))).toEqual(
    new Map(names.map((name) => [name, `in ${name}`])),
  );
});

test('64 slices, some of them empty, are read in order', () => {
  using rig = new DatasetRig();
  const slices = Array.from({ length: 64 }, (_, slice) =>
    Array.from({ length: slice % 3 }, (_row, i) => [slice * 10 + i, `slice ${slice}`]),
  );
  const dataset = rig.dataset({ columns: { n: 'int32', s: 'string' } }, slices);

  expect(dataset.lines).toEqual(slices.map((rows) => rows.length));
  expect([...dataset.iterate(null, ['n', 's'])]).toEqual(slices.flat());
});

test('no rows at all are a dataset, of every type', () => {
  using rig = new DatasetRig();
  const columns: ColumnTypes = Object.fromEntries(COLUMN_TYPES.map((type) => [type, type]));
  const dataset: Dataset = rig.dataset({ columns }, [[], []]);

  expect([...dataset.iterate(null)]).toEqual([]);
  expect([...dataset.batches(null)]).toEqual([]);
  expect(COLUMN_TYPES.map((type) => [dataset.min(type), dataset.max(type)])).toEqual(
    COLUMN_TYPES.map(() => [null, null]),
  );
});

test('NaN of any bits is one NaN, in digests and bounds', () => {
  using rig = new DatasetRig();
  const bits = [0x7f_f8_00_00_00_00_00_00n, 0xff_f0_00_00_00_00_00_01n, 0x7f_ff_ff_ff_ff_ff_ff_ffn];
  const odd = new Float64Array(BigUint64Array.from(bits).buffer);
  const writer = rig.stage({ slices: 1 }).create({ columns: { x: 'float64' } });
  writer.setSlice(0);
  writer.writeBatch({ x: odd });
  const one = writer.finish();
  const other = rig.dataset({ columns: { x: 'float64' } }, [bits.map(() => [Number.NaN])]);

  expect([...one.iterate(0, 'x')]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(one.columns.x.digest).toBe(other.columns.x.digest);
  expect([one.min('x'), one.max('x')]).toEqual([Number.NaN, Number.NaN]);
});

test.each(['float32', 'float64', 'number'] as const)(
  'bounds of %s leave out NaN and nulls unless there is nothing else, over slices too',
  (type) => {
    using rig = new DatasetRig();
    const columns = { x: { type, nullable: true } } as const;
    const boundsOf = (...slices: (number | null)[][]): unknown[] => {
      const dataset = rig.dataset(
        { columns },
        slices.map((rows) => rows.map((value) => [value])),
      );
      return [dataset.min('x'), dataset.max('x')];
    };

    expect(boundsOf([Number.NaN], [null])).toEqual([Number.NaN, Number.NaN]);
    expect(boundsOf([Number.NaN, 1, null], [Number.NaN], [-2])).toEqual([-2, 1]);
    expect(boundsOf([Infinity, Number.NaN], [-Infinity])).toEqual([-Infinity, Infinity]);
    expect(boundsOf([null], [])).toEqual([null, null]);
  },
);

/** What reading gives for a bigint. */
function safe(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

test('numbers come back exactly around every power of two', () => {
  using rig = new DatasetRig();
  const exponents = [7, 15, 16, 31, 32, 53, 63, 64, 127, 200, 1007];
  const values = exponents.flatMap((exponent) =>
    [-2n, -1n, 0n, 1n, 2n].flatMap((step) => [
      2n ** BigInt(exponent) + step,
      step - 2n ** BigInt(exponent),
    ]),
  );
  const dataset = rig.dataset({ columns: { x: 'number' } }, [values.map((value) => [value])]);

  expect([...dataset.iterate(0, 'x')]).toEqual(values.map(safe));
  expect([dataset.min('x'), dataset.max('x')]).toEqual([-(2n ** 1007n) - 2n, 2n ** 1007n + 2n]);
});

test('strings around the sizes of buffers, and beyond, keep their bytes', () => {
  using rig = new DatasetRig();
  const lengths = [
    0,
    1,
    39,
    40,
    41,
    63,
    64,
    65,
    1023,
    1024,
    1025,
    131_071,
    131_072,
    131_073,
    2 * MIB,
  ];
  const rows = lengths.flatMap((length) => [['x'.repeat(length)], ['ü'.repeat(length >> 1)]]);
  const dataset = rig.dataset({ columns: { s: 'string' } }, [rows]);

  expect([...dataset.iterate(0, 's')].map((text, i) => text === rows[i]?.[0])).toEqual(
    rows.map(() => true),
  );
});
