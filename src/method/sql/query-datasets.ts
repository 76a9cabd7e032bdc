// SQL over datasets: the Arrow files are read by the engine itself, only those columns that a query needs.
// A dataset's columns may lie in several files; they are put side by side, slice by slice.

import type { ColumnType } from '../../model/column-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { locateColumn } from '../dataset/dataset.ts';
import { loadPolars } from './polars.ts';
import type { Polars, PolarsLazyFrame, PolarsType } from './polars.ts';
import { readResult } from './query-result.ts';
import type { QueryResult } from './query-result.ts';
import { seenColumns, seesTable } from './seen-columns.ts';

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

/** Types of Polars for columns without rows. */
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
  bytes: 'Binary',
  json: 'Utf8',
};

/**
 * Runs a query over tables, each one dataset or several with the same columns one after another. The result is held in
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
    const result = await plan.collect({ streaming: true });
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
  const parts = datasets.flatMap((dataset) =>
    [...dataset.lines.keys()]
      .filter((sliceno) => (dataset.lines[sliceno] ?? 0) > 0)
      .map((sliceno) => sliceFrame(polars, dataset, sliceno)),
  );
  const [only] = parts;
  if (only === undefined) return emptyFrame(polars, datasets);
  return parts.length === 1 ? only : joined(polars, parts, 'vertical');
}

function sliceFrame(polars: Polars, dataset: Dataset, sliceno: number): PolarsLazyFrame {
  const byFile = new Map<string, { column: string; name: string; type: ColumnType }[]>();
  for (const name of dataset.columnNames) {
    const { path, column } = locateColumn(dataset, name, sliceno);
    const type = dataset.columns[name]?.type ?? 'string';
    byFile.set(path, [...(byFile.get(path) ?? []), { column, name, type }]);
  }
  const frames = Array.from(byFile, ([path, columns]) =>
    polars.scanIPC(path).select(
      ...columns.map(({ column, name, type }) => {
        const from = polars.col(column);
        const isText = type === 'string' || type === 'number';
        return (isText ? from.cast(typeOf(polars, type)) : from).as(name);
      }),
    ),
  );
  const [only] = frames;
  return only !== undefined && frames.length === 1 ? only : joined(polars, frames, 'horizontal');
}

function emptyFrame(polars: Polars, [dataset]: readonly Dataset[]): PolarsLazyFrame {
  const columns = (dataset?.columnNames ?? []).map((name) =>
    polars.Series(name, [], typeOf(polars, dataset?.columns[name]?.type ?? 'string')),
  );
  return polars.DataFrame(columns).lazy();
}

function typeOf(polars: Polars, type: ColumnType): PolarsType {
  const found = polars[POLARS_TYPE[type]];
  return (
    type === 'datetime' ? (found as (unit: string) => PolarsType)('us') : found
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
