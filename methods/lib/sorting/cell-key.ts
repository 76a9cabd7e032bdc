// One value in a form that equals itself and nothing else of its column.

import { isNullAt } from '../tables/column-view.ts';
import type { ColumnView } from '../tables/column-view.ts';

/** A number, a bigint, or text as one character per byte; `null` for a null and `NaN` by its name. */
export function cellKey(view: ColumnView, row: number): unknown {
  if (isNullAt(view.validity, row)) return null;
  if (view.kind === 'fixed') {
    const value = view.values[row];
    return Number.isNaN(value) ? 'NaN' : value;
  }
  const { offsets, bytes } = view.kind === 'codes' ? view.dictionary : view.text;
  const at = view.kind === 'codes' ? (view.codes[row] ?? 0) : row;
  const [start, end] = [offsets[at] ?? 0, offsets[at + 1] ?? 0];
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** The only column. */
export function viewOfColumn([view]: readonly ColumnView[]): ColumnView {
  if (view === undefined) throw new Error('Internal error: a batch without a column');
  return view;
}
