// The columns that an export writes: those that are asked for, or all in the order of their declaration.

import type { Dataset, DatasetColumn } from 'acc-engine';

/** Finds columns by name. Throws for one that the dataset lacks. */
export function chosenColumns(
  source: Dataset,
  names: readonly string[] = source.columnNames,
): readonly DatasetColumn[] {
  return names.map((name) => {
    const column = source.columns[name];
    if (column !== undefined && Object.hasOwn(source.columns, name)) return column;
    const known = source.columnNames.join(', ');
    throw new Error(`Option "columns" names "${name}", but ${String(source)} has only ${known}`);
  });
}
