// Some datasets of one chain, read as one.

import type {
  CellOf,
  ColumnName,
  ColumnTypes,
  Dynamic,
  ReadOptions,
} from '../../data/column-values.ts';
import { boundValue, decodeBound, goesBeyond } from '../../data/manifest/bounds.ts';
import type { Bound } from '../../data/manifest/dataset-part.ts';
import type { ColumnType } from '../../model/column-type.ts';
import { readBatches, readRows, visibleColumns } from './dataset-reading.ts';
import type { ReadableDataset } from './dataset-reading.ts';
import type { Batch, Dataset, RecordOf, RowOf } from './dataset.ts';

/** Datasets in the order in which they are read. Made by `dataset.chain()`. */
export class DatasetChain<Columns extends ColumnTypes = ColumnTypes> {
  readonly datasets: readonly Dataset<Columns>[];
  readonly #readable: readonly ReadableDataset[];

  /** `readable` holds what the handles in `datasets` know, in the same order. */
  constructor(datasets: readonly Dataset<Columns>[], readable: readonly ReadableDataset[]) {
    this.datasets = datasets;
    this.#readable = readable;
  }

  /** Number of datasets. */
  get length(): number {
    return this.datasets.length;
  }

  [Symbol.iterator](): Iterator<Dataset<Columns>> {
    return this.datasets[Symbol.iterator]();
  }

  /** Rows of all datasets in one slice, or in all slices (`null`). */
  lines(sliceno: number | null = null): number {
    let rows = 0;
    for (const { manifest } of this.#readable) {
      rows +=
        sliceno === null
          ? manifest.lines.reduce((sum, lines) => sum + lines, 0)
          : (manifest.lines[sliceno] ?? 0);
    }
    return rows;
  }

  /** Smallest value of a column in those datasets that have it; `null` when there is none. */
  min<Name extends ColumnName<Columns>>(column: Name): CellOf<Columns, Name> | null {
    return this.#extreme('min', column);
  }

  /** Largest value of a column in those datasets that have it; `null` when there is none. */
  max<Name extends ColumnName<Columns>>(column: Name): CellOf<Columns, Name> | null {
    return this.#extreme('max', column);
  }

  /** As `dataset.iterate`, dataset by dataset: the value of one column, */
  iterate<Name extends ColumnName<Columns>, Options extends ReadOptions = ReadOptions>(
    sliceno: number | null,
    column: Name,
    options?: Options,
  ): IterableIterator<CellOf<Columns, Name, Options>>;
  /** a tuple for a list of columns, */
  iterate<
    const Names extends readonly ColumnName<Columns>[],
    Options extends ReadOptions = ReadOptions,
  >(
    sliceno: number | null,
    columns: Names,
    options?: Options,
  ): IterableIterator<RowOf<Columns, Names, Options>>;
  /** or an object with all columns of the first dataset. */
  iterate<Options extends ReadOptions = ReadOptions>(
    sliceno: number | null,
    columns?: null,
    options?: Options,
  ): IterableIterator<RecordOf<Columns, Options>>;
  iterate(
    sliceno: number | null,
    columns: string | readonly string[] | null = null,
    options: ReadOptions = {},
  ): IterableIterator<Dynamic> {
    return readRows(this.#readable, { sliceno, columns }, options);
  }

  /** As `dataset.batches`, dataset by dataset. */
  batches<const Names extends readonly ColumnName<Columns>[] = readonly ColumnName<Columns>[]>(
    sliceno: number | null,
    columns: Names | null = null,
  ): IterableIterator<Batch<Columns, Names[number]>> {
    const batches: IterableIterator<unknown> = readBatches(this.#readable, { sliceno, columns });
    return batches as IterableIterator<Batch<Columns, Names[number]>>;
  }

  /** Compares across types, because a column may have become wider along the chain. */
  #extreme(side: 'min' | 'max', name: string): Dynamic {
    let type: ColumnType = 'json';
    let bound: Bound = null;
    for (const dataset of this.#readable) {
      const column = visibleColumns(dataset).find((candidate) => candidate.name === name);
      if (column === undefined) continue;
      if (goesBeyond(side, decodeBound(column.type, column[side]), decodeBound(type, bound))) {
        type = column.type;
        bound = column[side];
      }
    }
    return boundValue(type, bound);
  }
}
