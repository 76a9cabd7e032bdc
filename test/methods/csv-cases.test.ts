// The corner cases of importing CSV, row by row: cases 56 to 58 of the conformance list.

import { describe, expect, it } from 'vitest';

import { parseSimply, readCsv } from '../rig/csv.ts';
import type { CsvSettings } from '../rig/csv.ts';

function rowsOf(
  text: string | Buffer,
  settings: CsvSettings = {},
): readonly (readonly unknown[])[] {
  return readCsv(text, settings).rows;
}

describe('lines', () => {
  it('end with LF or CRLF, mixed, and the last one with nothing', () => {
    expect(rowsOf('a,b\r\n1,2\n3,4\r\n5,6')).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  it('begin with a comment character when they are comments, also before the labels', () => {
    const { rows, skipped } = readCsv('# "one\na,b\n1,#\n2,"#"\n#four"\n#', { comment: '#' });
    expect(rows).toEqual([
      ['1', '#'],
      ['2', '#'],
    ]);
    expect(skipped).toEqual([
      [1, '# "one'],
      [5, '#four"'],
      [6, '#'],
    ]);
  });

  it('in quotes are no comments', () => {
    expect(rowsOf('a\n"x\n#y"\n', { comment: '#' })).toEqual([['x\n#y']]);
  });

  it('can be skipped at the beginning, whatever they hold', () => {
    const { rows, skipped } = readCsv('a "b\r\n#\nc\n1\n', { skipLines: 2, linenoLabel: 'n' });
    expect(rows).toEqual([['1', 4n]]);
    expect(skipped).toEqual([
      [1, 'a "b'],
      [2, '#'],
    ]);
  });

  it('that are empty are skipped when asked for, and a space is not empty', () => {
    const settings = { skipEmptyLines: true, allowBad: true, comment: '#' };
    const { rows, bad, skipped } = readCsv('\na,b\n\r\n1,2\n \n#\n\n3,4\n', settings);
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(bad).toEqual([[5, ' ']]);
    expect(skipped).toEqual([
      [1, ''],
      [3, ''],
      [6, '#'],
      [7, ''],
    ]);
  });

  it('that are empty are a row of a single column', () => {
    expect(rowsOf('a\n\n1\n')).toEqual([[''], ['1']]);
  });

  it('keep their numbers among bad, skipped and quoted ones', () => {
    const text = 'a,b\n1,"x\ny"\n#\nbad\n2,z\n';
    const { rows, bad, skipped } = readCsv(text, {
      comment: '#',
      allowBad: true,
      linenoLabel: 'line',
      slices: 3,
    });
    expect(rows).toEqual([
      ['1', 'x\ny', 2n],
      ['2', 'z', 6n],
    ]);
    expect(bad).toEqual([[5, 'bad']]);
    expect(skipped).toEqual([[4, '#']]);
  });

  it.each([65_535, 65_536, 65_537, 524_287, 524_288, 8 << 20])('may be %i bytes long', (length) => {
    const long = 'x'.repeat(length);
    expect(rowsOf(`a,b\n1,${long}\n2,"${long}"\n3,z\n`, { slices: 2 })).toEqual([
      ['1', long],
      ['2', long],
      ['3', 'z'],
    ]);
  });
});

describe('fields', () => {
  it('keep spaces, and what stands before a quote', () => {
    expect(rowsOf('a,b\n 1, "2"\n" 3 ",\n"",""\n')).toEqual([
      [' 1', ' "2"'],
      [' 3 ', ''],
      ['', ''],
    ]);
  });

  it('hold quotes when there is no quote character', () => {
    const { rows, bad } = readCsv('a,b\n"1,2"\n"3,4",5\n', { quotes: '', allowBad: true });
    expect(rows).toEqual([['"1', '2"']]);
    expect(bad).toEqual([[3, '"3,4",5']]);
  });

  it.each(['"b,"b', '"c"c"', '"c""', '"a" ,b', 'a,"b" ', '""a,', '"a"",b'])(
    'with wrong quotes are bad: %s',
    (text) => {
      const settings = { allowBad: true, quotedNewlines: false };
      const { rows, bad } = readCsv(`x,y\n${text}\n1,2\n`, settings);
      expect(rows).toEqual([['1', '2']]);
      expect(bad).toEqual([[2, text]]);
    },
  );

  it.each([
    ['""', ''],
    ['""""', '"'],
    ['""""""', '""'],
    ['"a"""', 'a"'],
    ['"""a"', '"a'],
    ['"a""b"', 'a"b'],
    ['"a,b"', 'a,b'],
    ['"\n"', '\n'],
    ['"\r\n"', '\r\n'],
    ['"\0"', '\0'],
    ['"\u00FF"', '\u00FF'],
    ['a"b"', 'a"b"'],
    ['a""', 'a""'],
    ["'", "'"],
  ])('with right quotes are read: %j', (text, value) => {
    const bytes = Buffer.from(`x,y\n${text},1\n2,${text}\n`, 'latin1');
    expect(rowsOf(bytes)).toEqual([
      [value, '1'],
      ['2', value],
    ]);
  });

  it('that are open end with their line when line ends are not quoted', () => {
    const { rows, bad } = readCsv('a,b\n1,"2\n3,4\n"5,6\n', {
      quotedNewlines: false,
      allowBad: true,
      slices: 3,
    });
    expect(rows).toEqual([['3', '4']]);
    expect(bad).toEqual([
      [2, '1,"2'],
      [4, '"5,6'],
    ]);
  });

  it('that are empty and too many are ignored when asked for', () => {
    const text = 'a,b,,\n1,2\n3,4,\n5,6,"",\n7,8,,9\n10\n';
    const { columns, rows, bad } = readCsv(text, { allowExtraEmpty: true, allowBad: true });
    expect(columns).toEqual(['a', 'b']);
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(bad).toEqual([
      [5, '7,8,,9'],
      [6, '10'],
    ]);
  });
});

describe('labels', () => {
  it('can be renamed and discarded, each over the other', () => {
    const { columns, rows } = readCsv('0,1,2\na,b,c\n', {
      rename: { 0: 'ix', 2: '0' },
      discard: ['1'],
    });
    expect(columns).toEqual(['ix', '0']);
    expect(rows).toEqual([['a', 'c']]);
  });

  it('can be given, instead of those in the file or where it has none', () => {
    expect(readCsv('a,b\n1,2\n', { labels: ['x', 'y'], labelLines: 1 })).toMatchObject({
      columns: ['x', 'y'],
      rows: [['1', '2']],
    });
    expect(readCsv('a,b\n1,2\n', { labels: ['x', 'y'] }).rows).toHaveLength(2);
    expect(
      readCsv('', { labels: ['x', 'y'], linenoLabel: 'n', comment: '#', allowBad: true }),
    ).toMatchObject({
      columns: ['x', 'y', 'n'],
      rows: [],
    });
  });

  it('may stand alone', () => {
    expect(readCsv('a,b')).toMatchObject({ columns: ['a', 'b'], rows: [] });
  });

  it('may take several lines, with comments between', () => {
    const text = 'a,b\n#\nc,d\n,"e"\n1,2\n';
    expect(readCsv(text, { labelLines: 3, comment: '#' })).toMatchObject({
      columns: ['a c ', 'b d e'],
      rows: [['1', '2']],
      skipped: [[2, '#']],
    });
  });

  it('can be stripped of white space', () => {
    expect(readCsv(' a , "b"\t\n1,2\n', { stripLabels: true }).columns).toEqual(['a', '"b"']);
  });
});

const BYTES = [0, 10, 13, 255].map((byte) => String.fromCharCode(byte));

describe('characters', () => {
  it('of separator, newline and comment may be any bytes', () => {
    for (const separator of BYTES) {
      for (const newline of BYTES) {
        for (const comment of BYTES) {
          if (new Set([separator, newline, comment]).size < 3) continue;
          const lines = [`a${separator}b`, `${comment}x`, `1${separator}2`, `${separator}3`, ''];
          const text = Buffer.from(lines.join(newline), 'latin1');
          const { rows, skipped } = readCsv(text, { separator, newline, comment, quotes: '' });
          expect(rows).toEqual([
            ['1', '2'],
            ['', '3'],
          ]);
          expect(skipped).toEqual([[2, `${comment}x`]]);
        }
      }
    }
  });

  it.each(['\n', '\0', '\u00FF'])('may leave lines whole, which end with %j', (newline) => {
    for (const quotes of ['', '\0', '"', '\r', '\n', '\u00E4'].filter(
      (quote) => quote !== newline,
    )) {
      const lines = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).filter(
        (line) => line !== newline && line !== quotes,
      );
      const text = Buffer.from(['a', ...lines, ''].join(newline), 'latin1');
      const settings = { separator: '', newline, quotes, slices: 3 };
      expect(rowsOf(text, settings).flat()).toEqual(lines);
    }
  });

  it('give the same rows whatever they are', () => {
    const codes = [0, 1, 9, 30, 32, 34, 39, 44, 92, 127, 155, 160, 255];
    for (const separator of codes.map((code) => String.fromCharCode(code))) {
      for (const newline of ['\n', '\r\n', '\r', '\u00FE']) {
        for (const quotes of ['', '"', "'"].filter((quote) => quote !== separator)) {
          const rows = [
            ['x', `y${quotes === '' ? '' : separator}`],
            ['', quotes === '' ? '-' : `${quotes}\n${newline}`],
          ];
          const quoted = (field: string): string =>
            quotes === '' ? field : quotes + field.replaceAll(quotes, quotes + quotes) + quotes;
          const text = [['a', 'b'], ...rows]
            .map((row) => row.map(quoted).join(separator) + newline)
            .join('');
          const settings = {
            separator,
            quotes,
            newline: newline.length === 1 && newline !== '\n' ? newline : '',
            slices: 2,
          };
          expect(rowsOf(Buffer.from(text, 'latin1'), settings)).toEqual(rows);
        }
      }
    }
  });

  it('of Latin-1 come out as UTF-8', () => {
    const text = Buffer.from('é,b\n"å""ä",ö\n', 'latin1');
    const { columns, rows } = readCsv(text, { isLatin1: true, defaultType: 'string' });
    expect([columns, rows]).toEqual([
      ['é', 'b'],
      [['å"ä', 'ö'].map((field) => Buffer.from(field).toString('latin1'))],
    ]);
  });
});

describe('slices', () => {
  it('take consecutive parts of about the same size, whatever lines are skipped', () => {
    const lines = Array.from({ length: 9000 }, (_, i) => (i % 7 === 0 ? `#"${i}` : `${i},x`));
    for (const skipLines of [0, 3]) {
      const text = ['', '', '']
        .slice(0, skipLines)
        .concat('a,b', ...lines)
        .join('\n');
      const { rows, rowsPerSlice, skipped } = readCsv(text, { comment: '#', skipLines, slices: 9 });
      expect(rows.map(([first]) => Number(first))).toEqual(
        [...lines.keys()].filter((i) => i % 7 !== 0),
      );
      expect(Math.min(...rowsPerSlice)).toBeGreaterThan(800);
      expect(skipped).toHaveLength(skipLines + Math.ceil(9000 / 7));
    }
  });
});

describe('a value that is not of its type', () => {
  it('makes its line a bad one', () => {
    const types = { a: 'int32', b: { type: 'date', nullable: true } } as const;
    const { rows, bad } = readCsv('a,b\n1,2024-02-29\nx,"2024-01-01"\n3,"2024-02-30"\n-4,\n', {
      types,
      allowBad: true,
    });
    expect(rows).toEqual([
      [1, 19_782],
      [-4, null],
    ]);
    expect(bad).toEqual([
      [3, 'x,"2024-01-01"'],
      [4, '3,"2024-02-30"'],
    ]);
  });

  it('makes its line a bad one where text is cut within a character', () => {
    const text = Buffer.from('a,b\n\xC3\xA5,1\n\xC3,\xA5\nx,\xC3\xA4\n', 'latin1');
    const { rows, bad } = readCsv(text, { allowBad: true, defaultType: 'string' });
    expect(rows).toEqual([
      ['\u00C3\u00A5', '1'],
      ['x', '\u00C3\u00A4'],
    ]);
    expect(bad.map(([line]) => line)).toEqual([3]);
  });
});

it('the simple parser finds differences', () => {
  expect(parseSimply('a,"b', { separator: ',', quote: '"' })[0]?.isBad).toBe(true);
});
