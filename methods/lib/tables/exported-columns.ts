// The columns that an export writes: those that are asked for, or all in the order of their declaration.

import type { Dataset, DatasetColumn } from 'acc-engine';

import { noColumn } from '../mistake.ts';

/** Finds columns by name. Throws for one that the dataset lacks. */
export function chosenColumns(
  source: Dataset,
  names: readonly string[] = source.columnNames,
): readonly DatasetColumn[] {
  return names.map((name) => {
    const column = source.columns[name];
    if (column !== undefined && Object.hasOwn(source.columns, name)) return column;
    throw noColumn({
      option: 'columns',
      unknown: [name],
      subject: String(source),
      names: source.columnNames,
    });
  });
}
