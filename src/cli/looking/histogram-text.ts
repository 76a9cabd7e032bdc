// A histogram as text: bars for people, lines of cells or JSON for programs.

import type { Colours } from '../../report/colour.ts';
import { tableLines } from '../../report/table.ts';
import { oneLine } from '../../util/one-line.ts';
import { formatNumber } from '../../util/quantity.ts';
import { textWidth, truncateText } from '../../util/text-width.ts';
import type { Histogram, HistogramRow } from './histogram.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LONGEST_LABEL = 40;
const SHORTEST_BAR = 10;

/** Formats of a histogram. */
export const HISTOGRAM_FORMATS = ['bars', 'aligned', 'csv', 'ssv', 'tsv', 'json'] as const;

/** Draws bars; the longest one ends at `width`. */
export function barLines(histogram: Histogram, colours: Colours, width: number): string[] {
  const rows = histogram.rows.map((row) => [
    ...labelCells(row, histogram),
    formatNumber(row.count),
  ]);
  const right = rightColumns(histogram, rows[0]?.length ?? 0);
  // A cell behind the last one makes its column as wide as it can be.
  const labels = tableLines(
    rows.map((cells) => [...cells, '|']),
    { right },
  ).map((line) => line.slice(0, -1));
  const room = Math.max(SHORTEST_BAR, width - Math.max(0, ...labels.map(textWidth)));
  const most = Math.max(1, ...histogram.rows.map(({ count }) => count));
  return labels.map((label, i) => {
    const length = ((histogram.rows[i]?.count ?? 0) / most) * room;
    return (label + colours.green(bar(length))).trimEnd();
  });
}

/** Lays out values and counts. */
export function alignedLines(histogram: Histogram): string[] {
  const rows = histogram.rows.map((row) => [
    ...labelCells(row, histogram),
    formatNumber(row.count),
  ]);
  return tableLines(rows, { right: rightColumns(histogram, rows[0]?.length ?? 0) });
}

/** Writes a line of cells per row; CSV has a header. */
export function cellLines(
  histogram: Histogram,
  columns: readonly string[],
  format: 'csv' | 'ssv' | 'tsv',
): string[] {
  const separator = { csv: ',', ssv: ' ', tsv: '\t' }[format];
  const names = histogram.kind === 'bins' ? ['from', 'to'] : columns;
  const rows = histogram.rows.map(({ texts, count }) => [
    ...texts.map((text) => text ?? ''),
    String(count),
  ]);
  const all = format === 'csv' ? [[...names, 'count'], ...rows] : rows;
  return all.map((cells) => cells.map((cell) => quoted(cell, separator)).join(separator));
}

/** Makes a value for JSON. */
export function histogramJson(histogram: Histogram, columns: readonly string[]): object {
  const { kind, rows, nulls, nans, found } = histogram;
  if (kind === 'bins') {
    const bins = rows.map(({ texts: [from, to], count }) => ({ from, to, count }));
    return { column: columns[0], bins, nulls, nans };
  }
  const values = rows.map(({ texts, count }) => ({ values: texts, count }));
  return { columns, values, found };
}

/** What people should know besides: what is not in the bars. */
export function histogramNotes({ kind, rows, found, nulls, nans }: Histogram): string[] {
  const notes: string[] = [];
  if (kind === 'values' && found > rows.length) {
    notes.push(`${formatNumber(found)} values in all; --max-count 0 shows every one.`);
  }
  if (nulls > 0) notes.push(`Not counted: ${formatNumber(nulls)} null.`);
  if (nans > 0) notes.push(`Not counted: ${formatNumber(nans)} NaN.`);
  return notes;
}

/** A bin as its edges, a whole number alone where it fills its bin, a value as it is. */
export function labelCells({ texts, label }: HistogramRow, { kind, isWhole }: Histogram): string[] {
  if (label !== undefined) return [...label];
  if (kind === 'values') {
    return texts.map((text) => truncateText(oneLine(text ?? 'null'), LONGEST_LABEL));
  }
  const [from = '', to = ''] = texts.map(String);
  return isWhole && from === to ? [from] : [from, '…', to];
}

function rightColumns({ kind, rows }: Histogram, cells: number): number[] {
  if (kind === 'bins') return Array.from({ length: cells }, (_, i) => i);
  const isNumeric = (column: number): boolean =>
    rows.every(({ texts }) => texts[column] === null || /^-?[\d.]+$/u.test(texts[column] ?? ''));
  return [...Array.from({ length: cells - 1 }, (_, i) => i).filter(isNumeric), cells - 1];
}

function bar(length: number): string {
  const whole = Math.floor(length);
  const rest = EIGHTHS[Math.floor((length - whole) * 8)] ?? '';
  return '█'.repeat(whole) + (whole === 0 && rest === '' && length > 0 ? '▏' : rest);
}

function quoted(cell: string, separator: string): string {
  const isPlain = !cell.includes(separator) && !/["\r\n]/u.test(cell);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
