import { describe, expect, it } from 'vitest';

import { SlicePlacer } from '../../src/data/hash-column.ts';
import type { PlaceableColumn } from '../../src/data/hash-column.ts';
import { hashSlice, hashValue, murmur3 } from '../../src/data/hash.ts';
import type { HashableValue } from '../../src/data/hash.ts';
import type { ColumnType } from '../../src/model/column-type.ts';

const SLICES = [1, 2, 3, 7, 8, 23, 64, 1000, 1_048_577];

function place(
  type: ColumnType,
  values: PlaceableColumn,
  length: number,
  slices: number,
): number[] {
  return [...new SlicePlacer(type, slices).place({ values, length })];
}

function textOf(strings: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } {
  const parts = strings.map((text) => Buffer.from(text));
  let end = 0;
  const offsets = Int32Array.from([0, ...parts.map((part) => (end += part.length))]);
  return { offsets, bytes: new Uint8Array(Buffer.concat(parts)) };
}

describe('murmur3', () => {
  it('gives the verification value that SMHasher publishes for MurmurHash3_x86_128', () => {
    const key = new Uint8Array(256);
    const hashes = new Uint32Array(256 * 4);
    for (let i = 0; i < 256; i++) {
      key[i] = i;
      murmur3(key, 0, i, 256 - i, hashes.subarray(i * 4, i * 4 + 4));
    }
    const final = new Uint32Array(4);
    murmur3(new Uint8Array(hashes.buffer), 0, hashes.byteLength, 0, final);
    expect(final[0]).toBe(0xb3ece62a);
  });

  it.each([
    ['I will not buy this record, it is scratched.', 'a0a9683b25ac5e40d9af2895890dddf5'],
    ["I will not buy this tobacconist's, it is scratched.", '9b5b7ba2ef3f7866889adeaf00f3f98e'],
  ])('gives the vector published with murmurhash3js: %s', (text, expected) => {
    const out = new Uint32Array(4);
    const bytes = new TextEncoder().encode(text);
    murmur3(bytes, 0, bytes.length, 0, out);
    const hex = [...out].map((word) => word.toString(16).padStart(8, '0')).join('');
    expect(hex).toBe(expected);
  });
});

describe('hashValue', () => {
  it('is the first 64 bits of the hash', () => {
    expect(hashValue('I will not buy this record, it is scratched.')).toBe(0x25ac5e40_a0a9683bn);
  });

  it('keeps the values that are stored with datasets', () => {
    const values: HashableValue[] = [
      1,
      -1,
      42,
      0.5,
      2 ** 53,
      2 ** 63,
      NaN,
      Infinity,
      'a',
      'åäö',
      10n ** 30n,
    ];
    expect(values.map((value) => hashValue(value).toString(16))).toMatchInlineSnapshot(`
      [
        "e8bd67d616d4ce9a",
        "574f66bd212b5d1a",
        "c20b94f95119f47a",
        "19f111b89c712675",
        "ebc1328bd79d72b8",
        "6db02869c25a4923",
        "e972667f1e3af1e2",
        "b269bc8ea51f1fe7",
        "5556b01ba794933c",
        "4e153ee5e5148a13",
        "7a239911ad22cd08",
      ]
    `);
  });

  it('is 0 for null, 0, −0, no text, no bytes and false', () => {
    for (const value of [null, undefined, 0, -0, 0n, '', new Uint8Array(0), false, new Date(0)]) {
      expect(hashValue(value)).toBe(0n);
    }
  });

  it('is the same for equal values of different types', () => {
    expect(hashValue(42n)).toBe(hashValue(42));
    expect(hashValue(-(2n ** 62n))).toBe(hashValue(-(2 ** 62)));
    expect(hashValue(2n ** 70n)).toBe(hashValue(2 ** 70));
    expect(hashValue(-(2n ** 63n))).toBe(hashValue(-(2 ** 63)));
    expect(hashValue(new TextEncoder().encode('åäö'))).toBe(hashValue('åäö'));
    const day = new Date('2286-05-06');
    expect(hashValue(day)).toBe(hashValue(BigInt(day.getTime()) * 1000n));
    expect(hashValue(true)).toBe(hashValue(1));
    const odd = new Float64Array(new BigInt64Array([0x7ff8_0000_0000_1234n]).buffer)[0];
    expect(hashValue(odd)).toBe(hashValue(NaN));
  });

  it('tells apart integers that no float is equal to', () => {
    const large = [10n ** 30n, 10n ** 30n + 1n, -(10n ** 30n), 2n ** 64n + 1n];
    expect(new Set(large.map(hashValue)).size).toBe(large.length);
  });

  it('refuses what has no hash', () => {
    expect(() => hashValue({} as HashableValue)).toThrow(/can be hashed .* got object/);
    expect(() => new SlicePlacer('json', 2)).toThrow(/got one of type json/);
  });

  it('is used modulo the number of slices, unsigned', () => {
    for (const slices of SLICES) {
      for (let i = 0; i < 300; i++) {
        for (const value of [i, i / 7, `text ${i}`, -(i ** 9)]) {
          expect(hashSlice(value, slices)).toBe(Number(hashValue(value) % BigInt(slices)));
        }
      }
    }
  });

  it('spreads rows evenly', () => {
    const counts = Array.from({ length: 8 }, () => 0);
    for (let i = 0; i < 80_000; i++) counts[hashSlice(i, 8)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('SlicePlacer', () => {
  const integers = [0, 1, -1, 42, 127, -128];
  const bits = [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 2n ** 53n + 1n];
  const floats = [0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 40, -(2 ** 62), 2 ** 63, 1e300];
  const strings = [
    '',
    'a',
    'ab',
    'abc',
    'abcd',
    'åäö',
    'x'.repeat(15),
    'y'.repeat(16),
    'z'.repeat(33),
  ];
  const days = Int32Array.from([0, 1, -1, 18_262, 100_000_000]);

  it.each(SLICES)('agrees with hashSlice for %i slices', (slices) => {
    const one = (values: readonly HashableValue[]): number[] =>
      values.map((value) => hashSlice(value, slices));
    for (const Typed of [Int8Array, Int16Array, Int32Array, Float32Array, Float64Array]) {
      const values = Typed.from(integers);
      expect(place('int32', values, values.length, slices)).toEqual(one(integers));
    }
    for (const Typed of [Uint8Array, Uint16Array, Uint32Array]) {
      expect(place('int32', Typed.from([0, 1, 200]), 3, slices)).toEqual(one([0, 1, 200]));
    }
    const unsigned = Uint32Array.of(4_294_967_295);
    expect(place('int64', unsigned, 1, slices)).toEqual(one([4_294_967_295]));
    expect(place('int64', BigInt64Array.from(bits), bits.length, slices)).toEqual(one(bits));
    expect(place('float64', Float64Array.from(floats), floats.length, slices)).toEqual(one(floats));
    expect(place('string', textOf(strings), strings.length, slices)).toEqual(one(strings));
    expect(place('string', strings, strings.length, slices)).toEqual(one(strings));
    const dates = [...days].map((day) => new Date(day * 86_400_000));
    expect(place('date', days, days.length, slices)).toEqual(one(dates));
    const coded = {
      codes: Int32Array.of(2, 0, 2, 1),
      length: 4,
      dictionary: textOf(['p', 'q', 'r']),
    };
    expect(place('string', coded, 4, slices)).toEqual(one(['r', 'p', 'r', 'q']));
  });

  it('puts nulls into slice 0', () => {
    const values = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const validity = Uint8Array.of(0b1010_1010, 0);
    const places = [...new SlicePlacer('int32', 64).place({ values, length: 9, validity })];
    const expected = [...values].map((value, i) => (i % 2 === 1 ? hashSlice(value, 64) : 0));
    expect(places).toEqual(expected);
  });

  it('takes text that does not begin at the first byte', () => {
    const text = textOf(['skip', 'one', 'two']);
    const cut = { offsets: text.offsets.subarray(1), bytes: text.bytes };
    expect(place('string', cut, 2, 7)).toEqual([hashSlice('one', 7), hashSlice('two', 7)]);
  });
});
