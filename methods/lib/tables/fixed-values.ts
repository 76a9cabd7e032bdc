// Values of a column that are made without a batch to look at: rows that are all null, and memory for none yet.

import type { ColumnType } from 'acc-engine';

import type { ColumnView, NumberArray } from './column-view.ts';

/** Zeros of a type, in the array that batches have its values in; `null` for types of text. */
export function fixedValues(type: ColumnType, length: number): NumberArray | null {
  const Kind = ARRAYS[type];
  return Kind === null ? null : new Kind(length);
}

/** A column of nulls. */
export function nullView(type: ColumnType, length: number): ColumnView {
  const validity = new Uint8Array((length + 7) >> 3);
  const values = fixedValues(type, length);
  if (values !== null) return { kind: 'fixed', length, validity, values };
  const text = { offsets: new Int32Array(length + 1), bytes: new Uint8Array(0) };
  return { kind: 'text', length, validity, text };
}

const ARRAYS: Readonly<Record<ColumnType, (new (length: number) => NumberArray) | null>> = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  number: null,
  date: Int32Array,
  time: BigInt64Array,
  datetime: BigInt64Array,
  string: null,
  bytes: null,
  json: null,
};
