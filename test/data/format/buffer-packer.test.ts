import { createHash } from 'node:crypto';

import { expect, it } from 'vitest';

import { BufferPacker } from '../../../src/data/format/buffer-packer.ts';
import { decompress } from '../../../src/data/format/codecs.ts';

const DIGITS = Buffer.from(Array.from({ length: 4000 }, (_, i) => Math.imul(i, 40_503)).join(''));
const PHRASE = Buffer.from('the same phrase again, '.repeat(400));
const NOISE = Buffer.concat(
  Array.from({ length: 60 }, (_, i) => createHash('sha512').update(String(i)).digest()),
);
const PLACE = { column: 0, index: 2, isOffsets: false, valueBytes: 0 };

it('every batch can be read, whatever was best for the batches before it', () => {
  const packer = new BufferPacker('zstd');
  const umlauts = Buffer.from('Überlänge '.repeat(500));
  for (const bytes of [DIGITS, PHRASE, umlauts, DIGITS]) {
    for (let batch = 0; batch < 10; batch++) {
      const frame = packer.pack(bytes, PLACE);
      expect(frame).toBeDefined();
      const plain = new Uint8Array(bytes.length);
      decompress('zstd', frame ?? new Uint8Array(0), plain);
      expect(Buffer.compare(plain, bytes)).toBe(0);
    }
  }
});

it('what is given stays valid while other buffers are compressed', () => {
  const packer = new BufferPacker('zstd');
  const texts = [DIGITS, PHRASE, DIGITS.subarray(5000).toReversed(), Buffer.from('01'.repeat(999))];
  const frames = Array.from({ length: 3 }, () =>
    texts.map((bytes, column) => packer.pack(bytes, { ...PLACE, column })),
  );
  for (const [i, frame = new Uint8Array(0)] of frames.flat().entries()) {
    const bytes = texts[i % texts.length] ?? DIGITS;
    const plain = new Uint8Array(bytes.length);
    decompress('zstd', frame, plain);
    expect(Buffer.compare(plain, bytes)).toBe(0);
  }
});

it('what did not shrink is tried again after some batches', () => {
  const packer = new BufferPacker('lz4');
  expect(packer.pack(NOISE, PLACE)).toBeUndefined();
  const tried = Array.from({ length: 40 }, () => packer.pack(PHRASE, PLACE) !== undefined);

  expect(tried.indexOf(true)).toBe(15);
  expect(tried.lastIndexOf(false)).toBe(14);
  expect(packer.pack(PHRASE, { ...PLACE, column: 1 })).toBeDefined();
});

it('offsets must shrink to half', () => {
  const packer = new BufferPacker('zstd');
  const place = { column: 0, index: 1, valueBytes: 4 };
  const far = Int32Array.from(
    { length: 9000 },
    (_, i) => Math.imul(Math.imul(i, 40_503) ^ (i >>> 3), 0x2c_1b_3c_6d) >>> 15,
  );
  const bytes = new Uint8Array(far.buffer);
  expect(packer.pack(bytes, { ...place, isOffsets: true })).toBeUndefined();
  expect(packer.pack(bytes, { ...place, column: 1, isOffsets: false })).toBeDefined();
});

it('values of fixed size are packed by what repeats in them', () => {
  const packer = new BufferPacker('zstd');
  const place = { column: 0, index: 1, isOffsets: false, valueBytes: 8 };
  for (let batch = 0; batch < 40; batch++) {
    const values = BigInt64Array.from({ length: 9000 }, (_, i) => BigInt(i * (batch + 1)));
    const bytes = new Uint8Array(values.buffer);
    const frame = packer.pack(bytes, place) ?? new Uint8Array(0);
    const plain = new Uint8Array(bytes.length);
    decompress('zstd', frame, plain);
    expect(Buffer.compare(plain, bytes)).toBe(0);
    expect(frame.length).toBeLessThan(bytes.length / 2);
  }
});
