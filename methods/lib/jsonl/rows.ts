// Rows of JSON lines: finds out which columns they need, and writes them to a dataset in batches.

import { UsageError } from 'acc-engine';
import type { ColumnType, DatasetWriter } from 'acc-engine';

import { mistake } from '../mistake.ts';
import { linesBefore, linesOf } from './line-parts.ts';
import type { LinePart } from './line-parts.ts';
import { MemberKinds, parseLine, valueReader } from './values.ts';
import type { JsonRow } from './values.ts';

const BATCH_ROWS = 8192;
const LONGEST_SHOWN = 60;

/** A column that is imported. */
export interface ImportedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** Looks at all lines; gives the declared columns and those that were found, in order of first appearance. */
export function inferColumns(
  files: readonly LinePart[],
  declared: readonly ImportedColumn[],
): readonly ImportedColumn[] {
  const kinds = new Map<string, MemberKinds>();
  let rows = 0;
  for (const file of files) {
    eachRow(file, (row) => {
      rows++;
      for (const name of Object.keys(row)) {
        let kind = kinds.get(name);
        if (kind === undefined) {
          kind = new MemberKinds();
          kinds.set(name, kind);
        }
        kind.add(row[name]);
      }
    });
  }
  const found = Array.from(kinds, ([name, kind]): ImportedColumn => {
    const known = declared.find((column) => column.name === name);
    return known ?? { name, ...kind.declaration(rows) };
  });
  return [...found, ...declared.filter(({ name }) => !kinds.has(name))];
}

/** Writes the rows of a part; gives their number. */
export function importRows(
  part: LinePart,
  columns: readonly ImportedColumn[],
  writer: DatasetWriter,
): number {
  const readers = columns.map(({ type }) => valueReader(type));
  let values = columns.map((): unknown[] => []);
  let rows = 0;
  let held = 0;
  const flush = (): void => {
    writer.writeBatch(Object.fromEntries(columns.map(({ name }, i) => [name, values[i] ?? []])));
    values = columns.map(() => []);
    held = 0;
  };
  eachRow(part, (row) => {
    for (const [i, column] of columns.entries()) {
      values[i]?.push(cellOf(row, column, readers[i] ?? unread));
    }
    rows++;
    held++;
    if (held === BATCH_ROWS) flush();
  });
  if (held > 0) flush();
  return rows;
}

function cellOf(row: JsonRow, column: ImportedColumn, read: (value: unknown) => unknown): unknown {
  const { name, type, nullable } = column;
  const given = Object.hasOwn(row, name) ? row[name] : null;
  if (given === null && (nullable || type !== 'json')) {
    if (nullable) return null;
    throw mistake(
      `member ${JSON.stringify(name)} is missing or null, but its column is not nullable`,
    );
  }
  const value = read(given);
  if (value !== undefined) return value;
  const shown = JSON.stringify(given).slice(0, LONGEST_SHOWN);
  throw mistake(`member ${JSON.stringify(name)} is ${shown}, which is no ${type}`);
}

/** Calls back for each line that is not empty; what is thrown then gets the line's place. */
function eachRow(part: LinePart, onRow: (row: JsonRow) => void): void {
  let line = 0;
  for (const lines of linesOf(part)) {
    for (const text of lines) {
      line++;
      if (text === '' || text.trim() === '') continue;
      try {
        onRow(parseLine(text));
      } catch (error) {
        if (!(error instanceof UsageError || error instanceof SyntaxError)) throw error;
        throw mistake(`${part.name} line ${linesBefore(part) + line}: ${error.message}`);
      }
    }
  }
}

function unread(): undefined {
  return undefined;
}
