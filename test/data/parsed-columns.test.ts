import { expect, test } from 'vitest';

import type { ColumnTypes } from '../../src/data/column-values.ts';
import { columnTypeText, PARSED_TARGETS } from '../../src/model/column-type.ts';
import type { ColumnDeclaration, ParsedTarget } from '../../src/model/column-type.ts';
import { DatasetRig } from '../rig/datasets.ts';

function written(declaration: ColumnDeclaration, values: readonly unknown[]): unknown[] {
  using rig = new DatasetRig();
  const columns: ColumnTypes = { x: declaration };
  const dataset = rig.dataset({ columns }, [values.map((value) => [value])]);
  return [...dataset.iterate(0, 'x')];
}

const NINES = '9'.repeat(200);

test.each<[ParsedTarget, readonly unknown[], readonly unknown[]]>([
  [
    'number',
    [' 1e55 ', '+1', NINES, 'nan', '-inf', 7, 2n ** 70n, '0.1'],
    [1e55, 1, BigInt(NINES), Number.NaN, -Infinity, 7, 2n ** 70n, 0.1],
  ],
  ['float32', ['\n\t+5.\r', '011', 'inf', '.5', 1.5], [5, 11, Infinity, 0.5, 1.5]],
  [
    'float64',
    [' -011 \n', '1e-300', 'NaN', '-Infinity', 1],
    [-11, 1e-300, Number.NaN, -Infinity, 1],
  ],
  ['int8', ['-0', ' 9 ', '011', -128], [0, 9, 11, -128]],
  ['uint32', ['-0', ' 9 ', '4294967295', 1], [0, 9, 4_294_967_295, 1]],
  ['int64', ['-0', ' 9 ', '-9223372036854775808', 2n], [0n, 9n, -(2n ** 63n), 2n]],
  [
    'json',
    ['null', ' {"a": 1} ', '"text"', { b: 2 }, null],
    [null, { a: 1 }, 'text', { b: 2 }, null],
  ],
  ['bool', ['true', ' False ', '1', '0', true], [true, false, true, false, true]],
  [
    'date',
    [' 2024-02-29 ', '0044-03-15', '+012024-01-01', '-000043-03-15', new Date(0)],
    [
      new Date('2024-02-29'),
      new Date('0044-03-15'),
      new Date('+012024-01-01'),
      new Date('-000043-03-15'),
      new Date(0),
    ],
  ],
  [
    'time',
    ['23:59', '00:00:01', '12:34:56.000007', '00:00:00.5000000', 5],
    [86_340_000_000, 1_000_000, 45_296_000_007, 500_000, 5],
  ],
  [
    'datetime',
    ['2024-02-29', '2024-02-29T12:00Z', '2024-02-29 12:00:00+02:00', '1969-12-31t23:59:59-0030'],
    [
      new Date('2024-02-29'),
      new Date('2024-02-29T12:00Z'),
      new Date('2024-02-29T10:00Z'),
      new Date('1970-01-01T00:29:59Z'),
    ],
  ],
  ['datetime', ['2024-02-29T12:00:00.000001Z', 7n], [1_709_208_000_000_001n, 7n]],
])('parsed:%s takes values and text that stands for them', (target, values, expected) => {
  expect(written(`parsed:${target}`, values)).toEqual(expected);
});

const REJECTED = ['', '+', '-', '1+1', 'foo', '1 two', '0x5', 'None', '"open'];

test.each(PARSED_TARGETS)(
  'parsed:%s refuses other text, and null unless it is nullable',
  (target) => {
    for (const text of REJECTED) {
      expect(() => written(`parsed:${target}`, [text]), text).toThrow(
        `Expected column "x" of dataset "default" to get a value of type ${target}, or text that stands for one, ` +
          `got ${JSON.stringify(text)} (string) in row 0 of slice 0`,
      );
    }
    if (target !== 'json') expect(() => written(`parsed:${target}`, [null])).toThrow('got null');
    expect(written({ type: `parsed:${target}`, nullable: true }, [null])).toEqual([null]);
  },
);

test('days and times that there are not are no values', () => {
  const wrong: readonly (readonly [ParsedTarget, string])[] = [
    ['date', '2023-02-29'],
    ['date', '2024-13-01'],
    ['date', '-000000-01-01'],
    ['date', '+300000-01-01'],
    ['date', '2024-02-29T00:00'],
    ['time', '24:00'],
    ['time', '12:00:00.0000001'],
    ['time', '1:00'],
    ['datetime', '2024-02-30T12:00'],
    ['datetime', '2024-02-29T12'],
    ['datetime', '2024-02-29Z'],
    ['datetime', '2024-02-29T12:00+25:00'],
  ];
  for (const [target, text] of wrong) {
    expect(() => written(`parsed:${target}`, [text]), text).toThrow(
      `a value of type ${target}, or text that stands for one, got "${text}"`,
    );
  }
});

test('text of integers has neither point nor exponent, and fits', () => {
  for (const text of ['1.', '.1', '1.0', '1e3', '128']) {
    expect(() => written('parsed:int8', [text]), text).toThrow('in row 0 of slice 0');
  }
  expect(() => written('parsed:float64', ['1e999'])).toThrow('in row 0 of slice 0');
  expect(() => written('parsed:float32', ['1e39'])).toThrow('in row 0 of slice 0');
});

test('a parsed column is a column of its type in the dataset', () => {
  using rig = new DatasetRig();
  const columns = { x: { type: 'parsed:int32', nullable: true, default: 42 } } as const;
  const dataset = rig.dataset({ columns }, [[['1'], ['?'], [null]]]);

  expect(dataset.columns.x).toMatchObject({ type: 'int32', nullable: true });
  expect([...dataset.iterate(0, 'x')]).toEqual([1, 42, null]);
  expect(columnTypeText(columns.x)).toBe('int32?');
});

test.each<[ColumnDeclaration, unknown, unknown]>([
  [{ type: 'bool', default: true }, 'no', true],
  [{ type: 'int8', default: -1 }, 128, -1],
  [{ type: 'uint16', default: 1 }, -1, 1],
  [{ type: 'int32', default: 42 }, '1', 42],
  [{ type: 'int64', default: 2n ** 60n }, 0.5, 2n ** 60n],
  [{ type: 'float32', default: 0.5 }, 1e300, 0.5],
  [{ type: 'float64', default: Number.NaN }, null, Number.NaN],
  [{ type: 'number', default: 7 }, '7', 7],
  [{ type: 'date', default: new Date(0) }, new Date(1), new Date(0)],
  [{ type: 'time', default: 5 }, -1, 5],
  [{ type: 'datetime', default: new Date(7) }, 'now', new Date(7)],
  [{ type: 'string', default: '?' }, 5, '?'],
  [{ type: 'bytes', default: Uint8Array.of(1) }, 'text', Uint8Array.of(1)],
  [{ type: 'json', default: {} }, Number.NaN, {}],
  [{ type: 'int32', nullable: true, default: null }, 'text', null],
  [{ type: 'parsed:json', default: 42 }, '{', 42],
])('%o stores its default instead of %o', (declaration, bad, expected) => {
  expect(written(declaration, [bad])).toEqual([expected]);
});

test('a default that the column cannot hold is refused when writing starts', () => {
  for (const declaration of [
    { type: 'int8', default: 128 },
    { type: 'string', default: null },
    { type: 'parsed:float64', default: 'one' },
  ] as const) {
    expect(() => written(declaration, [])).toThrow(
      /Expected the default of column "x" of dataset "default"/,
    );
  }
});

test('bytes and batches are converted, too', () => {
  using rig = new DatasetRig();
  const columns = { n: 'parsed:int32', s: { type: 'int8', default: 0 } } as const;
  const writer = rig.stage({ slices: 1 }).create({ columns });
  writer.setSlice(0);

  writer.writeBatch({ n: ['1', 2], s: [5, 500] });
  writer.columns.n.appendBytes(Buffer.from('x 33 y'), 1, 5);
  writer.columns.s.append('text');
  writer.endRow();

  expect([...writer.finish().iterate(0, ['n', 's'])]).toEqual([
    [1, 5],
    [2, 0],
    [33, 0],
  ]);
});
