import { expect, it } from 'vitest';

import { NoValue, parseDate, parseMoment } from '../../../methods/lib/values/iso-dates.ts';

/** Reads the text from the middle of other bytes, which must not matter. */
function read<T>(parse: (bytes: Buffer, start: number, end: number) => T, text: string): T {
  const bytes = Buffer.from(`0${text}0`);
  return parse(bytes, 1, bytes.length - 1);
}

function microseconds(text: string): bigint {
  const moment = read(parseMoment, text);
  return BigInt(moment.days) * 86_400_000_000n + BigInt(moment.microseconds);
}

it('every day of 800 years is read as the language reads it', () => {
  const misread: string[] = [];
  for (let days = -219_162; days < 73_048; days++) {
    const text = new Date(days * 86_400_000).toISOString().slice(0, 10);
    if (read(parseDate, text) !== days) misread.push(text);
  }
  expect(misread).toEqual([]);
});

it.each(['0000-01-01', '-000001-12-31', '+012345-06-07', '-271821-04-20', '+275760-09-13'])(
  'the far date %s is read',
  (text) => {
    expect(read(parseDate, text)).toBe(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
  },
);

it.each([
  '',
  '2024',
  '2024-02-30',
  '2023-02-29',
  '1900-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-1-1',
  '24-01-01',
  '2024/01/01',
  '2024-01-01 ',
  '2024-01-01T00:00',
  '20240101',
  '+2024-01-01',
])('date refuses %j', (text) => {
  expect(() => read(parseDate, text)).toThrow(NoValue);
});

it.each([
  ['1970-01-01', 0n],
  ['1970-01-01T00:00:01Z', 1_000_000n],
  ['1970-01-01 00:00:00.000001', 1n],
  ['1970-01-01t00:00:00.5z', 500_000n],
  ['1970-01-01T02:00+02:00', 0n],
  ['1969-12-31T23:30:00-0030', 0n],
  ['1969-12-31T23:59:59.999999', -1n],
  ['2024-02-29T23:59:59.123456000', 1_709_251_199_123_456n],
  ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
])('datetime %s is read', (text, value) => {
  expect(microseconds(text)).toBe(value);
});

it.each([
  '',
  '12:00',
  '2024-01-01T',
  '2024-01-01T1:00',
  '2024-01-01T24:00',
  '2024-01-01T23:60',
  '2024-01-01T23:59:60',
  '2024-01-01T23:59:5',
  '2024-01-01T23:59:59.',
  '2024-01-01T23:59:59.1234567',
  '2024-01-01T23:59x',
  '2024-01-01T23:59+2',
  '2024-01-01T23:59+24:00',
  '2024-01-01T23:59Zulu',
  '2024-01-01X23:59',
])('datetime refuses %j', (text) => {
  expect(() => microseconds(text)).toThrow(NoValue);
});
