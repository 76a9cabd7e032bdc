import { expect, test } from 'vitest';

import { packBits, unpackBits } from '../../src/data/bits.ts';

test('bits become bytes and bytes bits, of any number of rows', () => {
  const bits = Uint8Array.from({ length: 40 }, (_, i) => (i * 167 + 91) & 0xff);
  for (let rows = 0; rows <= 300; rows++) {
    const values = unpackBits(bits, rows);
    const expected = Array.from(
      { length: rows },
      (_, row) => ((bits[row >> 3] ?? 0) >> (row & 7)) & 1,
    );
    expect([...values]).toEqual(expected);

    const packed = packBits(values);
    expect(packed).toHaveLength(Math.ceil(rows / 8));
    expect([...unpackBits(packed, rows)]).toEqual(expected);
    if (rows % 8 > 0) expect((packed.at(-1) ?? 0) >> (rows % 8)).toBe(0);
  }
});
