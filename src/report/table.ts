// Rows of text as aligned columns. Widths are counted in terminal columns, so colours and wide characters line up.

import { padText, textWidth, truncateText } from '../util/text-width.ts';

/** How a table is laid out. */
export interface TableOptions {
  /** Column numbers, from 0, that are aligned to the right. */
  readonly right?: readonly number[];
  /** Put before each line. */
  readonly indent?: string;
  /** Lines are cut to this many columns; without it they are left whole. */
  readonly width?: number;
}

/**
 * Lays rows out as lines without line ends or trailing blanks. Rows may have different lengths: the last cell of a row
 * has nothing behind it, so it makes its column no wider.
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string[] {
  const { right = [], indent = '', width } = options;
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      const isLast = column === row.length - 1 && !right.includes(column);
      widths[column] = Math.max(widths[column] ?? 0, isLast ? 0 : textWidth(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const align = right.includes(column) ? 'right' : 'left';
      return padText(cell, widths[column] ?? 0, align);
    });
    const line = (indent + cells.join('  ')).trimEnd();
    return width === undefined ? line : truncateText(line, width);
  });
}
