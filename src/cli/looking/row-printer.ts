// Prints found rows: headers where columns change, aligned columns, zebra lines, each row once, up to a number.
// Aligned columns are as wide as the widest cell so far; the first rows are held back until there are enough to know.

import type { Colours } from '../../report/colour.ts';
import { oneLine } from '../../util/one-line.ts';
import { padText, textWidth, truncateText } from '../../util/text-width.ts';
import { textBytes } from './cell-text.ts';
import type { PrintSpec, TabSpec } from './grep-options.ts';
import type { Patterns } from './patterns.ts';
import { cellWriter, headerCells, lineWriter } from './row-format.ts';
import type { CellsOf } from './row-format.ts';
import type { FoundRow } from './scan-slice.ts';
import type { ScanTask } from './scan-tasks.ts';

/** Rows from which the widths of columns are taken. */
const ROWS_TO_LEARN = 200;
/** Wider cells push their line out of shape instead of all others. */
const WIDEST_COLUMN = 50;
const NUMERIC_TEXT = /^(?:-?[\d.]+(?:e[-+]?\d+)?|-?Infinity|NaN|null)$/u;
const ZEBRA = '\u001B[48;5;236m';
const ZEBRA_END = '\u001B[K\u001B[49m';

/** Takes rows and gives text. */
export class RowPrinter {
  readonly #spec: PrintSpec;
  readonly #colours: Colours;
  readonly #patterns: Patterns;
  readonly #seen = new Set<string>();
  #count = 0;
  #lines = 0;
  #header = '';
  #task: ScanTask | undefined;
  #cellsOf: CellsOf = () => [];
  #lineOf: ((row: FoundRow, task: ScanTask) => string) | undefined;
  #lastLine = -2;
  #listed = '';
  /** Rows whose widths are not settled yet: cells and whether it is a header. */
  #held: { readonly cells: readonly string[]; readonly isHeader: boolean }[] = [];
  #widths: number[] = [];
  #isRight: boolean[] = [];

  constructor(spec: PrintSpec, colours: Colours, patterns: Patterns) {
    this.#spec = spec;
    this.#colours = colours;
    this.#patterns = patterns;
  }

  /** No more rows are wanted. */
  get isFull(): boolean {
    return this.#count >= this.#spec.maxCount;
  }

  /** Anything matched. */
  get hasPrinted(): boolean {
    return this.#count > 0;
  }

  /** Gives the text of some rows; those of an aligned table may come later. */
  rows(task: ScanTask, rows: readonly FoundRow[]): Uint8Array {
    let text = '';
    for (const row of rows) {
      if (row.isMatch && this.isFull) break;
      if (row.isMatch && this.#isKnown(row)) continue;
      if (row.isMatch) this.#count++;
      text += this.#spec.isList ? this.#name(task) : this.#row(task, row);
    }
    return textBytes(text);
  }

  /** Gives text that a thread has made, with the header before it where columns change. */
  text(task: ScanTask, text: Uint8Array): Uint8Array {
    this.#count++;
    const header = this.#headerOf(task);
    return header === '' ? text : Buffer.concat([textBytes(header), text]);
  }

  /** Gives the header of a table that would have had rows. */
  emptyTable(task: ScanTask | undefined): string {
    if (task === undefined || this.#spec.isList || this.#spec.format !== 'csv') return '';
    return this.#headerOf(task);
  }

  /** Gives what was held back. */
  flush(): string {
    const held = this.#held;
    if (held.length === 0) return '';
    this.#held = [];
    this.#learn(held.map(({ cells }) => cells));
    return held.map(({ cells, isHeader }) => this.#aligned(cells, isHeader)).join('');
  }

  #isKnown({ key }: FoundRow): boolean {
    if (!this.#spec.isUnique) return false;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }

  #name({ unit }: ScanTask): string {
    const { labels, format, separator } = this.#spec;
    const spec = format === 'aligned' ? oneLine(unit.spec) : unit.spec;
    const name = labels.sliceno ? `${spec}${separator}${unit.sliceno}` : spec;
    if (name === this.#listed) return '';
    this.#listed = name;
    if (format !== 'json') return `${name}\n`;
    const slice = labels.sliceno ? { sliceno: unit.sliceno } : {};
    return `${JSON.stringify({ dataset: unit.spec, ...slice })}\n`;
  }

  #row(task: ScanTask, row: FoundRow): string {
    const { format, tabs } = this.#spec;
    const isNewPlace = this.#task !== task;
    const header = this.#headerOf(task);
    const gap = this.#gap(row, isNewPlace);
    this.#lastLine = row.lineno;
    if (tabs !== undefined && format !== 'json') {
      return header + gap + this.#striped(`${tabbed(this.#cellsOf(row, task.unit), tabs)}\n`);
    }
    if (format !== 'aligned') return header + gap + this.#striped(this.#lineOf?.(row, task) ?? '');
    const cells = this.#cellsOf(row, task.unit);
    const isUnsettled = this.#widths.length === 0;
    if (gap !== '') return header + this.flush() + gap + this.#alignedNow(cells);
    if (!isUnsettled) return header + this.#aligned(cells, false);
    this.#held.push({ cells, isHeader: false });
    return this.#held.length < ROWS_TO_LEARN ? header : header + this.flush();
  }

  #gap(row: FoundRow, isNewPlace: boolean): string {
    if (!this.#spec.separatesGroups || this.#lastLine === -2) return '';
    if (!isNewPlace && row.lineno === this.#lastLine + 1) return '';
    return `${this.#colours.dim('--')}\n`;
  }

  /** Takes up another task; gives its header if its columns differ from those before. */
  #headerOf(task: ScanTask): string {
    if (this.#task === task) return '';
    this.#task = task;
    const spec = this.#spec;
    const marks = { patterns: this.#patterns, colours: this.#colours };
    this.#cellsOf = cellWriter(spec, task.columns, marks);
    const lineOf = lineWriter(spec, task.columns, marks);
    this.#lineOf = (row, { unit }) => lineOf(row, unit);
    const key = JSON.stringify(task.columns.printed);
    if (key === this.#header) return '';
    this.#header = key;
    const before = this.flush();
    this.#widths = [];
    if (!spec.hasHeaders) return before;
    const cells = headerCells(spec, task.columns.printed).map(this.#colours.bold);
    if (spec.tabs !== undefined) return `${before}${tabbed(cells, spec.tabs)}\n`;
    if (spec.format !== 'aligned') return `${before}${cells.join(spec.separator)}\n`;
    this.#held.push({ cells, isHeader: true });
    return before;
  }

  #alignedNow(cells: readonly string[]): string {
    if (this.#widths.length === 0) this.#learn([cells]);
    return this.#aligned(cells, false);
  }

  #learn(rows: readonly (readonly string[])[]): void {
    const isFirst = this.#widths.length === 0;
    for (const [i, cells] of rows.entries()) {
      cells.forEach((cell, column) => {
        const width = Math.min(WIDEST_COLUMN, textWidth(cell));
        this.#widths[column] = Math.max(this.#widths[column] ?? 0, width);
        const isHeader = isFirst && i === 0 && this.#spec.hasHeaders;
        if (isFirst && !isHeader) {
          const isNumber = NUMERIC_TEXT.test(plain(cell));
          this.#isRight[column] = isNumber && (this.#isRight[column] ?? true);
        } else if (isHeader) this.#isRight[column] = rows.length > 1;
      });
    }
  }

  #aligned(whole: readonly string[], isHeader: boolean): string {
    const { width: screen = 0 } = this.#spec;
    const isCut = screen > 0 && this.#patterns.isEverything;
    const cells = isCut ? whole.map((cell) => truncateText(cell, WIDEST_COLUMN)) : whole;
    const line = cells.map((cell, column) => {
      const width = textWidth(cell);
      if (width > (this.#widths[column] ?? 0) && width <= WIDEST_COLUMN)
        this.#widths[column] = width;
      return padText(
        cell,
        this.#widths[column] ?? 0,
        this.#isRight[column] === true ? 'right' : 'left',
      );
    });
    const joined = line.join('  ').trimEnd();
    const text = `${isCut ? truncateText(joined, screen) : joined}\n`;
    return isHeader ? text : this.#striped(text);
  }

  /** Every other line on another ground, where there are colours. */
  #striped(line: string): string {
    const hasColours = this.#colours.bold('x') !== 'x';
    if (!this.#spec.isLined || !hasColours || this.#lines++ % 2 === 0) return line;
    return `${ZEBRA}${line.replace(/\n$/u, '').replaceAll('\n', `${ZEBRA_END}\n${ZEBRA}`)}${ZEBRA_END}\n`;
  }
}

/** Lays cells out by tab stops. */
function tabbed(cells: readonly string[], { tab, field, min }: TabSpec): string {
  let line = '';
  let column = 0;
  for (const [i, cell] of cells.entries()) {
    const width = textWidth(cell);
    line += cell;
    if (i === cells.length - 1) break;
    const least = Math.max(width + min, field);
    const next = Math.ceil((column + least) / tab) * tab;
    line += ' '.repeat(next - column - width);
    column = next;
  }
  return line;
}

function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escapes begin with a control character
  return text.replaceAll(/\u001B\[[\d;]*m/gu, '');
}
