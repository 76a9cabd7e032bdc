// One table of dates and times in ISO 8601 through everything that reads them.

import { expect, it } from 'vitest';

import { scriptOutput } from './script-output.ts';

const TYPES = ['date', 'time', 'datetime'] as const;
type DateType = (typeof TYPES)[number];

/** Texts, and what they mean: milliseconds since 1970, microseconds since midnight, microseconds since 1970. */
const READ: Readonly<Record<DateType, readonly (readonly [text: string, value: bigint])[]>> = {
  date: [
    ['1970-01-01', 0n],
    ['2024-02-29', 1_709_164_800_000n],
    ['0000-01-01', -62_167_219_200_000n],
    ['-000001-12-31', -62_167_305_600_000n],
    ['+012345-06-07', 327_416_947_200_000n],
    ['-271821-04-20', -8_640_000_000_000_000n],
    ['+275760-09-13', 8_640_000_000_000_000n],
    [' 1970-01-02 ', 86_400_000n],
  ],
  time: [
    ['00:00', 0n],
    ['23:59', 86_340_000_000n],
    ['23:59:59', 86_399_000_000n],
    ['23:59:59.5', 86_399_500_000n],
    ['23:59:59.999999', 86_399_999_999n],
    ['00:00:00.1234560', 123_456n],
    [`00:00:01.${'0'.repeat(80)}`, 1_000_000n],
    ['\t12:00 ', 43_200_000_000n],
  ],
  datetime: [
    ['1970-01-01', 0n],
    ['1970-01-01T00:00:01Z', 1_000_000n],
    ['1970-01-01T00:01', 60_000_000n],
    ['1970-01-01 00:00:00.000001', 1n],
    ['1970-01-01t00:00:00.5z', 500_000n],
    ['1970-01-01T02:00+02:00', 0n],
    ['1970-01-01T00:00:00.5-0230', 9_000_500_000n],
    ['1969-12-31T23:30:00-0030', 0n],
    ['1970-01-01T23:59+23:59', 0n],
    ['1969-12-31T23:59:59.999999', -1n],
    ['2024-02-29T23:59:59.1234560Z', 1_709_251_199_123_456n],
    ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
    ['+275760-09-13T00:00:00Z', 8_640_000_000_000_000_000n],
    [' 1970-01-01T00:00:02 ', 2_000_000n],
  ],
};

const REFUSED: Readonly<Record<DateType, readonly string[]>> = {
  date: [
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
    '2024-01-01T00:00',
    '20240101',
    '+2024-01-01',
    '-000000-01-01',
    '-271821-04-19',
    '+275760-09-14',
    '2024-01-0１',
    '2024-01-0\u0131',
  ],
  time: ['', '1:00', '24:00', '23:60', '23:59:60', '23:59:5', '23:59:59.', '12', '12:00Z'],
  datetime: [
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
    '2024-01-01T23:59+02',
    '2024-01-01T23:59+10:99',
    '2024-01-01T23:59+24:00',
    '2024-01-01T23:59Zulu',
    '2024-01-01X23:59',
    '2024-01-01Z',
  ],
};

const VALUES = `
  const value = (read) => read instanceof Date ? BigInt(read.getTime()) : BigInt(read);
  const values = (dataset) => Array.from(dataset.iterate(null, 'v', { datetime: 'bigint' }), value);
`;

it.each(TYPES)(
  'every import reads the same texts as %s, and no others',
  async (type) => {
    const texts = READ[type].map(([text]) => text);
    const refused = REFUSED[type];
    const { notes, output } = await scriptOutput(
      `${VALUES}
     const types = { v: '${type}' };
     const imported = await urd.build('csvimport', { filename: 'read.csv', types });
     note(values(imported.dataset()));
     const mixed = await urd.build('csvimport', { filename: 'refused.csv', types, allowBad: true });
     note((await mixed.load()).bad);
     const plain = urd.build('csvimport', { filename: 'read.csv' });
     const typed = await urd.build('dataset_type', { source: plain, column2type: types });
     note(values(typed.dataset()));
     const others = urd.build('csvimport', { filename: 'refused.csv' });
     const filtered = await urd.build('dataset_type', { source: others, column2type: types, filterBad: true });
     note(filtered.dataset('bad').shape[1]);
     const json = await urd.build('jsonl_import', { filename: 'read.jsonl', types });
     note(values(json.dataset()));
     for (const text of ${JSON.stringify(refused)}) {
       writeFileSync('one.jsonl', JSON.stringify({ v: text }));
       await urd.build('jsonl_import', { filename: 'one.jsonl', types }).then(() => note(text), () => undefined);
     }`,
      {
        'read.csv': csv(texts),
        'refused.csv': csv(refused),
        'read.jsonl': texts.map((text) => `${JSON.stringify({ v: text })}\n`).join(''),
      },
    );
    const expected = READ[type].map(([, value]) => value);
    const count = refused.length;
    expect(notes, output).toEqual([expected, count, expected, count, expected]);
  },
  60_000,
);

function csv(texts: readonly string[]): string {
  return ['id,v', ...texts.map((text, i) => `${i},${text}`), ''].join('\n');
}
