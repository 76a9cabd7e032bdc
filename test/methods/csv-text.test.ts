import { expect, it } from 'vitest';

import { csvChunks, csvHeader } from '../../methods/lib/csv-text.ts';
import type { ExportedColumn } from '../../methods/lib/csv-text.ts';

const COMMON = { separator: ',', quotes: '"' };

function text(
  types: readonly (ExportedColumn['type'] | `${ExportedColumn['type']}?`)[],
  rows: readonly (readonly unknown[])[],
  characters = COMMON,
): string {
  const columns = types.map((type, i) => ({
    name: `c${i}`,
    type: type.replace('?', '') as ExportedColumn['type'],
    nullable: type.endsWith('?'),
  }));
  return Buffer.concat([...csvChunks(rows, columns, characters)]).toString();
}

it('values are written so that they can be read again', () => {
  const rows = [
    [true, -7, 2n ** 60n, 0.1, new Date(0), new Date(1.5e12), 'é', { a: [1, null] }],
    [false, 0, 12, -0, new Date(-86_400_000), -1n, '', null],
  ];
  expect(
    text(['bool', 'int32', 'int64', 'float64', 'date', 'datetime', 'string', 'json?'], rows),
  ).toBe(
    'true,-7,1152921504606846976,0.1,1970-01-01,2017-07-14T02:40:00.000Z,é,"{""a"":[1,null]}"\n' +
      'false,0,12,-0,1969-12-31,1969-12-31T23:59:59.999999Z,,\n',
  );
});

it('a time has as many digits as it needs, three or six', () => {
  const rows = [[0n], [-1000n], [1_000_001n], [new Date(5)]];
  expect(text(['datetime'], rows)).toBe(
    '1970-01-01T00:00:00.000Z\n1969-12-31T23:59:59.999Z\n1970-01-01T00:00:01.000001Z\n1970-01-01T00:00:00.005Z\n',
  );
});

it('numbers that are none have names', () => {
  expect(text(['float64'], [[Number.NaN], [Infinity], [-Infinity]])).toBe(
    'NaN\nInfinity\n-Infinity\n',
  );
});

it('only what needs quotes gets them', () => {
  expect(
    text(
      ['string', 'string'],
      [
        ['a b', 'a,b'],
        ['"a"', 'a\nb'],
        [' ', 'a\r'],
      ],
    ),
  ).toBe('a b,"a,b"\n"""a""","a\nb"\n ,"a\r"\n');
});

it('a number that holds the separator gets quotes', () => {
  expect(text(['float64'], [[1.5]], { separator: '.', quotes: "'" })).toBe("'1.5'\n");
});

it('an empty text differs from a null', () => {
  expect(
    text(
      ['string?', 'string'],
      [
        ['', ''],
        [null, 'x'],
      ],
    ),
  ).toBe('"",\n,x\n');
});

it('bytes are written as they are, beside text in UTF-8', () => {
  const columns: ExportedColumn[] = [
    { name: 'b', type: 'bytes', nullable: false },
    { name: 's', type: 'string', nullable: false },
  ];
  const rows = [[new Uint8Array([0xff, 0x22, 0x00]), 'é']];
  expect(Buffer.concat([...csvChunks(rows, columns, COMMON)])).toEqual(
    Buffer.from([0x22, 0xff, 0x22, 0x22, 0x00, 0x22, 0x2c, 0xc3, 0xa9, 0x0a]),
  );
});

it('without quotes a value that needs them is an error', () => {
  const bare = { separator: ';', quotes: '' };
  expect(text(['string'], [['"a"']], bare)).toBe('"a"\n');
  expect(() => text(['string'], [['a;b']], bare)).toThrow(
    'Column "c0" holds "a;b", which cannot be written while option "quotes" is empty',
  );
});

it('the header line follows the same rules', () => {
  const columns: ExportedColumn[] = [
    { name: 'a,b', type: 'bytes', nullable: false },
    { name: 'ü', type: 'int32', nullable: false },
  ];
  expect(csvHeader(columns, COMMON).toString()).toBe('"a,b",ü\n');
});
