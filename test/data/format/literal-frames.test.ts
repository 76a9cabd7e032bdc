import { decompress as unpackWithFzstd } from 'fzstd';
import { describe, expect, it, test } from 'vitest';

import { codeLengths } from '../../../src/data/format/code-lengths.ts';
import { decompress } from '../../../src/data/format/codecs.ts';
import { literalFrame } from '../../../src/data/format/literal-frames.ts';

/** The same numbers in [0, 1) each time. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

function packed(bytes: Uint8Array): Uint8Array {
  const frame = literalFrame(bytes, bytes.length * 2 + 1000);
  if (frame === undefined) throw new Error('expected a frame');
  return frame.slice();
}

function unpacked(frame: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  decompress('zstd', frame, bytes);
  return bytes;
}

const fibonacci = (symbols: number): Uint8Array => {
  const runs: number[] = [];
  for (let symbol = 0, [a, b] = [1, 1]; symbol < symbols; symbol++) {
    runs.push(...Array.from({ length: a }, () => symbol + 32));
    [a, b] = [b, a + b];
  }
  return Uint8Array.from(runs);
};

describe('a frame of literals', () => {
  test.each([
    2, 3, 63, 64, 65, 1000, 131_071, 131_072, 131_073, 131_100, 400_000, 2_097_152, 2_097_153,
  ])('of %i bytes is what zstd reads', (length) => {
    const next = numbers();
    const bytes = Uint8Array.from({ length }, (_, i) => (i < 2 ? i : 48 + Math.floor(next() * 10)));
    const frame = packed(bytes);

    expect(Buffer.compare(unpacked(frame, length), bytes)).toBe(0);
    expect(Buffer.compare(unpackWithFzstd(frame), bytes)).toBe(0);
    if (length > 1000) expect(frame.length).toBeLessThan(length * 0.45);
  });

  it('is right for characters of any number and frequency', () => {
    const next = numbers();
    for (let round = 0; round < 300; round++) {
      const length = 2 + Math.floor(next() * 4000);
      const [symbols, skew] = [1 + Math.floor(next() * 127), next() * 6];
      const bytes = Uint8Array.from({ length }, () => Math.floor(symbols * next() ** skew));
      bytes.set([0, symbols]);
      expect(Buffer.compare(unpacked(packed(bytes), length), bytes)).toBe(0);
    }
  });

  it('is right where codes would become longer than zstd allows', () => {
    const bytes = fibonacci(24);
    expect(Buffer.compare(unpacked(packed(bytes), bytes.length), bytes)).toBe(0);
  });

  it('is right where a part of the text is unlike the rest and does not shrink', () => {
    const next = numbers();
    const noise = Uint8Array.from({ length: 200_000 }, () => Math.floor(next() * 128));
    const bytes = Buffer.concat([Buffer.alloc(700_000, 'a'), noise, Buffer.alloc(500_000, 'a')]);
    for (const part of [bytes, bytes.subarray(700_000)]) {
      expect(Buffer.compare(unpacked(packed(part), part.length), part)).toBe(0);
    }
  });

  it('of long text is right, and leaves little memory behind', () => {
    const next = numbers();
    const noise = Uint8Array.from({ length: 300_000 }, () => Math.floor(next() * 128));
    const bytes = Buffer.concat([noise, Buffer.alloc(20_000_000, 'ab'), noise]);
    expect(Buffer.compare(unpacked(packed(bytes), bytes.length), bytes)).toBe(0);
    const short = literalFrame(Buffer.from('ab'.repeat(1000)), 1000);
    expect(short?.buffer.byteLength).toBeLessThan(5_000_000);
  });

  it('is not made of one character, of other text than ASCII, or if it would be too long', () => {
    const digits = Buffer.from('0123456789'.repeat(1000));
    expect(literalFrame(Buffer.alloc(1000, 'a'), 1000)).toBeUndefined();
    expect(literalFrame(Buffer.from('smörgås'.repeat(100)), 1000)).toBeUndefined();
    expect(literalFrame(digits, 4000)).toBeUndefined();
    expect(literalFrame(digits, 5000)?.length).toBeLessThanOrEqual(5000);
  });
});

test('codes are complete, as short as counts allow, and not longer than the limit', () => {
  expect([...codeLengths([5, 0, 1, 1, 2], 11)]).toEqual([1, 0, 3, 3, 2]);
  for (const longest of [5, 6, 11]) {
    const counts = Array.from({ length: 30 }, (_, i) => Math.floor(1.6 ** i));
    const lengths = [...codeLengths(counts, longest)];
    expect(Math.max(...lengths)).toBe(longest);
    expect(lengths.reduce((sum, bits) => sum + 2 ** -bits, 0)).toBe(1);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  }
});
