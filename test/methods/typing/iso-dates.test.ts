import { expect, it } from 'vitest';

import { isoMoment } from '../../../methods/lib/values/iso-dates.ts';

/** Reads the text from the middle of other bytes, which must not matter. */
function read(type: 'date' | 'time' | 'datetime', text: string): bigint | undefined {
  const bytes = Buffer.from(`0${text}0`);
  const moment = isoMoment(type, bytes, 1, bytes.length - 1);
  if (moment === undefined) return undefined;
  return BigInt(moment.days) * 86_400_000_000n + BigInt(moment.microseconds);
}

it('every day of 800 years is read as the language reads it', () => {
  const misread: string[] = [];
  for (let days = -219_162; days < 73_048; days++) {
    const text = new Date(days * 86_400_000).toISOString().slice(0, 10);
    if (read('date', text) !== BigInt(days) * 86_400_000_000n) misread.push(text);
  }
  expect(misread).toEqual([]);
});

it.each(['0000-01-01', '-000001-12-31', '+012345-06-07', '-271821-04-20', '+275760-09-13'])(
  'the far date %s is read',
  (text) => {
    expect(read('date', text)).toBe(BigInt(Date.parse(`${text}T00:00:00Z`)) * 1000n);
  },
);
