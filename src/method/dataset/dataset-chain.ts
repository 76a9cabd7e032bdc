// Some datasets of one chain, read as one.

import type { CellOf, ColumnName, ColumnTypes, Dynamic } from '../../data/column-values.ts';
import { boundValue, decodeBound, goesBeyond } from '../../data/manifest/bounds.ts';
import type { Bound } from '../../data/manifest/dataset-part.ts';
import type { ColumnType } from '../../model/column-type.ts';
import { readBatches, readRows, visibleColumns } from './dataset-reading.ts';
import type { ReadableDataset } from './dataset-reading.ts';
import type { Batch, Dataset } from './dataset.ts';
import type {
  BatchesOptions,
  Cell,
  FiltersOf,
  IterateOptions,
  RecordOf,
  RowOf,
  RowRead,
  SliceChoice,
  TranslatorsOf,
} from './iterate-options.ts';
import type { UntypedOptions } from './iteration.ts';

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
    for (const dataset of this.#readable) {
      rows +=
        sliceno === null
          ? dataset.lines.reduce((sum, lines) => sum + lines, 0)
          : (dataset.lines[sliceno] ?? 0);
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
  iterate<
    Name extends ColumnName<Columns>,
    Options extends IterateOptions<Columns>,
    const T extends TranslatorsOf<Columns, Name, CellOf<Columns, Name, Options>> | undefined,
  >(
    sliceno: SliceChoice,
    column: Name,
    options?: Options & {
      readonly translators?: T;
      readonly filters?: FiltersOf<
        Columns,
        Name,
        Options,
        T,
        RowRead<T, Cell<Columns, Name, Options, T>>
      >;
    },
  ): IterableIterator<RowRead<T, Cell<Columns, Name, Options, T>>>;
  /** a tuple for a list of columns, */
  iterate<
    const Names extends readonly ColumnName<Columns>[],
    Options extends IterateOptions<Columns>,
    const T extends
      | TranslatorsOf<Columns, Names[number], RowOf<Columns, Names, Options>>
      | undefined,
  >(
    sliceno: SliceChoice,
    columns: Names,
    options?: Options & {
      readonly translators?: T;
      readonly filters?: FiltersOf<
        Columns,
        Names[number],
        Options,
        T,
        RowRead<T, RowOf<Columns, Names, Options, T>>
      >;
    },
  ): IterableIterator<RowRead<T, RowOf<Columns, Names, Options, T>>>;
  /** or an object with all columns of the first dataset. */
  iterate<
    Options extends IterateOptions<Columns>,
    const T extends
      | TranslatorsOf<Columns, ColumnName<Columns>, RecordOf<Columns, Options>>
      | undefined,
  >(
    sliceno: SliceChoice,
    columns?: null,
    options?: Options & {
      readonly translators?: T;
      readonly filters?: FiltersOf<
        Columns,
        ColumnName<Columns>,
        Options,
        T,
        RowRead<T, RecordOf<Columns, Options, T>>
      >;
    },
  ): IterableIterator<RowRead<T, RecordOf<Columns, Options, T>>>;
  iterate(
    sliceno: SliceChoice,
    columns: string | readonly string[] | null = null,
    options: UntypedOptions = {},
  ): IterableIterator<Dynamic> {
    return readRows(this.#readable, { sliceno, columns, options, handles: this.datasets });
  }

  /** As `dataset.batches`, dataset by dataset. */
  batches<
    const Names extends readonly ColumnName<Columns>[] = readonly ColumnName<Columns>[],
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- keeps datasets assignable to those of unknown columns
    Options extends BatchesOptions<Columns> = BatchesOptions<Columns>,
  >(
    sliceno: number | null,
    columns?: Names | null,
    options?: Options,
  ): IterableIterator<Batch<Columns, Names[number]>>;
  batches(
    sliceno: number | null,
    columns: readonly string[] | null = null,
    options: UntypedOptions = {},
  ): IterableIterator<Dynamic> {
    return readBatches(this.#readable, { sliceno, columns, options, handles: this.datasets });
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
