import { expect, it } from 'vitest';

import { dateText, datetimeText } from '../../methods/lib/csv/date-text.ts';

const MOMENTS = [
  0, -1, 1, 86_399_999, 86_400_000, -86_400_001, 1_709_251_199_123, -62_135_596_800_000,
  253_402_300_800_000, -8_640_000_000_000_000, 8_640_000_000_000_000,
];

it('days and moments are written as the language writes them', () => {
  for (const moment of MOMENTS) {
    const text = new Date(moment).toISOString();
    expect(datetimeText(new Date(moment))).toBe(text);
    expect(datetimeText(BigInt(moment) * 1000n)).toBe(text);
    expect(dateText(new Date(moment))).toBe(text.slice(0, -'T00:00:00.000Z'.length));
  }
});

it('microseconds are written where there are some', () => {
  expect(datetimeText(1n)).toBe('1970-01-01T00:00:00.000001Z');
  expect(datetimeText(-1n)).toBe('1969-12-31T23:59:59.999999Z');
  expect(datetimeText(-999_999n)).toBe('1969-12-31T23:59:59.000001Z');
});
