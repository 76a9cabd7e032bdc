import { describe, expect, it } from 'vitest';

import { DateMatcher } from '../../../methods/lib/values/date-matcher.ts';
import { parseDatePattern, PatternError } from '../../../methods/lib/values/date-pattern.ts';
import { CASES, FIELDS, GROUPS, SPREADSHEETS } from './date-cases.ts';
import { NO_VALUE, readAs, readMoments } from './read-texts.ts';

/** Moments are written without what they have of 1970-01-01 00:00:00. */
function moment(text: string): string {
  const date = /^(\d{4}-\d\d-\d\d) ?/.exec(text);
  const time = date === null ? text : text.slice(date[0].length);
  return `${date?.[1] ?? '1970-01-01'} ${time === '' ? '00:00:00' : time}`;
}

describe.each([...CASES, ...SPREADSHEETS, ...GROUPS, ...FIELDS])('%s', (pattern, good, bad) => {
  const texts = Object.values(good).flat();
  const moments = Object.entries(good).flatMap(([text, written]) =>
    written.map(() => moment(text)),
  );
  const read = readMoments(pattern, texts).map((text) => text.replace(/(\.\d*?)0+$/, '$1'));

  it('reads what it describes', () => {
    expect(Object.fromEntries(texts.map((text, i) => [text, read[i]]))).toEqual(
      Object.fromEntries(texts.map((text, i) => [text, moments[i]])),
    );
  });

  it('reads it before something else', () => {
    // What goes on with a digit or white space might be read further.
    const more = texts.map((text) => `${text}x`);
    const values = readAs(`datetimei:${pattern}`, more);
    expect(values).toEqual(readAs(`datetime:${pattern}`, texts));
    expect(readMoments(pattern, more)).toEqual(more.map(() => NO_VALUE));
  });

  it('reads the same as date and time of day', () => {
    const values = readAs(`datetime:${pattern}`, texts).map(BigInt as (value: unknown) => bigint);
    const days = values.map((value) =>
      Number((value - mod(value, 86_400_000_000n)) / 86_400_000_000n),
    );
    expect(readAs(`date:${pattern}`, texts)).toEqual(days);
    expect(readAs(`time:${pattern}`, texts)).toEqual(
      values.map((value) => Number(mod(value, 86_400_000_000n))),
    );
  });

  it('refuses everything else', () => {
    expect(readMoments(pattern, bad)).toEqual(bad.map(() => NO_VALUE));
  });
});

function mod(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

const SPACES = '\t\n\u000b\f\r ';
const DIGITS = '0123456789';

it.each([
  ['% ', (c: string) => SPACES.includes(c)],
  ['%.', (c: string) => !SPACES.includes(c)],
  ['%*', () => true],
  ['%#', (c: string) => DIGITS.includes(c)],
  ['%@', (c: string) => !DIGITS.includes(c) && !SPACES.includes(c)],
  ['%^', (c: string) => !DIGITS.includes(c)],
])('%j takes one character of its kind, of all of ASCII', (wildcard, isTaken) => {
  const all = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i));
  const read = readMoments(
    `%Y${wildcard}%m`,
    all.map((c) => `3456${c}12`),
  );
  expect(read).toEqual(all.map((c) => (isTaken(c) ? '3456-12-01 00:00:00' : NO_VALUE)));
  expect(
    readMoments(
      `%Y${wildcard}%m`,
      all.map((c) => `3456${c}${c}12`),
    ),
  ).toEqual(all.map(() => NO_VALUE));
});

it('what was not understood is left, also where nothing was found', () => {
  expect(rest('%Y-%m-%d', '2022-11-23xyz')).toBe('date xyz');
  expect(rest('%Y-%m-%d', '2022-xyz')).toBe('none xyz');
  expect(rest('%Y-%m-%d', 'abc')).toBe('none abc');
});

it.each([
  ['%', '% is not complete'],
  ['%5', '%5 is not complete'],
  ['%Q', '%Q means nothing'],
  ['%?', '%? needs 1 elements after it, and there are 0'],
  ['%3?%Y-', '%3? needs 3 elements after it, and there are 2'],
  ['%0?%Y', '%0? needs at least one element'],
  ['%5,2@', '%5,2 is no range'],
  ['%2,3:%Y%m%d', '%2,3: takes no range'],
  ['%3e', '%3e is not possible'],
  ['%0f', '%0f reads no digit'],
  ['%10#', '%10# is not possible'],
  ['%1234567890@', '1234567890 is too large'],
])('the pattern %s is refused', (pattern, message) => {
  expect(() => parseDatePattern(pattern)).toThrow(PatternError);
  expect(() => parseDatePattern(pattern)).toThrow(message);
});

function rest(pattern: string, text: string): string {
  const bytes = Buffer.from(text);
  const matcher = new DateMatcher(parseDatePattern(pattern), '.'.charCodeAt(0));
  const isThere = matcher.match(bytes, 0, bytes.length);
  return `${isThere ? 'date' : 'none'} ${text.slice(matcher.position)}`;
}
