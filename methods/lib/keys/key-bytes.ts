// The bytes by which the values of rows are compared: equal for equal values, whatever form the column is in.

import { isNullAt, spelledOut } from '../tables/column-view.ts';
import type { ColumnView, NumberArray } from '../tables/column-view.ts';

/** Bytes of each row's values. */
export interface KeyBytes {
  readonly bytes: Uint8Array;
  /** Where each row's bytes begin, and where the last ones end. */
  readonly offsets: Int32Array;
  /** Nulls of a single column; of several columns the bytes themselves tell them. */
  readonly validity: Uint8Array | null;
}

/** Bytes before each value of several columns: whether it is null, and the length of a text. */
const PREFIX_BYTES = 4;
const NULL_LENGTH = 0xff_ff_ff_ff;

/** Gives the bytes of the rows' values in one column, or in several together. */
export function keyBytes(views: readonly ColumnView[], length: number): KeyBytes {
  const columns = views.map((view) => ({ ...columnBytes(view), validity: view.validity }));
  const [first] = columns;
  return columns.length === 1 && first !== undefined ? first : joined(columns, length);
}

function joined(columns: readonly KeyBytes[], length: number): KeyBytes {
  const offsets = new Int32Array(length + 1);
  let size = 0;
  for (let row = 0; row < length; row++) {
    for (const { offsets: ends, validity } of columns) {
      size += PREFIX_BYTES;
      if (!isNullAt(validity, row)) size += (ends[row + 1] ?? 0) - (ends[row] ?? 0);
    }
    offsets[row + 1] = size;
  }
  const bytes = new Uint8Array(size);
  const data = new DataView(bytes.buffer);
  let at = 0;
  for (let row = 0; row < length; row++) {
    for (const { bytes: source, offsets: ends, validity } of columns) {
      const isNull = isNullAt(validity, row);
      const [start, end] = [ends[row] ?? 0, ends[row + 1] ?? 0];
      data.setUint32(at, isNull ? NULL_LENGTH : end - start);
      at += PREFIX_BYTES;
      if (isNull) continue;
      for (let i = start; i < end; i++) bytes[at++] = source[i] ?? 0;
    }
  }
  return { bytes, offsets, validity: null };
}

function columnBytes(view: ColumnView): { bytes: Uint8Array; offsets: Int32Array } {
  if (view.kind === 'text') return { bytes: view.text.bytes, offsets: view.text.offsets };
  if (view.kind === 'codes') return spelledOut(view);
  const values = canonical(view.values);
  const width = values.BYTES_PER_ELEMENT;
  return {
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    offsets: Int32Array.from({ length: view.length + 1 }, (_, i) => i * width),
  };
}

/** Floats with one NaN and one zero. */
function canonical(values: NumberArray): NumberArray {
  if (!(values instanceof Float64Array || values instanceof Float32Array)) return values;
  const same = values.slice();
  for (let i = 0; i < same.length; i++) {
    const value = same[i] ?? 0;
    if (value === 0) same[i] = 0;
    else if (Number.isNaN(value)) same[i] = Number.NaN;
  }
  return same;
}
