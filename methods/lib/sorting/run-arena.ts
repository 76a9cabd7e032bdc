// The present block of each of several runs, side by side in one array per column, so that a row of any run is one
// number. Run `i` has the rows from `i * stride` on.

import type { ColumnView, NumberArray, TextValues } from '../tables/column-view.ts';
import { numberArray } from './run-file.ts';
import type { Run, RunBlock, RunFile } from './run-file.ts';

/** A run and the file it is in. */
export interface PlacedRun {
  readonly file: RunFile;
  readonly run: Run;
}

/** Blocks of runs, with at most `blockRows` rows each, which must be a multiple of 8. */
export class RunArena {
  /** Rows from the beginning of one run's block to that of the next. */
  readonly stride: number;
  readonly #runs: readonly PlacedRun[];
  readonly #columns: readonly ArenaColumn[];

  constructor(runs: readonly PlacedRun[], blockRows: number) {
    this.#runs = runs;
    this.stride = blockRows + 8;
    const count = runs[0]?.run.columns.length ?? 0;
    this.#columns = Array.from({ length: count }, (_, i) => new ArenaColumn(runs, i, this.stride));
  }

  /** The columns; rows beyond the end of a block hold nothing of use. The same arrays as long as the arena lives. */
  get views(): readonly ColumnView[] {
    return this.#columns.map((column) => column.view);
  }

  /** Reads a block of run `i` over the one before and returns its number of rows; 0 when there is none. */
  load(i: number, block: number): number {
    const placed = this.#runs[i];
    const next = placed?.run.blocks[block];
    if (placed === undefined || next === undefined) return 0;
    for (const column of this.#columns) column.load(i, placed, next);
    return next.rows;
  }
}

class ArenaColumn {
  readonly view: ColumnView;
  readonly #index: number;
  readonly #stride: number;
  readonly #validity: Uint8Array;
  /** Where the texts of each run begin in the bytes. */
  readonly #textStarts: readonly number[];

  constructor(runs: readonly PlacedRun[], index: number, stride: number) {
    this.#index = index;
    this.#stride = stride;
    const length = runs.length * stride;
    const columns = runs.map(({ run }) => run.columns[index]);
    const hasNulls = runs.some(({ run }) =>
      run.blocks.some((block) => block.columns[index]?.hasNulls === true),
    );
    this.#validity = new Uint8Array(hasNulls ? length / 8 : 0).fill(0xff);
    const validity = hasNulls ? this.#validity : null;
    const [first] = columns;
    const base = { length, validity };
    this.#textStarts = [];
    if (first?.kind === 'fixed') {
      this.view = { ...base, kind: 'fixed', values: numberArray(first.values, length) };
    } else if (
      first?.kind === 'codes' &&
      columns.every((column) => column?.kind === 'codes' && column.dictionary === first.dictionary)
    ) {
      const codes = new Uint32Array(length);
      this.view = { ...base, kind: 'codes', codes, dictionary: first.dictionary };
    } else {
      this.#textStarts = textStarts(runs, index);
      const bytes = new Uint8Array(this.#textStarts.at(-1) ?? 0);
      this.view = { ...base, kind: 'text', text: { offsets: new Int32Array(length + 1), bytes } };
    }
  }

  load(i: number, { file, run }: PlacedRun, block: RunBlock): void {
    const place = block.columns[this.#index];
    if (place === undefined) throw new Error('Internal error: a run without a column');
    const start = i * this.#stride;
    let { position } = place;
    if (this.#validity.length > 0) {
      const bits = this.#validity.subarray(start / 8, start / 8 + ((block.rows + 7) >> 3));
      if (place.hasNulls) file.read(bits, position);
      else bits.fill(0xff);
    }
    if (place.hasNulls) position += (block.rows + 7) >> 3;
    const { view } = this;
    if (view.kind === 'fixed') file.read(part(view.values, start, block.rows), position);
    else if (view.kind === 'codes') file.read(part(view.codes, start, block.rows), position);
    else {
      const column = run.columns[this.#index];
      const at = this.#textStarts[i] ?? 0;
      if (column?.kind === 'codes') {
        const codes = new Uint32Array(block.rows);
        file.read(codes, position);
        spellOut(codes, column.dictionary, { ...view.text, start, at });
      } else {
        const offsets = part(view.text.offsets, start, block.rows + 1) as Int32Array;
        file.read(offsets, position);
        for (let row = 0; row < offsets.length; row++) offsets[row] = (offsets[row] ?? 0) + at;
        const bytes = view.text.bytes.subarray(at, at + place.textBytes);
        file.read(bytes, position + offsets.byteLength);
      }
    }
  }
}

/** Room for the largest block of each run; one number more than there are runs. */
function textStarts(runs: readonly PlacedRun[], index: number): readonly number[] {
  const starts = [0];
  for (const { run } of runs) {
    const sizes = run.blocks.map((block) => block.columns[index]?.textBytes ?? 0);
    starts.push((starts.at(-1) ?? 0) + sizes.reduce((a, b) => Math.max(a, b), 0));
  }
  return starts;
}

function spellOut(
  codes: Uint32Array,
  dictionary: TextValues,
  target: TextValues & { readonly start: number; readonly at: number },
): void {
  let { at } = target;
  target.offsets[target.start] = at;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? 0;
    const [from, to] = [dictionary.offsets[code] ?? 0, dictionary.offsets[code + 1] ?? 0];
    target.bytes.set(dictionary.bytes.subarray(from, to), at);
    at += to - from;
    target.offsets[target.start + row + 1] = at;
  }
}

function part(values: NumberArray, start: number, length: number): NumberArray {
  return values.subarray(start, start + length);
}
