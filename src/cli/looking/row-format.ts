// One found row as a line of text: tab-separated, CSV, raw or JSON, with matches in colour. Unaware of alignment.

import type { Colours } from '../../report/colour.ts';
import { oneLine } from '../../util/one-line.ts';
import type { Patterns } from './patterns.ts';
import type { FoundRow, ScanColumns } from './scan-slice.ts';

/** How rows are written. `aligned` is laid out by whoever prints, from the same cells as `tsv`. */
export type RowFormat = 'aligned' | 'tsv' | 'csv' | 'raw' | 'json';

/** What stands on a line besides the cells. */
export interface RowLabels {
  readonly dataset: boolean;
  readonly sliceno: boolean;
  readonly lineno: boolean;
}

/** How rows are written, as data that travels between threads. */
export interface FormatSpec {
  readonly format: RowFormat;
  readonly separator: string;
  readonly labels: RowLabels;
}

/** Where a row comes from. */
export interface RowOrigin {
  readonly spec: string;
  readonly sliceno: number;
}

/** Writes the cells of a row. */
export type CellsOf = (row: FoundRow, origin: RowOrigin) => string[];

/** Makes the writer of rows as lines, with their line ends. */
export function lineWriter(
  { format, separator, labels }: FormatSpec,
  columns: ScanColumns,
  marks?: { readonly patterns: Patterns; readonly colours: Colours },
): (row: FoundRow, origin: RowOrigin) => string {
  if (format === 'json') return jsonWriter(labels, columns);
  const cellsOf = cellWriter({ format, separator, labels }, columns, marks);
  return (row, origin) => `${cellsOf(row, origin).join(separator)}\n`;
}

/** Makes the writer of a row's cells: labels first, then the columns. */
export function cellWriter(
  { format, separator, labels }: FormatSpec,
  { printed, searched }: ScanColumns,
  marks?: { readonly patterns: Patterns; readonly colours: Colours },
): CellsOf {
  const quote = quoter(format, separator);
  const isSearched = printed.map((name) => searched.includes(name));
  const cell = (text: string | null | undefined, i: number): string => {
    if (text === undefined) return '';
    if (text === null) return nullText(format, marks?.colours);
    if (marks === undefined || isSearched[i] !== true || marks.patterns.isEverything) {
      return quote(text);
    }
    return highlighted(text, quote, marks);
  };
  return (row, { spec, sliceno }) => {
    const cells = row.cells.map(cell);
    if (labels.lineno) cells.unshift(String(row.lineno));
    if (labels.sliceno) cells.unshift(String(sliceno));
    if (labels.dataset) cells.unshift(quote(spec));
    return cells;
  };
}

/** The cells of the line of names above the rows. */
export function headerCells(
  { format, separator, labels }: FormatSpec,
  names: readonly string[],
): string[] {
  const quote = quoter(format, separator);
  return [
    ...(labels.dataset ? ['[dataset]'] : []),
    ...(labels.sliceno ? ['[slice]'] : []),
    ...(labels.lineno ? ['[line]'] : []),
    ...names.map(quote),
  ];
}

/** A line of CSV; a null is nothing. */
export function csvLine(cells: readonly (string | null)[]): string {
  const quote = quoter('csv', ',');
  return cells.map((cell) => (cell === null ? '' : quote(cell))).join(',');
}

function jsonWriter(
  labels: RowLabels,
  { printed }: ScanColumns,
): (row: FoundRow, origin: RowOrigin) => string {
  const names = printed.map((name) => `${JSON.stringify(name)}:`);
  const isLabelled = labels.dataset || labels.sliceno || labels.lineno;
  return (row, { spec, sliceno }) => {
    const members = row.cells.flatMap((cell, i) =>
      cell === undefined ? [] : `${names[i] ?? ''}${cell ?? 'null'}`,
    );
    const data = `{${members.join(',')}}`;
    if (!isLabelled) return `${data}\n`;
    const parts = [
      ...(labels.dataset ? [`"dataset":${JSON.stringify(spec)}`] : []),
      ...(labels.sliceno ? [`"sliceno":${sliceno}`] : []),
      ...(labels.lineno ? [`"lineno":${row.lineno}`] : []),
      `"data":${data}`,
    ];
    return `{${parts.join(',')}}\n`;
  };
}

/** A null is nothing in CSV, where an empty text has quotes, as csvexport writes it. */
function nullText(format: RowFormat, colours: Colours | undefined): string {
  if (format === 'csv') return '';
  return format === 'aligned' && colours !== undefined ? colours.dim('null') : 'null';
}

function quoter(format: RowFormat, separator: string): (text: string) => string {
  switch (format) {
    case 'raw':
    case 'json':
      return (text) => text;
    case 'aligned':
      return oneLine;
    case 'csv':
      return (text) => {
        const isPlain = text !== '' && !/["\r\n]/u.test(text) && !holds(text, separator);
        return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
      };
    case 'tsv':
      return (text) => {
        const line = /[\r\n]/u.test(text)
          ? text.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`)
          : text;
        const isPlain = !holds(line, separator) && !/^["']|["']$/u.test(line);
        return isPlain ? line : `"${line.replaceAll('"', '""')}"`;
      };
  }
}

function holds(text: string, separator: string): boolean {
  return separator !== '' && text.includes(separator);
}

/** Colours what matched. Where a cell is quoted, what is between its quotes is searched again. */
function highlighted(
  text: string,
  quote: (text: string) => string,
  { patterns, colours }: { readonly patterns: Patterns; readonly colours: Colours },
): string {
  if (patterns.spansOf(text).length === 0) return quote(text);
  const quoted = quote(text);
  const hasQuotes = quoted !== text && quoted.startsWith('"');
  const inner = hasQuotes ? quoted.slice(1, -1) : quoted;
  let result = '';
  let end = 0;
  for (const [from, to] of patterns.spansOf(inner)) {
    result += inner.slice(end, from) + colours.match(inner.slice(from, to));
    end = to;
  }
  result += inner.slice(end);
  return hasQuotes ? `"${result}"` : result;
}
