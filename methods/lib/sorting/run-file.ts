// Sorted rows that do not fit into memory: written in blocks of equal length to a file of the job, read back block by
// block. The form is known to no one else; where each block lies is kept outside the file.

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

import { pickRows } from '../tables/column-view.ts';
import type { ColumnView, NumberArray, TextValues } from '../tables/column-view.ts';

/** Some rows of a run in the file. */
export interface RunBlock {
  readonly rows: number;
  /** Where each column begins, in the order of the run's columns. */
  readonly columns: readonly {
    readonly position: number;
    /** Bytes of the texts, also where only codes are in the file. */
    readonly textBytes: number;
    readonly hasNulls: boolean;
  }[];
}

/** What the values of a column of a run are. */
export type RunColumn =
  | { readonly kind: 'fixed'; readonly values: string }
  | { readonly kind: 'text' }
  | { readonly kind: 'codes'; readonly dictionary: TextValues };

/** Rows in ascending order. */
export interface Run {
  readonly columns: readonly RunColumn[];
  readonly blocks: readonly RunBlock[];
}

const NUMBER_ARRAYS = {
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};

/** Makes an array of the kind of that name. */
export function numberArray(kind: string, length: number): NumberArray {
  return new NUMBER_ARRAYS[kind as keyof typeof NUMBER_ARRAYS](length);
}

/** A file of runs. */
export class RunFile implements Disposable {
  readonly #fd: number;
  #end = 0;

  /** `mode` is `w+` for a new file, or `r`. */
  constructor(path: string, mode: 'w+' | 'r') {
    this.#fd = openSync(path, mode);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  /** Writes the rows of `views` in the order of `order`, in blocks of `blockRows`. */
  write(views: readonly ColumnView[], order: Uint32Array, blockRows: number): Run {
    const blocks: RunBlock[] = [];
    for (let start = 0; start < order.length; start += blockRows) {
      const end = Math.min(order.length, start + blockRows);
      const columns = views.map((view) => this.#writeColumn(pickRows(view, order, start, end)));
      blocks.push({ rows: end - start, columns });
    }
    return { columns: views.map(runColumn), blocks };
  }

  /** Reads bytes over `target`. */
  read(target: NumberArray, position: number): void {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    for (let at = 0; at < bytes.length;) {
      const count = readSync(this.#fd, bytes, at, bytes.length - at, position + at);
      if (count === 0) throw new Error('Internal error: a file of sorted rows is too short');
      at += count;
    }
  }

  #writeColumn(view: ColumnView): RunBlock['columns'][number] {
    const position = this.#end;
    if (view.validity !== null) this.#append(view.validity);
    if (view.kind === 'fixed') this.#append(view.values);
    if (view.kind === 'codes') this.#append(view.codes);
    if (view.kind === 'text') {
      this.#append(view.text.offsets);
      this.#append(view.text.bytes.subarray(0, view.text.offsets[view.length]));
    }
    return { position, textBytes: textBytes(view), hasNulls: view.validity !== null };
  }

  #append(values: NumberArray): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let at = 0; at < bytes.length;) {
      at += writeSync(this.#fd, bytes, at, bytes.length - at, this.#end + at);
    }
    this.#end += bytes.length;
  }
}

/** Files that slices have written, to be read together. They are gone when they are closed, however that comes. */
export class RunFiles implements Disposable {
  readonly #files: RunFile[] = [];

  /** Opens the files and removes their names. */
  constructor(paths: readonly string[]) {
    try {
      for (const path of paths) {
        this.#files.push(new RunFile(path, 'r'));
        rmSync(path);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** In the order of the paths. */
  get all(): readonly RunFile[] {
    return this.#files;
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file[Symbol.dispose]();
  }
}

function runColumn(view: ColumnView): RunColumn {
  if (view.kind === 'fixed') return { kind: 'fixed', values: view.values.constructor.name };
  return view.kind === 'text' ? { kind: 'text' } : { kind: 'codes', dictionary: view.dictionary };
}

function textBytes(view: ColumnView): number {
  if (view.kind === 'fixed') return 0;
  if (view.kind === 'text') return view.text.offsets[view.length] ?? 0;
  const { offsets } = view.dictionary;
  let size = 0;
  for (const code of view.codes) size += (offsets[code + 1] ?? 0) - (offsets[code] ?? 0);
  return size;
}
