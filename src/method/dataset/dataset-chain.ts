// Some datasets of one chain, read as one.

import type { CellOf, ColumnName, ColumnTypes, Dynamic } from '../../data/column-values.ts';
import { boundValue, decodeBound, goesBeyond } from '../../data/manifest/bounds.ts';
import type { Bound } from '../../data/manifest/dataset-part.ts';
import { mayHold } from '../../data/read/range-check.ts';
import type { RangeValue } from '../../data/read/range-check.ts';
import type { ColumnType } from '../../model/column-type.ts';
import { readBatches, readRows, visibleColumns } from './dataset-reading.ts';
import type { ReadableDataset } from './dataset-reading.ts';
import type { Batch, Dataset } from './dataset.ts';
import type {
  BatchesOptions,
  Cell,
  IterateOptions,
  RecordOf,
  RowOf,
  RowOptions,
  RowRead,
  SliceChoice,
  TranslatorsOf,
} from './iterate-options.ts';
import { rangeRequest } from './iteration.ts';
import type { UntypedOptions } from './iteration.ts';

/** What a column has to be; anything where it is not said. */
export interface ColumnKind {
  readonly types?: ColumnType | readonly ColumnType[];
  readonly nullable?: boolean;
}

/** Datasets in the order in which they are read. Made by `dataset.chain()` and `Dataset.list`. */
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

  /** What `make` makes of each dataset, as an array. */
  map<Made>(make: (dataset: Dataset<Columns>, place: number) => Made): Made[] {
    return this.datasets.map((dataset, place) => make(dataset, place));
  }

  /** The dataset at a place; negative ones count from the end. */
  at(place: number): Dataset<Columns> | undefined {
    return this.datasets.at(place);
  }

  /** Some consecutive datasets, chosen as elements of an array are. */
  slice(start?: number, end?: number): DatasetChain<Columns> {
    return new DatasetChain(this.datasets.slice(start, end), this.#readable.slice(start, end));
  }

  /** The same datasets the other way round. */
  reversed(): DatasetChain<Columns> {
    return new DatasetChain(this.datasets.toReversed(), this.#readable.toReversed());
  }

  /** These datasets, followed by others. */
  concat(others: DatasetChain<Columns>): DatasetChain<Columns> {
    return new DatasetChain(
      [...this.datasets, ...others.datasets],
      [...this.#readable, ...others.#readable],
    );
  }

  /** The datasets that `accepts` says yes to. */
  filter(accepts: (dataset: Dataset<Columns>) => boolean): DatasetChain<Columns> {
    const kept = this.datasets.map((dataset) => accepts(dataset));
    return this.#kept(kept);
  }

  /** The datasets that have a column, of some types or one, and nullable or not, where that is said. */
  withColumn(name: string, kind: ColumnKind = {}): DatasetChain<Columns> {
    const kept = this.#readable.map((dataset) => hasColumn(dataset, name, kind));
    return this.#kept(kept);
  }

  /** The datasets that may hold values of a column in a range `{ column: [start, stop] }`, as their bounds tell. */
  range(range: Readonly<Record<string, readonly [RangeValue, RangeValue]>>): DatasetChain<Columns> {
    const request = rangeRequest({ range });
    if (request === undefined) return this;
    const kept = this.#readable.map((dataset) => {
      const column = visibleColumns(dataset).find(({ name }) => name === request.column);
      return column !== undefined && mayHold(column, request);
    });
    return this.#kept(kept);
  }

  /** In how many of the datasets each column is. */
  columnCounts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const dataset of this.#readable) {
      for (const { name } of visibleColumns(dataset)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  /** How many of the datasets have a column: see `withColumn`. */
  columnCount(name: string, kind: ColumnKind = {}): number {
    return this.#readable.filter((dataset) => hasColumn(dataset, name, kind)).length;
  }

  /** Whether a column may hold nulls in any of the datasets. */
  nullable(name: string): boolean {
    return this.columnCount(name, { nullable: true }) > 0;
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
    options?: RowOptions<Columns, Name, Options, T, Cell<Columns, Name, Options, T>>,
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
    options?: RowOptions<Columns, Names[number], Options, T, RowOf<Columns, Names, Options, T>>,
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
    options?: RowOptions<Columns, ColumnName<Columns>, Options, T, RecordOf<Columns, Options, T>>,
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

  #kept(kept: readonly boolean[]): DatasetChain<Columns> {
    return new DatasetChain(
      this.datasets.filter((_, i) => kept[i]),
      this.#readable.filter((_, i) => kept[i]),
    );
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

function hasColumn(dataset: ReadableDataset, name: string, kind: ColumnKind): boolean {
  const { types, nullable } = kind;
  const wanted = typeof types === 'string' ? [types] : types;
  return visibleColumns(dataset).some(
    (column) =>
      column.name === name &&
      (wanted === undefined || wanted.includes(column.type)) &&
      (nullable === undefined || column.nullable === nullable),
  );
}
