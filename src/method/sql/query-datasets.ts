// SQL over datasets: the Arrow files are read by the engine itself, only those columns that a query needs.
// A dataset's columns may lie in several files; they are put side by side, slice by slice.

import type { ColumnType } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { locateColumn } from '../dataset/dataset.ts';
import { loadPolars } from './polars.ts';
import type { Polars, PolarsExpression, PolarsLazyFrame, PolarsType } from './polars.ts';
import { readResult } from './query-result.ts';
import type { QueryResult } from './query-result.ts';
import { seenColumns, seesTable } from './seen-columns.ts';
import { tableColumns } from './table-columns.ts';

/** Words that the engine takes for functions also where a column has that name. */
const FUNCTION_WORDS = [
  'user',
  'current_user',
  'session_user',
  'current_catalog',
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
];
/** Strings, quoted names and comments, which are left as they are, or a word. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|[A-Za-z_]\w*/gu;

/** Types of Polars for columns without values. It gives no type for bytes: text is decoded. */
const POLARS_TYPE: Readonly<Record<ColumnType, string>> = {
  bool: 'Bool',
  int8: 'Int8',
  int16: 'Int16',
  int32: 'Int32',
  int64: 'Int64',
  uint8: 'UInt8',
  uint16: 'UInt16',
  uint32: 'UInt32',
  float32: 'Float32',
  float64: 'Float64',
  number: 'Float64',
  date: 'Date',
  time: 'Time',
  datetime: 'Datetime',
  string: 'Utf8',
  bytes: 'Utf8',
  json: 'Utf8',
};

/** A part of a table. */
interface TableSlice {
  readonly dataset: Dataset;
  readonly sliceno: number;
  /** Types of the table's columns by name. */
  readonly columns: ReadonlyMap<string, ColumnType>;
}

/**
 * Runs a query over tables, each one dataset or several one after another: see `tableColumns`. The result is held in
 * memory; the tables are not. What the query can read of them is checked first: throws `SystemError` for a file that was
 * changed. Columns of type `number` take part as 64-bit floats, of type `json` as text.
 */
export async function queryDatasets(
  query: string,
  tables: Readonly<Record<string, Dataset | readonly Dataset[]>>,
): Promise<QueryResult> {
  const polars = loadPolars();
  const lists = Object.entries(tables).map(([name, one]) => [name, [one].flat()] as const);
  verifySeen(query, lists);
  const frames = lists.map(([name, datasets]) => [name, tableOf(polars, datasets)] as const);
  const names = lists.flatMap(([, datasets]) => datasets.flatMap((one) => one.columnNames));
  try {
    const plan = polars
      .SQLContext(Object.fromEntries(frames))
      .execute(withQuotedNames(query, names));
    const { _ldf: inside } = plan;
    if (inside instanceof Error) throw inside;
    // A LIMIT is pushed into some of the files that are side by side, which are of unequal length then.
    const slicePushdown = !lists.some(([, datasets]) => datasets.some(isSpread));
    const result = await plan.collect({ streaming: true, slicePushdown });
    return await readResult(result.writeIPC({ compression: 'uncompressed' }));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw invalidQuery(error instanceof Error ? error.message : String(error), lists);
  }
}

/** Checks what the engine will read: it knows no checksums. Throws `SystemError` for a file that was changed. */
function verifySeen(
  query: string,
  tables: readonly (readonly [name: string, datasets: readonly Dataset[]])[],
): void {
  for (const [name, datasets] of tables) {
    if (!seesTable(query, name)) continue;
    for (const dataset of datasets) dataset.verify(seenColumns(query, dataset.columnNames));
  }
}

/** Names the tables there are where one is missing, else the columns: instead of those that the engine names. */
function invalidQuery(
  message: string,
  tables: readonly (readonly [name: string, datasets: readonly Dataset[]])[],
): UsageError {
  const problem = firstParagraph(message)
    .replace(/; valid columns: \[.*\]$/u, '')
    .replace(/^not found: /u, '');
  const isTable = /^relation '.*' was not found$/u.test(problem);
  const columns = tables.map(([name, datasets]) => {
    const names = new Set(datasets.flatMap(({ columnNames }) => columnNames));
    return `${tables.length > 1 ? `Columns of ${name}` : 'Columns'}: ${[...names].join(', ')}.`;
  });
  return new UsageError({
    code: 'invalid_query',
    message: `The query cannot be carried out: ${problem}`,
    hint: isTable ? `Tables: ${tables.map(([name]) => name).join(', ')}.` : columns.join(' '),
  });
}

/** Puts columns whose names would be taken for functions into quotes. */
function withQuotedNames(query: string, columns: readonly string[]): string {
  return query.replace(TOKEN, (token: string, at: number) => {
    const isCall = /^\s*\(/u.test(query.slice(at + token.length));
    const isTaken = FUNCTION_WORDS.includes(token.toLowerCase()) && columns.includes(token);
    return isTaken && !isCall ? `"${token}"` : token;
  });
}

function tableOf(polars: Polars, datasets: readonly Dataset[]): PolarsLazyFrame {
  const columns = tableColumns(datasets);
  const parts = datasets.flatMap((dataset) =>
    [...dataset.lines.keys()]
      .filter((sliceno) => (dataset.lines[sliceno] ?? 0) > 0)
      .map((sliceno) => sliceFrame(polars, { dataset, sliceno, columns })),
  );
  const [only] = parts;
  if (only === undefined) return emptyFrame(polars, columns);
  return parts.length === 1 ? only : joined(polars, parts, 'vertical');
}

/** A slice with all columns of its table: those that the dataset lacks are null. */
function sliceFrame(polars: Polars, { dataset, sliceno, columns }: TableSlice): PolarsLazyFrame {
  const byFile = new Map<string, PolarsExpression[]>();
  for (const name of dataset.columnNames) {
    const { path, column } = locateColumn(dataset, name, sliceno);
    const [own, type] = [dataset.columns[name]?.type, columns.get(name) ?? 'string'];
    const from = polars.col(column);
    const isAsStored = own === type && type !== 'string' && type !== 'number';
    const value = (isAsStored ? from : from.cast(typeOf(polars, type))).as(name);
    byFile.set(path, [...(byFile.get(path) ?? []), value]);
  }
  const frames = Array.from(byFile, ([path, values]) => polars.scanIPC(path).select(...values));
  const [first] = frames;
  const present =
    first !== undefined && frames.length === 1 ? first : joined(polars, frames, 'horizontal');
  const all = Array.from(columns, ([name, type]) =>
    dataset.columnNames.includes(name)
      ? polars.col(name)
      : decoded(polars.lit(null).cast(typeOf(polars, type)), type).as(name),
  );
  return present.select(...all);
}

/** Tells whether the columns of a dataset lie in several files for each slice. */
function isSpread(dataset: Dataset): boolean {
  const paths = dataset.columnNames.map((name) => locateColumn(dataset, name, 0).path);
  return new Set(paths).size > 1;
}

function emptyFrame(polars: Polars, columns: ReadonlyMap<string, ColumnType>): PolarsLazyFrame {
  const empty = Array.from(columns, ([name, type]) =>
    polars.Series(name, [], typeOf(polars, type)),
  );
  const values = Array.from(columns, ([name, type]) => decoded(polars.col(name), type).as(name));
  return polars
    .DataFrame(empty)
    .lazy()
    .select(...values);
}

/** What has the type by which Polars knows a column's, in the type of the column. */
function decoded(value: PolarsExpression, type: ColumnType): PolarsExpression {
  return type === 'bytes' ? value.str.decode('hex') : value;
}

function typeOf(polars: Polars, type: ColumnType): PolarsType {
  const found = polars[POLARS_TYPE[type]];
  return (
    type === 'datetime' ? (found as (unit: string, zone: string) => PolarsType)('us', 'UTC') : found
  ) as PolarsType;
}

function joined(
  polars: Polars,
  frames: readonly PolarsLazyFrame[],
  how: 'horizontal' | 'vertical',
): PolarsLazyFrame {
  return polars.concat(frames, { how, rechunk: false, parallel: true });
}

function firstParagraph(message: string): string {
  return (message.split('\n\n')[0] ?? message).replaceAll('\n', ' ');
}
