import { decompress as unpackWithFzstd } from 'fzstd';
import { describe, expect, it, test } from 'vitest';

import { compress, decompress } from '../../../src/data/format/codecs.ts';
import { repeatFrame, repeatShape } from '../../../src/data/format/repeat-frames.ts';

/** The same numbers in [0, 1) each time. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

function longs(rows: number, value: (row: number) => number): Uint8Array {
  return new Uint8Array(BigInt64Array.from({ length: rows }, (_, i) => BigInt(value(i))).buffer);
}

function ints(rows: number, value: (row: number) => number): Uint8Array {
  return new Uint8Array(Int32Array.from({ length: rows }, (_, i) => value(i)).buffer);
}

function packed(bytes: Uint8Array, width: 4 | 8): Uint8Array | undefined {
  const shape = repeatShape(bytes, width);
  return shape && repeatFrame(bytes, shape, bytes.length)?.slice();
}

function expectWhole(frame: Uint8Array | undefined, bytes: Uint8Array): void {
  if (frame === undefined) throw new Error('expected a frame');
  const plain = new Uint8Array(bytes.length);
  decompress('zstd', frame, plain);
  expect(Buffer.compare(plain, bytes)).toBe(0);
  expect(Buffer.compare(unpackWithFzstd(frame), bytes)).toBe(0);
}

describe('a frame of repeats', () => {
  test.each([100, 1000, 16_383, 16_384, 16_385, 16_420, 65_536])(
    'of %i values is what zstd reads',
    (rows) => {
      const next = numbers();
      let sum = 0;
      const second = (): number => (1_546_300_800 + Math.floor(next() * 157_680_000)) * 1_000_000;
      const ids = longs(rows, (row) => row + 70_000);
      expectWhole(packed(ids, 8), ids);
      const offsets = ints(rows + 1, () => (sum += 15 + Math.floor(next() * 10)));
      expectWhole(packed(offsets, 4), offsets);
      const times = longs(rows, second);
      if (rows > 100) expectWhole(packed(times, 8), times);
    },
  );

  it('is right for the most there is room for', () => {
    const bytes = ints(131_088, (row) => row);
    expectWhole(packed(bytes, 4), bytes);
  });

  it('is right for values of any size and order', () => {
    const next = numbers();
    let made = 0;
    for (let round = 0; round < 300; round++) {
      const rows = 60 + Math.floor(next() ** 3 * 40_000);
      const [most, step] = [2 ** Math.floor(next() * 50), Math.floor(next() * 1000)];
      const [rare, random] = [next() ** 4, (): number => Math.floor(next() * most)];
      const value = (row: number): number => (next() < rare ? random() : (row * step) % 2 ** 40);
      const [bytes, width]: [Uint8Array, 4 | 8] =
        round % 2 === 0 ? [longs(rows, value), 8] : [ints(rows, value), 4];
      const frame = packed(bytes, width);
      if (frame === undefined) continue;
      expectWhole(frame, bytes);
      made++;
    }
    expect(made).toBeGreaterThan(200);
  });

  it('is about as small as that of zstd, or smaller', () => {
    const next = numbers();
    let sum = 0;
    const columns: readonly [Uint8Array, 4 | 8, number][] = [
      [longs(65_536, (row) => row), 8, 0.131],
      [longs(65_536, () => (sum += Math.floor(next() * 60)) * 1_000_000), 8, 0.49],
      [longs(65_536, () => (1_546_300_800 + Math.floor(next() * 1e8)) * 1_000_000), 8, 0.74],
      [ints(65_536, (row) => row * 20 + (row % 7)), 4, 0.33],
    ];
    for (const [bytes, width, part] of columns) {
      const frame = packed(bytes, width);
      expect((frame?.length ?? Infinity) / bytes.length).toBeLessThan(part);
      expect(frame?.length).toBeLessThan(compress('zstd', bytes).length * 1.05);
    }
  });

  it('is not made where nothing repeats, nor if it would be too long, nor of too much', () => {
    const next = numbers();
    const random = Uint8Array.from({ length: 8000 }, () => Math.floor(next() * 256));
    expect(packed(random, 8)).toBeUndefined();
    const ascending = longs(1000, (row) => row);
    expect(repeatFrame(ascending, { width: 8, start: 1, length: 7 }, 500)).toBeUndefined();
    expect(repeatShape(new Uint8Array(8 * 65_536 + 1000), 8)).toBeUndefined();
    expect(repeatShape(new Uint8Array(8), 8)).toBeUndefined();
  });
});
