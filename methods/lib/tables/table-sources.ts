// What methods that make one dataset of a chain need to know of its datasets: the columns they have in common.

import { Dataset } from 'acc-engine';
import type { ColumnType, DatasetChain } from 'acc-engine';

import { mistake, noColumn } from '../mistake.ts';
import type { TableColumn } from './column-view.ts';

/**
 * The datasets of a chain that are new since the job that made `previous`: from `source` back to, and without, the
 * `source` of that job, `length` at most; all where the chain does not hold that. `previous` must be declared with lineage.
 */
export function sourcesSince(
  source: Dataset,
  previous: Dataset | undefined,
  length = -1,
): DatasetChain {
  const before = previous?.job.params.datasets['source'];
  const stop = before instanceof Dataset ? { of: previous, input: 'source' } : null;
  return source.chain({ length, stop });
}

/** Lists the columns of a dataset in their order. */
export function columnsOf(dataset: Dataset): readonly TableColumn[] {
  return dataset.columnNames.map((name) => {
    const column = dataset.columns[name];
    if (column === undefined) throw new Error(`Internal error: ${String(dataset)} lost a column`);
    const { type, nullable } = column;
    return { name, type, nullable };
  });
}

/** Columns as a writer takes them; one by one to `add`, because a record does not keep the order of numbers. */
export function addColumns(
  writer: { add(name: string, declaration: { type: ColumnType; nullable: boolean }): void },
  columns: readonly TableColumn[],
): void {
  for (const { name, type, nullable } of columns) writer.add(name, { type, nullable });
}

/**
 * The columns of datasets that are to be put after one another: those of `newest`, which all must have, with the same
 * types. A column is nullable if it is in any of them. Throws an error that names dataset and column.
 */
export function commonColumns(
  datasets: readonly Dataset[],
  newest: Dataset,
): readonly TableColumn[] {
  const expected = columnsOf(newest);
  const found = datasets.map((dataset) => {
    const columns = columnsOf(dataset);
    const extra = columns.find(({ name }) => !expected.some((column) => column.name === name));
    if (extra !== undefined) {
      throw mistake(
        `${String(newest)} has no column ${quote(extra.name)}, but ${String(dataset)} has`,
      );
    }
    return columns;
  });
  return expected.map((column) => {
    const same = found.map((columns, i) => {
      const other = columns.find(({ name }) => name === column.name);
      if (other === undefined) {
        throw mistake(
          `${String(datasets[i])} has no column ${quote(column.name)}, but ${String(newest)} has`,
        );
      }
      if (other.type !== column.type) {
        throw mistake(
          `Column ${quote(column.name)} is ${other.type} in ${String(datasets[i])}, but ${column.type} in ${String(newest)}`,
        );
      }
      return other;
    });
    return { ...column, nullable: same.some(({ nullable }) => nullable) };
  });
}

/** The column by whose hash the rows of all these datasets lie in slices; throws an error where they differ. */
export function commonHashlabel(datasets: readonly Dataset[], newest: Dataset): string | null {
  const { hashlabel } = newest;
  const other = datasets.find((dataset) => dataset.hashlabel !== hashlabel);
  if (other === undefined) return hashlabel;
  throw mistake(
    `${String(other)} is ${hashedText(other.hashlabel)}, but ${String(newest)} is ${hashedText(hashlabel)}`,
  );
}

/** The same where it may differ: `null` then. */
export function sharedHashlabel(datasets: readonly Dataset[], newest: Dataset): string | null {
  const { hashlabel } = newest;
  return datasets.every((dataset) => dataset.hashlabel === hashlabel) ? hashlabel : null;
}

/** Tells how a dataset is hashed, for messages. */
export function hashedText(hashlabel: string | null): string {
  return hashlabel === null ? 'not hashed' : `hashed on column ${quote(hashlabel)}`;
}

/** Finds a column that an option names; throws an error that names the nearest where there is none. */
export function columnNamed(
  columns: readonly TableColumn[],
  name: string,
  option: string,
  dataset: string,
): TableColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const names = columns.map((candidate) => candidate.name);
  throw noColumn({ option, unknown: [name], subject: dataset, names });
}

/** A name as it is shown in messages. */
export function quote(name: string): string {
  return JSON.stringify(name);
}
