// Goes through one slice of a dataset and gives the rows that match, with those around them, as texts.
// Unaware of threads, other slices and how rows are printed.

import type { Dataset } from '../../method/dataset/dataset.ts';
import { cellReader } from './cell-text.ts';
import type { BatchColumn, CellReader } from './cell-text.ts';
import { markMatches } from './column-search.ts';
import type { Patterns, PatternSpec } from './patterns.ts';
import { compilePatterns } from './patterns.ts';

/** Rows that are handed on together at most. */
const CHUNK_ROWS = 2048;

/** How slices are searched, as data that travels between threads. */
export interface ScanQuery {
  readonly pattern: PatternSpec;
  /** Rows that do not match are wanted. */
  readonly isInverted: boolean;
  /** Rows before and after each match that are wanted too. */
  readonly before: number;
  readonly after: number;
  /** Cells as texts, or as JSON. */
  readonly form: 'text' | 'json';
  /** Only what matched: of each cell, or of each row the cells; `null` for all. */
  readonly only: 'parts' | 'cells' | null;
  /** A slice is left after its first match. */
  readonly stopsAtMatch: boolean;
  /** What makes rows different: all printed columns, or these; `null` when nobody asks. */
  readonly uniqueBy: 'printed' | readonly string[] | null;
}

/** The columns of one dataset that are wanted. */
export interface ScanColumns {
  readonly printed: readonly string[];
  readonly searched: readonly string[];
}

/** A row that is to be printed. */
export interface FoundRow {
  /** Row within the slice, from 0. */
  readonly lineno: number;
  /** False for a row that stands there because of its neighbours. */
  readonly isMatch: boolean;
  /** Printed columns in order: `null` for a null, `undefined` for a cell that is left out. */
  readonly cells: readonly (string | null | undefined)[];
  /** Equal for rows that count as one; empty when nobody asks. */
  readonly key: string;
}

/** The columns of a batch, ready to be read as texts. */
interface OpenBatch {
  readonly printed: readonly CellReader[];
  readonly texts: readonly CellReader[];
  readonly keys: readonly CellReader[];
}

/** Gives rows in chunks; one, maybe empty, for each batch at least, so that the caller can look up now and then. */
export function* scanSlice(
  dataset: Dataset,
  sliceno: number,
  columns: ScanColumns,
  query: ScanQuery,
): Generator<readonly FoundRow[], void, void> {
  const patterns = compilePatterns(query.pattern);
  const rows = new RowChooser(query, patterns, columns);
  const { uniqueBy } = query;
  const keyNames = uniqueBy === 'printed' ? columns.printed : (uniqueBy ?? []);
  const names = [...new Set([...columns.printed, ...columns.searched, ...keyNames])];
  let first = 0;
  for (const batch of dataset.batches(sliceno, names)) {
    const columnOf = (name: string): BatchColumn => batch.columns[name] as BatchColumn;
    const reader = (name: string, form: 'text' | 'json'): CellReader => {
      const type = dataset.columns[name]?.type ?? 'string';
      return cellReader(columnOf(name), { type, validity: batch.validity[name] ?? null, form });
    };
    const hits = new Uint8Array(batch.length);
    if (patterns.isEverything) hits.fill(1);
    else {
      for (const name of columns.searched) {
        const type = dataset.columns[name]?.type ?? 'string';
        const validity = batch.validity[name] ?? null;
        markMatches({ values: columnOf(name), type, validity }, patterns, hits);
      }
    }
    const open = {
      printed: columns.printed.map((name) => reader(name, query.form)),
      texts: columns.printed.map((name) => reader(name, 'text')),
      keys: keyNames.map((name) => reader(name, 'text')),
    };
    yield* rows.choose(open, hits, first);
    if (rows.isDone) return;
    first += batch.length;
  }
}

/** Chooses rows from the marks of one batch after another. */
class RowChooser {
  /** Nothing of the slice is wanted any more. */
  isDone = false;
  readonly #query: ScanQuery;
  readonly #patterns: Patterns;
  readonly #isSearched: readonly boolean[];
  readonly #keyNames: string;
  /** The last rows of the batch before, for the matches at the beginning of the next. */
  #tail: readonly FoundRow[] = [];
  /** Rows after the last match that are still wanted. */
  #afterLeft = 0;
  /** The last row that was given. */
  #last = -1;

  constructor(query: ScanQuery, patterns: Patterns, columns: ScanColumns) {
    const { uniqueBy } = query;
    this.#query = query;
    this.#patterns = patterns;
    this.#isSearched = columns.printed.map((name) => columns.searched.includes(name));
    this.#keyNames = JSON.stringify(uniqueBy === 'printed' ? columns.printed : uniqueBy);
  }

  *choose(batch: OpenBatch, hits: Uint8Array, first: number): Generator<readonly FoundRow[]> {
    const { before, after, isInverted, stopsAtMatch } = this.#query;
    const wanted = isInverted ? 0 : 1;
    let chunk: FoundRow[] = [];
    for (let row = 0; row < hits.length; row++) {
      if (hits[row] === wanted) {
        if (before > 0) chunk.push(...this.#rowsBefore(batch, row, first));
        chunk.push(this.#row(batch, row, { first, isMatch: true }));
        this.#afterLeft = after;
        this.isDone = stopsAtMatch;
        if (this.isDone) break;
      } else if (this.#afterLeft > 0) {
        chunk.push(this.#row(batch, row, { first, isMatch: false }));
        this.#afterLeft--;
      } else {
        const next = hits.indexOf(wanted, row);
        row = (next < 0 ? hits.length : next) - 1;
      }
      if (chunk.length >= CHUNK_ROWS) {
        yield chunk;
        chunk = [];
      }
    }
    yield chunk;
    if (before > 0) this.#keepTail(batch, hits.length, first);
  }

  #rowsBefore(batch: OpenBatch, row: number, first: number): FoundRow[] {
    const from = Math.max(this.#last + 1, first + row - this.#query.before);
    const rows = this.#tail.filter(({ lineno }) => lineno >= from);
    for (let at = Math.max(from - first, 0); at < row; at++) {
      rows.push(this.#row(batch, at, { first, isMatch: false }));
    }
    return rows;
  }

  #keepTail(batch: OpenBatch, rows: number, first: number): void {
    const last = this.#last;
    const from = Math.max(0, rows - this.#query.before, last + 1 - first);
    const earlier = this.#tail.slice(Math.max(0, this.#tail.length - (this.#query.before - rows)));
    const tail = rows < this.#query.before ? [...earlier] : [];
    for (let at = from; at < rows; at++) tail.push(this.#row(batch, at, { first, isMatch: false }));
    this.#tail = tail.filter(({ lineno }) => lineno > last);
    this.#last = last;
  }

  #row(batch: OpenBatch, row: number, facts: { first: number; isMatch: boolean }): FoundRow {
    const { uniqueBy } = this.#query;
    const lineno = facts.first + row;
    this.#last = lineno;
    return {
      lineno,
      isMatch: facts.isMatch,
      cells: this.#cells(batch, row, facts.isMatch),
      key: uniqueBy === null ? '' : this.#key(batch, row),
    };
  }

  #cells(batch: OpenBatch, row: number, isMatch: boolean): (string | null | undefined)[] {
    const { only, form } = this.#query;
    if (only === null || !isMatch) return batch.printed.map((cell) => cell(row));
    const { spansOf } = this.#patterns;
    return batch.texts.map((cell, i) => {
      const text = cell(row) ?? 'null';
      const spans = this.#isSearched[i] === true ? spansOf(text) : [];
      if (spans.length === 0) return undefined;
      if (only === 'cells') return batch.printed[i]?.(row);
      const parts = spans.map(([start, end]) => text.slice(start, end)).join('');
      return form === 'json' ? JSON.stringify(parts) : parts;
    });
  }

  #key(batch: OpenBatch, row: number): string {
    const key = this.#keyNames + JSON.stringify(batch.keys.map((cell) => cell(row)));
    return this.#query.pattern.ignoresCase ? key.toLowerCase() : key;
  }
}
