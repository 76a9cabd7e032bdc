import { describe, expect, it } from 'vitest';

import { calendarLabel } from '../../../src/cli/looking/calendar-bins.ts';
import { binEdges, chooseBins } from '../../../src/cli/looking/histogram-bins.ts';

const US_PER_DAY = 86_400_000_000;

function day(text: string): number {
  return Date.parse(text) / 86_400_000;
}

/** Labels of the first and the last bin, and how many there are. */
function labels(type: string, from: string, to: string, most = 20): readonly unknown[] {
  const scale = type === 'date' ? 1 : US_PER_DAY;
  const bins = chooseBins(type, { min: day(from) * scale, max: day(to) * scale }, most);
  const labelOf = (bin: number): string =>
    calendarLabel(type, bins, binEdges(bins, bin))?.join(' ') ?? String(binEdges(bins, bin));
  return [bins.count, labelOf(0), labelOf(bins.count - 1)];
}

describe('bins of days', () => {
  it('are months, quarters and years where they are long', () => {
    expect(labels('date', '2023-02-10', '2024-03-01')).toEqual([14, '2023-02', '2024-03']);
    expect(labels('date', '2019-01-01', '2023-12-31')).toEqual([
      20,
      '2019-01 … 2019-03',
      '2023-10 … 2023-12',
    ]);
    expect(labels('date', '1968-12-31', '1980-01-01')).toEqual([13, '1968', '1980']);
    expect(labels('date', '1001-05-05', '2000-01-01')).toEqual([11, '1000 … 1099', '2000 … 2099']);
  });

  it('are days and weeks from Monday on where they are short', () => {
    const bins = chooseBins('date', { min: day('2024-02-28'), max: day('2024-05-01') }, 12);
    expect(bins).toEqual({ start: day('2024-02-26'), width: 7, count: 10 });
    expect(chooseBins('date', { min: 0, max: 9 }, 20)).toEqual({ start: 0, width: 1, count: 10 });
  });

  it('are of equal width where no Date reaches', () => {
    const bins = chooseBins('date', { min: -2_000_000_000, max: 2_000_000_000 }, 20);
    expect(bins.edges).toBeUndefined();
    expect(bins.count).toBeLessThanOrEqual(20);
  });
});

it('bins of datetimes are called as short as they can be', () => {
  expect(labels('datetime', '2024-01-01', '2024-12-31T23:59:59Z')).toEqual([
    12,
    '2024-01',
    '2024-12',
  ]);
  expect(labels('datetime', '2024-01-01', '2024-01-05')).toEqual([
    17,
    '2024-01-01 00:00 … 2024-01-01 06:00',
    '2024-01-05 00:00 … 2024-01-05 06:00',
  ]);
  expect(labels('datetime', '2024-01-01', '2024-01-15')).toEqual([15, '2024-01-01', '2024-01-15']);
  expect(labels('datetime', '2024-01-01', '2024-01-01T00:00:10Z')[1]).toMatch(/^\d+,\d+$/u);
});

it('edges lie on the first of a month', () => {
  const bins = chooseBins('date', { min: day('2023-12-05'), max: day('2024-12-31') }, 20);
  expect(bins.edges?.map((edge) => new Date(edge * 86_400_000).getUTCDate())).toEqual(
    Array.from({ length: 14 }, () => 1),
  );
});
