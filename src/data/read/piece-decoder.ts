// Decodes the pieces of a plan one after another. Where rows have to be looked at, those wanted are chosen on the
// stored values first, and only these are decoded, or moved together when they are many.

import { SlicePlacer } from '../hash-column.ts';
import { batchColumn } from './batch-iterator.ts';
import { cutChunk } from './cut-chunk.ts';
import { fillValues } from './fill-values.ts';
import type { FillValues, Int64Form } from './fill-values.ts';
import { RangeSelector } from './range-check.ts';
import { RUN_ROWS } from './run-decoder.ts';
import type { RunDecoder } from './run-decoder.ts';
import type { BatchSource, ColumnPiece, ReadPosition } from './scan.ts';
import { NumberColumn } from './text-columns.ts';

/** Rows that are one in so many, or fewer, are decoded one by one. */
const SPARSE = 4;

/** The rows of pieces, in order. */
export class PieceDecoder implements RunDecoder {
  readonly #batches: BatchSource;
  readonly #forms: readonly Int64Form[];
  readonly #rangeColumn: string | undefined;
  /** Rows of the run that are wanted, counted from its start. */
  readonly #selected = new Int32Array(RUN_ROWS);
  readonly #one: unknown[] = [null];
  #columns: BatchSource['columns'] = [];
  #fills: readonly FillValues[] = [];
  /** Where the run begins in the piece, and how many rows of the piece it spans. */
  #start = 0;
  #span = 0;
  /** Whether the run holds `#selected` only. */
  #isSelected = false;
  #selector: RangeSelector | undefined;
  #ranged: ColumnPiece | undefined;
  /** Slice of each row of the piece, where it is rehashed. */
  #places: Int32Array | undefined;

  constructor(batches: BatchSource, forms: readonly Int64Form[]) {
    this.#batches = batches;
    this.#forms = forms;
    this.#rangeColumn = batches.rangeColumn;
  }

  decode(values: readonly unknown[][]): number {
    this.#start += this.#span;
    this.#span = 0;
    if (this.#start >= this.#batches.piece.rows && !this.#nextPiece()) return -1;
    const { chunks, offsets, piece } = this.#batches;
    const count = Math.min(RUN_ROWS, piece.rows - this.#start);
    this.#span = count;
    const wanted = this.#isSelected ? this.#select(count) : count;
    for (let i = 0; i < chunks.length; i++) {
      const chunk = chunks[i];
      const fill = this.#fills[i];
      const out = values[i];
      if (chunk === undefined || fill === undefined || out === undefined) continue;
      const start = this.#start + (offsets[i] ?? 0);
      if (wanted * SPARSE <= count && this.#isSelected) {
        for (let row = 0; row < wanted; row++) {
          fill(chunk, this.#one, { start: start + (this.#selected[row] ?? 0), count: 1 });
          out[row] = this.#one[0];
        }
      } else {
        fill(chunk, out, { start, count });
        if (wanted < count) moveTogether(out, this.#selected, wanted);
      }
    }
    return wanted;
  }

  position(index: number): ReadPosition | undefined {
    const { segment } = this.#batches;
    if (segment === undefined) return undefined;
    return { dataset: segment.spec, sliceno: segment.sliceno, row: this.rowAt(index) };
  }

  /** The row within the slice that a row of the present run is. */
  rowAt(index: number): number {
    const row = this.#isSelected ? (this.#selected[index] ?? 0) : index;
    return this.#batches.piece.start + this.#start + row;
  }

  #nextPiece(): boolean {
    this.#start = 0;
    if (!this.#batches.next()) return false;
    const { columns, piece, segment } = this.#batches;
    if (columns !== this.#columns) {
      this.#columns = columns;
      this.#fills = columns.map((column, i) => fillValues(column.type, this.#forms[i] ?? 'usual'));
      this.#selector = undefined;
    }
    const rehash = segment?.rehash ?? null;
    this.#isSelected = piece.check || rehash !== null || piece.step > 1;
    this.#ranged = piece.check ? this.#openRange() : undefined;
    this.#places = rehash === null ? undefined : this.#place(rehash.column);
    return true;
  }

  #openRange(): ColumnPiece {
    const { segment } = this.#batches;
    const ranged = this.#batches.column(this.#rangeColumn ?? '');
    const limits = segment?.limits ?? { start: null, stop: null };
    this.#selector ??= new RangeSelector(ranged.column.type, limits, ranged.column);
    return ranged;
  }

  /** Finds the slices that the rows of the present piece belong to. */
  #place(name: string): Int32Array {
    const { piece, segment } = this.#batches;
    const { column, chunk, offset } = this.#batches.column(name);
    const cut = { start: offset, rows: piece.rows, isBits: column.type === 'bool' };
    const rows = cutChunk(chunk, cut);
    const stored = batchColumn(column.type, rows);
    const values = stored instanceof NumberColumn ? numbersIn(stored) : stored;
    const placer = new SlicePlacer(column.type, segment?.manifest.lines.length ?? 1);
    const { validity } = rows;
    return placer.place({ values, length: piece.rows, validity });
  }

  /** Chooses the rows of a run that are wanted; returns how many there are. */
  #select(count: number): number {
    const { piece, segment } = this.#batches;
    const selected = this.#selected;
    let found = 0;
    if (this.#ranged !== undefined && this.#selector !== undefined) {
      const { chunk, offset } = this.#ranged;
      found = this.#selector.select(chunk, { start: this.#start + offset, count }, selected);
    } else {
      const first = (piece.step - (this.#start % piece.step)) % piece.step;
      for (let row = first; row < count; row += piece.step) selected[found++] = row;
    }
    const places = this.#places;
    if (places === undefined) return found;
    let kept = 0;
    for (let i = 0; i < found; i++) {
      const row = selected[i] ?? 0;
      if (places[this.#start + row] === segment?.rehash?.sliceno) selected[kept++] = row;
    }
    return kept;
  }
}

function moveTogether(values: unknown[], selected: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) values[i] = values[selected[i] ?? 0];
}

function numbersIn(column: NumberColumn): readonly (number | bigint | null)[] {
  return Array.from({ length: column.length }, (_, row) => column.get(row));
}
