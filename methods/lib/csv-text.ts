// Writes rows as CSV text such that csvimport with the same types reads the same values again.
// Unaware of files. An empty field is a null, so an empty text is put in quotes where the column may hold nulls.

import type { ColumnType } from 'acc-engine';

import { dateText, datetimeText } from './csv-date-text.ts';
import { shown } from './csv-fault.ts';

const CHUNK_CHARACTERS = 1 << 16;

/** A column as it is exported. */
export interface ExportedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** The characters a file is written with; no quotes are written where `quotes` is empty. */
export interface CsvCharacters {
  readonly separator: string;
  readonly quotes: string;
}

/** The value of each type as text. Bytes become one character each, see `csvEncoding`. */
const TEXT_OF: Readonly<Record<ColumnType, (value: never) => string>> = {
  bool: String,
  int8: String,
  int16: String,
  int32: String,
  int64: String,
  uint8: String,
  uint16: String,
  uint32: String,
  float32: floatText,
  float64: floatText,
  number: floatText,
  date: dateText,
  time: String,
  datetime: datetimeText,
  string: (value: string) => value,
  bytes: (value: Uint8Array) => Buffer.from(value).toString('latin1'),
  json: (value: unknown) => JSON.stringify(value),
};

/** Gives the lines of rows in chunks; each row has one value per column. */
export function* csvChunks(
  rows: Iterable<readonly unknown[]>,
  columns: readonly ExportedColumn[],
  characters: CsvCharacters,
): Generator<Buffer> {
  const { separator } = characters;
  const encoding = csvEncoding(columns);
  const fields = columns.map((column) => fieldWriter(column, characters, encoding));
  let text = '';
  for (const row of rows) {
    for (const [i, field] of fields.entries()) {
      if (i > 0) text += separator;
      text += field(row[i]);
    }
    text += '\n';
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text, encoding);
    text = '';
  }
  yield Buffer.from(text, encoding);
}

/** Gives the header line. */
export function csvHeader(columns: readonly ExportedColumn[], characters: CsvCharacters): Buffer {
  const names = columns.map(({ name }) => name);
  const header = names.map((name): ExportedColumn => ({ name, type: 'string', nullable: false }));
  return Buffer.concat([...csvChunks([names], header, characters)]);
}

/** Where bytes are among the columns, text is built from one character per byte, of all columns. */
function csvEncoding(columns: readonly ExportedColumn[]): 'latin1' | 'utf8' {
  return columns.some(({ type }) => type === 'bytes') ? 'latin1' : 'utf8';
}

function fieldWriter(
  column: ExportedColumn,
  characters: CsvCharacters,
  encoding: 'latin1' | 'utf8',
): (value: unknown) => string {
  const { name, type, nullable } = column;
  const { separator, quotes } = characters;
  const textOf = TEXT_OF[type] as (value: unknown) => string;
  const special = new RegExp(`[\r\n${[separator, quotes].map(escaped).join('')}]`);
  const encodes = encoding === 'latin1' && (type === 'string' || type === 'json');
  return (value) => {
    if (value === null) return '';
    const plain = textOf(value);
    const text = encodes ? Buffer.from(plain).toString('latin1') : plain;
    if (text === '' ? !nullable : !special.test(text)) return text;
    if (quotes !== '') return quotes + text.replaceAll(quotes, quotes + quotes) + quotes;
    throw new Error(
      `Column ${shown(name)} holds ${shown(plain)}, which cannot be written while option "quotes" is empty`,
    );
  };
}

function floatText(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** As a member of a character class. */
function escaped(character: string): string {
  return character === '' ? '' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
