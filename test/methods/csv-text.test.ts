import { describe, expect, it } from 'vitest';

import { csvHeader } from '../../methods/lib/csv/characters.ts';
import type { CsvCharacters } from '../../methods/lib/csv/characters.ts';
import type { Dictionary } from '../../methods/lib/csv/placed-dictionaries.ts';
import { CsvTextWriter } from '../../methods/lib/csv/text.ts';
import type { ColumnData, ExportedBatch } from '../../methods/lib/csv/text.ts';
import { readCsv } from '../rig/csv.ts';

const COMMON: CsvCharacters = {
  separator: ',',
  lineSeparator: '\n',
  quotes: '"',
  lazyQuotes: true,
  noneAs: '',
};

type Type =
  | 'bool'
  | 'int8'
  | 'uint32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'date'
  | 'time'
  | 'datetime'
  | 'string';

/** The lines of columns, given as `c0`, `c1` … with their type, which ends in `?` where there may be nulls. */
function lines(
  columns: readonly (readonly [type: Type | `${Type}?`, values: readonly unknown[]])[],
  characters: Partial<CsvCharacters> = {},
): string {
  const declared = columns.map(([type], i) => ({
    name: `c${i}`,
    type: type.replace('?', '') as Type,
    nullable: type.endsWith('?'),
  }));
  const writer = new CsvTextWriter(declared, { ...COMMON, ...characters });
  const text: Buffer[] = [];
  const batch = {
    length: columns[0]?.[1].length ?? 0,
    columns: Object.fromEntries(
      columns.map(([, values], i) => [`c${i}`, dataOf(declared[i]?.type ?? 'string', values)]),
    ),
    validity: Object.fromEntries(
      columns.map(([, values], i) => [`c${i}`, values.includes(null) ? bitmap(values) : null]),
    ),
  };
  writer.write(batch, (piece) => text.push(Buffer.from(piece)));
  return Buffer.concat(text).toString();
}

function dataOf(type: Type, values: readonly unknown[]): ColumnData {
  const numbers = values.map((value) => Number(value ?? 0));
  const wide = (): bigint[] => values.map((value) => BigInt((value ?? 0) as number));
  switch (type) {
    case 'bool':
      return Uint8Array.from(numbers);
    case 'int8':
      return Int8Array.from(numbers);
    case 'uint32':
      return Uint32Array.from(numbers);
    case 'date':
      return Int32Array.from(numbers);
    case 'int64':
    case 'time':
    case 'datetime':
      return BigInt64Array.from(wide());
    case 'float32':
      return Float32Array.from(numbers);
    case 'float64':
      return Float64Array.from(numbers);
    case 'string': {
      const texts = values.map((value) => Buffer.from((value ?? '') as string));
      const offsets = [0];
      for (const text of texts) offsets.push((offsets.at(-1) ?? 0) + text.length);
      return { offsets: Int32Array.from(offsets), bytes: Buffer.concat(texts) };
    }
  }
}

function bitmap(values: readonly unknown[]): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [i, value] of values.entries()) {
    if (value !== null) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return bits;
}

function dictionary(texts: readonly string[]): Dictionary {
  const data = dataOf('string', texts);
  if (!('offsets' in data)) throw new Error('no text');
  return { length: texts.length, offsets: data.offsets, bytes: data.bytes };
}

/** A batch whose texts have codes. */
function coded(
  shared: Dictionary,
  codes: readonly (number | null)[],
  ids: readonly number[],
): ExportedBatch {
  return {
    length: codes.length,
    columns: {
      text: {
        codes: Int32Array.from(codes.map((code) => code ?? 0)),
        dictionary: shared,
        get offsets(): Int32Array {
          throw new Error('was written out');
        },
        bytes: new Uint8Array(0),
      },
      id: Int32Array.from(ids),
    },
    validity: { text: codes.includes(null) ? bitmap(codes) : null, id: null },
  };
}

function written(batches: readonly ExportedBatch[]): string {
  const writer = new CsvTextWriter(
    [
      { name: 'text', type: 'string', nullable: true },
      { name: 'id', type: 'int32', nullable: false },
    ],
    COMMON,
  );
  const text: string[] = [];
  for (const batch of batches) writer.write(batch, (piece) => text.push(piece.toString()));
  return text.join('');
}

describe('dictionaries', () => {
  it('are looked up by code, and change from batch to batch', () => {
    const first = dictionary(['', 'a "b"', 'c,d', 'x'.repeat(40)]);
    const second = dictionary(['other', 'words that are more than sixteen bytes']);
    const text = written([
      coded(first, [3, null, 0, 2], [1, 2, 3, 4]),
      coded(first, [1, 1], [5, 6]),
      coded(second, [1, 0], [7, 8]),
      coded(dictionary([]), [null], [9]),
    ]);
    expect(text.split('\n')).toEqual([
      `${'x'.repeat(40)},1`,
      ',2',
      '"",3',
      '"c,d",4',
      '"a ""b""",5',
      '"a ""b""",6',
      'words that are more than sixteen bytes,7',
      'other,8',
      ',9',
      '',
    ]);
  });

  it('may hold a text that is larger than the room for a piece', () => {
    const long = '"'.repeat(700_000);
    const codes = Array.from({ length: 100 }, (_, i) => (i === 70 ? 1 : 0));
    const text = written([coded(dictionary(['s', long]), codes, [...codes.keys()])]);
    const expected = codes.map((code, i) => `${code === 1 ? `"${long}${long}"` : 's'},${i}\n`);
    expect(text === expected.join('')).toBe(true);
  });
});

describe('values', () => {
  it('of each type have their text', () => {
    expect(
      lines([
        ['bool', [1, 0]],
        ['int8', [-128, 7]],
        ['uint32', [4_294_967_295, 0]],
      ]),
    ).toBe('true,-128,4294967295\nfalse,7,0\n');
    const least = -9_223_372_036_854_775_808n;
    expect(lines([['int64', [least, -(least + 1n), 0, -10, 99, 1000]]])).toBe(
      '-9223372036854775808\n9223372036854775807\n0\n-10\n99\n1000\n',
    );
    const day = 86_400_000_000n;
    expect(lines([['time', [0, 1, 1000, day - 1n]]])).toBe(
      '00:00:00\n00:00:00.000001\n00:00:00.001\n23:59:59.999999\n',
    );
    expect(lines([['datetime', [0, -1000n, 1_000_001n, 5000n, -62_167_219_200_000_001n]]])).toBe(
      '1970-01-01T00:00:00.000Z\n1969-12-31T23:59:59.999Z\n1970-01-01T00:00:01.000001Z\n' +
        '1970-01-01T00:00:00.005Z\n-000001-12-31T23:59:59.999999Z\n',
    );
    expect(lines([['float32', [0.1, 16_777_216, 1e-10, -0, 3.4e38]]])).toBe(
      '0.1\n16777216\n1e-10\n-0\n3.4e+38\n',
    );
  });

  it('that are dates are right on every day from 0000 to 9999', () => {
    const days = Array.from({ length: 3_652_425 }, (_, i) => i - 719_528).filter(
      (day) => day % 97 === 0 || day < -719_000 || day > 2_932_000,
    );
    expect(lines([['date', days]])).toBe(
      days.map((day) => `${new Date(day * 86_400_000).toISOString().slice(0, 10)}\n`).join(''),
    );
  });

  it('that are numbers have the shortest text that reads the same', () => {
    const some = [
      0,
      0.1,
      -0.25,
      1e-6,
      1e-7,
      123_456.789,
      1e9,
      999_999_999.5,
      1e21,
      0.1 + 0.2,
      1 / 3,
    ];
    const many = Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 1_000_003) / 10 ** (i % 8));
    const none = [Number.NaN, Infinity, -Infinity, 5e-324, 2 ** 53, 0.1234567];
    const all = [...some, ...many, ...none];
    expect(lines([['float64', all]])).toBe(all.map((value) => `${value}\n`).join(''));
  });
});

describe('quotes', () => {
  it('go around what needs them only', () => {
    const texts = [
      'a b',
      'a,b',
      '"a"',
      'a\nb',
      ' ',
      'a\r',
      "'",
      'é'.repeat(20),
      `${'é'.repeat(20)},`,
      '',
    ];
    expect(lines([['string', texts]])).toBe(
      `a b\n"a,b"\n"""a"""\n"a\nb"\n \n"a\r"\n'\n${'é'.repeat(20)}\n"${'é'.repeat(20)},"\n\n`,
    );
  });

  it('go around every value when asked for, and where nothing separates fields', () => {
    const columns = [
      ['int8?', [1, null]],
      ['string', ['a', '"']],
    ] as const;
    expect(lines(columns, { lazyQuotes: false })).toBe('"1","a"\n,""""\n');
    expect(lines(columns, { separator: '' })).toBe('"1""a"\n""""\n');
    expect(lines(columns, { separator: '', quotes: '' })).toBe('1a\n"\n');
  });

  it('tell an empty text from a null', () => {
    expect(lines([['string?', ['', null, 'x']]])).toBe('""\n\nx\n');
    expect(lines([['string?', ['', null, 'x']]], { noneAs: 'None' })).toBe('\nNone\nx\n');
  });

  it('go around numbers that hold them or the separator', () => {
    expect(lines([['float64', [-1.5, 25]]], { separator: '-' })).toBe('"-1.5"\n25\n');
    expect(lines([['float64', [-1.5, 425, 4242]]], { quotes: '42' })).toBe(
      '-1.5\n424242542\n424242424242\n',
    );
  });

  it('are refused where there are none', () => {
    expect(() => lines([['string', ['a', 'b,c']]], { quotes: '' })).toThrow(
      'Column "c0" holds "b,c", which cannot be written while option "quotes" is empty',
    );
  });
});

it('separators of any length are read again as they were written', () => {
  const texts = ['w', 'whee', 'wheeee', 'a"b', '', 'woo', 'x\ny', '\0'];
  for (const separator of ['\0', 'wheeee', ',', '+']) {
    for (const lineSeparator of ['\n', 'woooooo', '\0']) {
      if (separator === lineSeparator) continue;
      for (const quotes of ['"', 'qqq', "'"]) {
        const columns = [
          ['string', texts],
          ['int8', [1, 2, 3, 4, 5, 6, 7, 8]],
        ] as const;
        const text = lines(columns, { separator, lineSeparator, quotes, lazyQuotes: false });
        expect(text).toBe(
          texts
            .map((value, i) => [value, String(i + 1)])
            .map((row) =>
              row.map((value) => quotes + value.replaceAll(quotes, quotes + quotes) + quotes),
            )
            .map((row) => row.join(separator) + lineSeparator)
            .join(''),
        );
        const lazy = lines(columns, { separator, lineSeparator, quotes });
        if (separator.length > 1 || lineSeparator.length > 1 || quotes.length > 1) continue;
        const newline = lineSeparator === '\n' ? '' : lineSeparator;
        const read = readCsv(`a${separator}b${lineSeparator}${lazy}`, {
          separator,
          newline,
          quotes,
        });
        expect(read.rows).toEqual(texts.map((value, i) => [value, String(i + 1)]));
      }
    }
  }
});

it('rows of any length are written', () => {
  const long = 'é"'.repeat(3 << 20);
  const text = lines([
    ['string?', ['a', long, null, ...Array.from({ length: 20_000 }, () => 'z')]],
  ]);
  expect(text).toBe(`a\n"${long.replaceAll('"', '""')}"\n\n${'z\n'.repeat(20_000)}`);
});

it('labels are quoted as values are', () => {
  expect(csvHeader(['a', 'b,c', '"', ''], COMMON).toString()).toBe('a,"b,c","""",\n');
  expect(csvHeader(['a', 'b'], { ...COMMON, lazyQuotes: false }).toString()).toBe('"a","b"\n');
});
