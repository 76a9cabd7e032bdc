// Some datasets of one chain, read as one.

import type { CellOf, ColumnName, ColumnTypes, ReadOptions } from '../data/column-values.ts';
import type { Batch, Dataset, RecordOf, RowOf } from './dataset.ts';

/** Datasets in the order in which they are read. Made by `dataset.chain()`. */
export class DatasetChain<Columns extends ColumnTypes = ColumnTypes> {
  readonly datasets: readonly Dataset<Columns>[];

  constructor(datasets: readonly Dataset<Columns>[]) {
    this.datasets = datasets;
  }

  get length(): number {
    return this.datasets.length;
  }

  [Symbol.iterator](): Iterator<Dataset<Columns>> {
    return this.datasets[Symbol.iterator]();
  }

  /** Rows in one slice, or in all. */
  lines(_sliceno?: number | null): number {
    throw new Error('Internal error: not yet');
  }

  /** As `dataset.iterate`, dataset by dataset. */
  iterate<Name extends ColumnName<Columns>, Options extends ReadOptions = ReadOptions>(
    sliceno: number | null,
    column: Name,
    options?: Options,
  ): IterableIterator<CellOf<Columns, Name, Options>>;
  iterate<
    const Names extends readonly ColumnName<Columns>[],
    Options extends ReadOptions = ReadOptions,
  >(
    sliceno: number | null,
    columns: Names,
    options?: Options,
  ): IterableIterator<RowOf<Columns, Names, Options>>;
  iterate<Options extends ReadOptions = ReadOptions>(
    sliceno: number | null,
    columns?: null,
    options?: Options,
  ): IterableIterator<RecordOf<Columns, Options>>;
  iterate(
    _sliceno: number | null,
    _columns?: string | readonly string[] | null,
    _options?: ReadOptions,
  ): IterableIterator<never> {
    throw new Error('Internal error: not yet');
  }

  /** As `dataset.batches`, dataset by dataset. */
  batches<const Names extends readonly ColumnName<Columns>[] = readonly ColumnName<Columns>[]>(
    _sliceno: number | null,
    _columns?: Names | null,
  ): IterableIterator<Batch<Columns, Names[number]>> {
    throw new Error('Internal error: not yet');
  }
}
