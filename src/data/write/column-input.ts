// Many values of one column as they are given to a writer: a plain or typed array, or text in columnar form.

import { entryLengths } from './entry-lengths.ts';
import { isNull } from './validity.ts';

/** Text in one run of bytes, as the columns of `batches()` have it. */
export interface ColumnarText {
  /** Where each value begins in `bytes`, and where the last one ends: one more than there are values. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
  /** Arrow bitmap, bit set where there is a value; left out or `null` when there are no nulls. */
  readonly validity?: Uint8Array | null;
  /**
   * Type of the column that `batches()` gave the values of, wherever they have been copied since: they are not checked
   * again. Left out for bytes from elsewhere, which are.
   */
  readonly type?: 'number' | 'string' | 'bytes' | 'json';
  /** For strings that repeat: which of the `dictionary` each row has, so that they need not be looked up again. */
  readonly codes?: Int32Array | null;
  /** The strings that `codes` stand for; the same object wherever they stand for the same. */
  readonly dictionary?: { readonly offsets: Int32Array; readonly bytes: Uint8Array } | null;
}

/** What may be given as a column of a batch. */
export type ColumnInput = ArrayLike<unknown> | ColumnarText;

/** Where values stand in a run of bytes that holds other things too, such as the fields of one column among records. */
export interface ByteSlices {
  /** Positions of the first byte of each value, and behind its last one. */
  readonly starts: Int32Array | Uint32Array;
  readonly ends: Int32Array | Uint32Array;
  /** The values meant: from number `from` on, before number `to`, every `step`-th; every one if not given. */
  readonly from: number;
  readonly to: number;
  readonly step?: number;
}

/** Some rows of a batch. */
export interface RowPart {
  /** Numbers of the rows to take, in this order; `null` for all. */
  readonly rows: Int32Array | Uint32Array | null;
  /** The part: `[start, end)` of `rows`, or of all rows. */
  readonly start: number;
  readonly end: number;
}

/** Some rows of such a column. */
export interface InputPart extends RowPart {
  readonly values: ColumnInput;
  /** Arrow bitmap of the nulls; `null` when `values` themselves say it. */
  readonly validity: Uint8Array | null;
}

/** Tells whether a column is in columnar form. */
export function isColumnarText(values: ColumnInput): values is ColumnarText {
  return typeof values === 'object' && 'offsets' in values && 'bytes' in values;
}

/** Number of values. */
export function inputLength(values: ColumnInput): number {
  if (!isColumnarText(values)) return values.length;
  return values.codes?.length ?? values.offsets.length - 1;
}

/** Below this it does not matter by how much a size is overestimated. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Bytes that some rows of text have together, or more: nulls may be counted as values, and all as the longest. */
export function textSize(text: ColumnarText, { rows, start, end }: RowPart): number {
  const { codes = null, dictionary = null } = text;
  const { offsets } = dictionary ?? text;
  if (codes === null && rows === null) return (offsets[end] ?? 0) - (offsets[start] ?? 0);
  if (codes !== null && dictionary !== null) {
    const most = (end - start) * entryLengths(dictionary).longest;
    if (most <= SMALL_BYTES) return most;
  }
  let size = 0;
  for (let i = start; i < end; i++) {
    const row = rows === null ? i : (rows[i] ?? 0);
    const at = codes === null ? row : (codes[row] ?? 0);
    size += (offsets[at + 1] ?? 0) - (offsets[at] ?? 0);
  }
  return size;
}

/** The bitmap that tells the nulls of a part; `null` when none is known. */
export function nullsOf({ values, validity }: InputPart): Uint8Array | null {
  return validity ?? (isColumnarText(values) ? (values.validity ?? null) : null);
}

/** Calls `append` with the row number of each row of a part; −1 for a null. */
export function forEachRow(part: InputPart, append: (row: number) => void): void {
  const { rows, start, end } = part;
  const nulls = nullsOf(part);
  for (let i = start; i < end; i++) {
    const row = rows === null ? i : (rows[i] ?? 0);
    append(nulls !== null && isNull(nulls, row) ? -1 : row);
  }
}
