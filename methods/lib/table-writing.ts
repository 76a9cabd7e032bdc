// Writes rows that are given column by column to a dataset.

import type { ColumnType, DatasetWriter } from 'acc-engine';

import { isNullAt, withoutCodes } from './column-view.ts';
import type { ColumnView, TableColumn } from './column-view.ts';

const MS_PER_DAY = 86_400_000;

/** Writes the rows of `views`, one for each of `columns` in the same order. */
export function writeViews(
  writer: DatasetWriter,
  columns: readonly TableColumn[],
  views: readonly ColumnView[],
): void {
  const batch = columns.map(({ name, type }, i) => [name, inputOf(type, views[i])] as const);
  writer.writeBatch(Object.fromEntries(batch));
}

function inputOf(type: ColumnType, view: ColumnView | undefined): never {
  if (view === undefined) throw new Error('Internal error: a column without values');
  if (view.kind === 'fixed' && view.validity === null) return view.values as never;
  const plain = withoutCodes(view);
  const { length, validity } = plain;
  return Array.from({ length }, (_, row) =>
    isNullAt(validity, row) ? null : plainValue(type, plain, row),
  ) as never;
}

function plainValue(type: ColumnType, view: ColumnView, row: number): unknown {
  if (view.kind === 'text') {
    const { offsets, bytes } = view.text;
    const value = bytes.subarray(offsets[row], offsets[row + 1]);
    if (type === 'bytes') return value;
    const text = Buffer.from(value).toString();
    return type === 'json' ? JSON.parse(text) : text;
  }
  const value = view.kind === 'fixed' ? view.values[row] : undefined;
  if (type === 'bool') return value === 1;
  return type === 'date' ? new Date(Number(value) * MS_PER_DAY) : value;
}
