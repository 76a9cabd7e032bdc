// Writes the fields of CSV records into the columns of a dataset, parsed from bytes, without a string per field.
// Unaware of files: what it finds wrong is told by where it stands among the bytes.

import { isUtf8 } from 'node:buffer';

import type { ColumnWriter, DatasetWriter } from 'acc-engine';

import { parseDate, parseMoment } from './csv-dates.ts';
import { CsvFault, shown } from './csv-fault.ts';
import type { CsvFormat } from './csv-format.ts';
import { NoValue, parseFloat64, parseInt32, parseInt64 } from './csv-numbers.ts';
import { DOUBLED, PLAIN, undouble } from './csv-tokenizer.ts';
import type { FieldBlock } from './csv-tokenizer.ts';

/** The types a column can be imported as. */
export type ImportedType =
  | 'bool'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'date'
  | 'datetime'
  | 'string'
  | 'bytes'
  | 'json';

/** A column as it is imported. */
export interface ImportedColumn {
  readonly name: string;
  readonly type: ImportedType;
  /** An empty field is a null; in a string or bytes column only where it is not in quotes. */
  readonly nullable: boolean;
}

/** Appends the value written in `bytes[start, end)` to a column. Throws `NoValue`. */
type Append = (bytes: Buffer, start: number, end: number) => void;

/** What appends to a column of each type. */
const APPENDERS: Readonly<Record<ImportedType, (column: ColumnWriter) => Append>> = {
  bool: (column) => (bytes, start, end) => column.append(parseBool(bytes, start, end)),
  int32: (column) => (bytes, start, end) => column.append(parseInt32(bytes, start, end)),
  int64: (column) => (bytes, start, end) => column.append(parseInt64(bytes, start, end)),
  float64: (column) => (bytes, start, end) => column.append(parseFloat64(bytes, start, end)),
  date: appendDate,
  datetime: appendDatetime,
  string: (column) => (bytes, start, end) => column.appendBytes(bytes, start, end),
  bytes: (column) => (bytes, start, end) => column.appendBytes(bytes, start, end),
  json: appendJson,
};

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const [ZERO, ONE] = Buffer.from('01');

/** How each type is written, for the message about a field that is not. */
const WRITTEN: Readonly<Record<ImportedType, string>> = {
  bool: 'true, false, 1 or 0',
  int32: 'a whole number from -2147483648 to 2147483647',
  int64: 'a whole number of at most 64 bits',
  float64: 'as 12.5 or 1e-3',
  date: 'as 2024-03-31',
  datetime: 'as 2024-03-31T23:59:59.5+02:00',
  string: 'text in UTF-8',
  bytes: 'any bytes',
  json: 'as {"a": [1]}',
};

/** Types of which the empty field is a value. */
const TEXT_TYPES: ReadonlySet<ImportedType> = new Set<ImportedType>(['string', 'bytes']);

/** Names of the types a column can be imported as. */
export const IMPORTED_TYPES: readonly ImportedType[] = Object.keys(APPENDERS) as ImportedType[];

/** Writes blocks of fields to one slice of a dataset. */
export class CellWriter {
  readonly #writer: DatasetWriter;
  readonly #columns: readonly ImportedColumn[];
  readonly #cells: readonly ((block: FieldBlock, index: number) => void)[];

  constructor(writer: DatasetWriter, columns: readonly ImportedColumn[], format: CsvFormat) {
    this.#writer = writer;
    this.#columns = columns;
    this.#cells = columns.map((column) => cellAppender(writer, column, format));
  }

  /** Writes the rows of a block. Throws `CsvFault` for a field that is no value of its column's type. */
  write(block: FieldBlock): void {
    if (!block.isUtf8) this.#checkText(block);
    const cells = this.#cells;
    let index = 0;
    try {
      for (let row = 0; row < block.rows; row++) {
        for (const append of cells) {
          append(block, index);
          index++;
        }
        this.#writer.endRow();
      }
    } catch (error) {
      throw error instanceof NoValue ? this.#badValue(block, index) : error;
    }
  }

  #badValue(block: FieldBlock, index: number): CsvFault {
    const { name, type, nullable } = this.#column(index);
    const text = block.text(index);
    const hint =
      text === '' && !nullable
        ? ` (declare { type: '${type}', nullable: true } to read empty fields as null)`
        : '';
    return new CsvFault(
      block.starts[index] ?? 0,
      `column "${name}": expected ${type} (${WRITTEN[type]}), got ${shown(text)}${hint}`,
    );
  }

  /** Finds the field that is not valid UTF-8; only a bytes column may hold one. */
  #checkText(block: FieldBlock): void {
    for (let index = 0; index < block.rows * block.width; index++) {
      const { name, type } = this.#column(index);
      const start = block.starts[index] ?? 0;
      if (type === 'bytes' || isUtf8(block.bytes.subarray(start, block.ends[index]))) continue;
      throw new CsvFault(
        start,
        `column "${name}": expected text in UTF-8, got ${shown(block.text(index))} (declare it as 'bytes' to keep them as they are)`,
      );
    }
  }

  #column(index: number): ImportedColumn {
    const column = this.#columns[index % this.#columns.length];
    if (column === undefined) throw new Error('Internal error: a field without column');
    return column;
  }
}

function cellAppender(
  writer: DatasetWriter,
  { name, type, nullable }: ImportedColumn,
  { quote }: CsvFormat,
): (block: FieldBlock, index: number) => void {
  const column = writer.columns[name];
  if (column === undefined) throw new Error(`Internal error: the writer has no column ${name}`);
  const append = APPENDERS[type](column);
  const isText = TEXT_TYPES.has(type);
  let scratch = Buffer.allocUnsafe(1 << 10);
  return (block, index) => {
    const { bytes, kinds } = block;
    const start = block.starts[index] ?? 0;
    const end = block.ends[index] ?? 0;
    const kind = kinds[index];
    if (nullable && start === end && (kind === PLAIN || !isText)) {
      column.append(null);
    } else if (kind === DOUBLED) {
      if (end - start > scratch.length) scratch = Buffer.allocUnsafe((end - start) * 2);
      append(scratch, 0, undouble({ bytes, start, end }, scratch, quote));
    } else {
      append(bytes, start, end);
    }
  };
}

function parseBool(bytes: Buffer, start: number, end: number): boolean {
  const digit = end - start === 1 ? bytes[start] : undefined;
  if (digit === ONE || isWord(bytes, start, end, TRUE)) return true;
  if (digit === ZERO || isWord(bytes, start, end, FALSE)) return false;
  throw new NoValue();
}

/** Compares letters without regard to case: bit 5 is what makes a letter small. */
function isWord(bytes: Buffer, start: number, end: number, word: Buffer): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (((bytes[start + i] ?? 0) | 32) !== word[i]) return false;
  }
  return true;
}

function appendDate(column: ColumnWriter): Append {
  return (bytes, start, end) => column.append(new Date(parseDate(bytes, start, end) * 86_400_000));
}

function appendDatetime(column: ColumnWriter): Append {
  return (bytes, start, end) => {
    const { days, microseconds } = parseMoment(bytes, start, end);
    column.append(
      microseconds % 1000 === 0
        ? new Date(days * 86_400_000 + microseconds / 1000)
        : BigInt(days) * 86_400_000_000n + BigInt(microseconds),
    );
  };
}

function appendJson(column: ColumnWriter): Append {
  return (bytes, start, end) => {
    const text = bytes.toString('utf8', start, end);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new NoValue();
    }
    column.append(value);
  };
}
