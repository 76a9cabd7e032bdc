import { describe, expect, it } from 'vitest';

import { NO_VALUE, readAs, readMoments } from './read-texts.ts';

describe('time zones', () => {
  const texts = ['2020-09-30 13:44', '2020-02-22 12:44', '1970-01-01 00:00', '2500-07-01 12:00'];

  it.each([
    [
      'UTC',
      ['2020-09-30 13:44:00', '2020-02-22 12:44:00', '1970-01-01 00:00:00', '2500-07-01 12:00:00'],
    ],
    [
      'Europe/Stockholm',
      ['2020-09-30 11:44:00', '2020-02-22 11:44:00', '1969-12-31 23:00:00', '2500-07-01 10:00:00'],
    ],
    [
      'America/St_Johns',
      ['2020-09-30 16:14:00', '2020-02-22 16:14:00', '1970-01-01 03:30:00', '2500-07-01 14:30:00'],
    ],
    [
      'Asia/Kathmandu',
      ['2020-09-30 07:59:00', '2020-02-22 06:59:00', '1969-12-31 18:30:00', '2500-07-01 06:15:00'],
    ],
  ])('local time of %s becomes UTC', (zone, expected) => {
    expect(readMoments('%Y-%m-%d %H:%M', texts, zone)).toEqual(expected);
    // In another order, and by the way that takes texts of any width.
    expect(readMoments('%Y-%m-%d %?%H:%M', texts.toReversed(), zone)).toEqual(
      expected.toReversed(),
    );
  });

  it('an hour that comes twice is the first one, one that is left out is counted on from before', () => {
    expect(read('2024-10-27 02:30', 'Europe/Stockholm')).toBe('2024-10-27 00:30:00');
    expect(read('2024-10-27 03:00', 'Europe/Stockholm')).toBe('2024-10-27 02:00:00');
    expect(read('2024-03-31 02:30', 'Europe/Stockholm')).toBe('2024-03-31 01:30:00');
    expect(read('2024-03-31 01:59', 'Europe/Stockholm')).toBe('2024-03-31 00:59:00');
    expect(read('2024-03-31 03:00', 'Europe/Stockholm')).toBe('2024-03-31 01:00:00');
    // A day that was left out as a whole.
    expect(read('2011-12-30 12:00', 'Pacific/Apia')).toBe('2011-12-30 22:00:00');
    expect(read('2011-12-31 12:00', 'Pacific/Apia')).toBe('2011-12-30 22:00:00');
  });

  it('every hour of 30 years is what the platform makes of it', () => {
    for (const zone of ['America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca']) {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const moments = Array.from(
        { length: 20_000 },
        (_, i) => Date.UTC(1995, 0, 1) + i * 13 * 3_600_000,
      );
      const local = moments.map((at) => format.format(at));
      const found = readMoments('%Y-%m-%d %H:%M:%S', local, zone);
      // In the hour that comes twice, the second one is read as the first.
      const wrong = moments.filter((at, i) => {
        const time = Date.parse(`${found[i]}Z`);
        return time !== at && (time > at || format.format(time) !== local[i]);
      });
      expect(wrong).toEqual([]);
    }
  });

  it('counts since an epoch, and texts that say their zone, are of no other zone', () => {
    expect(readMoments('%s', ['0'], 'Asia/Tokyo')).toEqual(['1970-01-01 00:00:00']);
    expect(
      readAs('datetime', ['1970-01-01T00:00:00Z', '1970-01-01T09:00:00', '1970-01-01'], {
        zone: 'Asia/Tokyo',
      }),
    ).toEqual([0, 0, -32_400_000_000]);
  });
});

it('dates in the form of ISO 8601', () => {
  expect(
    readAs('date', ['2024-02-29', ' 2024-02-29 ', '2023-02-29', '2024-2-29', '2024-02-29T00:00']),
  ).toEqual([19_782, 19_782, NO_VALUE, NO_VALUE, NO_VALUE]);
  expect(readAs('time', ['23:59', '23:59:01', '23:59:01.5', '24:00', '9:00'])).toEqual([
    86_340_000_000,
    86_341_000_000,
    86_341_500_000,
    NO_VALUE,
    NO_VALUE,
  ]);
  expect(
    readAs('datetime', [
      '1970-01-02',
      '1970-01-01 00:00:01',
      '1970-01-01T00:00:01.000001',
      '1970-01-01T01:00+01:00',
      'x',
    ]),
  ).toEqual([86_400_000_000, 1_000_000, 1_000_001, 0, NO_VALUE]);
});

function read(text: string, zone: string): string {
  return readMoments('%Y-%m-%d %H:%M', [text], zone)[0] ?? '';
}
