// Takes rows out of a kernel's index column by column, in the form in which a dataset writer takes them.
// What a kernel cannot parse is parsed here, field by field; what cannot be parsed at all is given to the caller.

import { isAscii, isUtf8 } from 'node:buffer';

import type { ColumnType } from 'acc-engine';

import { readValue } from '../values/read-value.ts';
import { aligned } from './kernel.ts';
import type { CsvKernel } from './kernel.ts';
import { INTEGERS, isIntegerType } from './values.ts';
import type { FixedType } from './values.ts';

/** A column as it is imported. */
export interface ImportedColumn {
  readonly name: string;
  /** Its place in a record. */
  readonly field: number;
  readonly type: ColumnType;
  /** An empty field is a null; in a string or bytes column only where it is not in quotes. */
  readonly nullable: boolean;
}

/** Rows in a kernel's index. */
export interface IndexedRows {
  readonly kernel: CsvKernel;
  /** Address of the index. */
  readonly index: number;
  /** Fields of each row. */
  readonly width: number;
  readonly rows: number;
  /** First address that may be overwritten. */
  readonly free: number;
  readonly isLatin1: boolean;
}

/** A field that is no value of its column's type. */
export type OnBadField = (row: number, column: ImportedColumn) => void;

/** Columns as `writeBatch` takes them, by name. */
export interface TakenColumns {
  readonly values: Record<string, unknown>;
  readonly validity: Record<string, Uint8Array>;
}

const DOUBLED = 2;

/** Takes all columns of some rows. What comes back is valid until the kernel is used again. */
export function takeColumns(
  rows: IndexedRows,
  columns: readonly ImportedColumn[],
  onBadField: OnBadField,
): TakenColumns {
  rows.kernel.reserve(rows.free + bytesNeeded(rows, columns.length));
  const values: [string, unknown][] = [];
  const validity: [string, Uint8Array][] = [];
  let free = rows.free;
  for (const column of columns) {
    const taken = takeColumn({ ...rows, free }, column, onBadField);
    values.push([column.name, taken.values]);
    if (taken.validity !== null) validity.push([column.name, taken.validity]);
    free = taken.free;
  }
  return { values: Object.fromEntries(values), validity: Object.fromEntries(validity) };
}

/** The bytes of a field as its column gets them. */
export function fieldBytes(rows: IndexedRows, row: number, field: number): Buffer {
  const { kernel } = rows;
  const { start, end, kind } = fieldAt(rows, row, field);
  const raw = kernel.bytes.subarray(kernel.windowAt + start, kernel.windowAt + end);
  const quote = String.fromCharCode(kernel.format.quote);
  const plain =
    kind === DOUBLED
      ? Buffer.from(raw.toString('latin1').replaceAll(quote + quote, quote), 'latin1')
      : Buffer.from(raw);
  return rows.isLatin1 && !isAscii(plain) ? Buffer.from(plain.toString('latin1')) : plain;
}

/** Where a field is in the window; the text between quotes where it is in quotes. */
export function fieldAt(
  { kernel, index, width }: IndexedRows,
  row: number,
  field: number,
): { readonly start: number; readonly end: number; readonly kind: number } {
  const at = index + (row * width + field) * 8;
  const end = kernel.bytes.readUInt32LE(at + 4);
  const start = kernel.bytes.readUInt32LE(at);
  return { start, end: end & 0x3f_ff_ff_ff, kind: end >>> 30 };
}

/** An upper bound: text of all columns together is at most the window, twice that when it was Latin-1. */
function bytesNeeded({ kernel, rows }: IndexedRows, columns: number): number {
  return kernel.windowBytes * 2 + columns * (rows * 17 + 512);
}

interface TakenColumn {
  readonly values: unknown;
  readonly validity: Uint8Array | null;
  readonly free: number;
}

function takeColumn(
  rows: IndexedRows,
  column: ImportedColumn,
  onBadField: OnBadField,
): TakenColumn {
  const { type } = column;
  if (type === 'string' || type === 'bytes' || type === 'json' || type === 'number') {
    return takeText(rows, column, onBadField);
  }
  return takeFixed(rows, { ...column, type }, onBadField);
}

function takeText(rows: IndexedRows, column: ImportedColumn, onBadField: OnBadField): TakenColumn {
  const { kernel, width, free, isLatin1 } = rows;
  const { run, windowAt } = kernel;
  const bitmap = newBitmap(rows, column, free);
  const offsetsAt = aligned(free + bitmap.bytes);
  const bytesAt = aligned(offsetsAt + (rows.rows + 1) * 4);
  const take = isLatin1 && column.type !== 'bytes' ? run.takeLatin1 : run.takeText;
  const field = rows.index + column.field * 8;
  const length = take(windowAt, field, width * 8, rows.rows, offsetsAt, bytesAt, bitmap.address);
  const offsets = new Int32Array(kernel.bytes.buffer, offsetsAt, rows.rows + 1);
  const bytes = kernel.bytes.subarray(bytesAt, bytesAt + length);
  // A json or number column has no empty text: there an empty field is a null also in quotes.
  const validity = run.takenNulls() > 0 ? bitmapOf(rows, bitmap.address) : null;
  const next = aligned(bytesAt + length + 16);
  if (column.type === 'string') {
    if (!isLatin1 && !isAscii(bytes)) checkUtf8(bytes, offsets, (row) => onBadField(row, column));
    // Rows of bad fields are not written: what is written has been checked, and says so.
    return { values: { offsets, bytes, type: 'string' }, validity, free: next };
  }
  if (column.type === 'bytes') return { values: { offsets, bytes }, validity, free: next };
  return { values: parsedText(rows, column, onBadField), validity: null, free };
}

/** Values of a column whose type has no form in memory of fixed width: one by one. */
function parsedText(
  rows: IndexedRows,
  column: ImportedColumn,
  onBadField: OnBadField,
): readonly unknown[] {
  const parse =
    column.type === 'json' ? parseJson : (field: Buffer) => readValue(column.type, field);
  return Array.from({ length: rows.rows }, (_, row) => {
    const field = fieldBytes(rows, row, column.field);
    if (field.length === 0 && column.nullable) return null;
    const value = parse(field);
    if (value !== undefined) return value;
    onBadField(row, column);
    return 0;
  });
}

/** `undefined`, which JSON cannot say, for what is none. */
function parseJson(field: Buffer): unknown {
  try {
    return JSON.parse(field.toString('utf8'));
  } catch {
    return undefined;
  }
}

function checkUtf8(bytes: Buffer, offsets: Int32Array, onBadRow: (row: number) => void): void {
  // The text of all fields in a row may be UTF-8 although a character is cut by the end of a field.
  const isWhole = isUtf8(bytes);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const start = offsets[row] ?? 0;
    const end = offsets[row + 1] ?? 0;
    if (isWhole && !isContinuation(bytes[start]) && !isContinuation(bytes[end])) continue;
    if (!isUtf8(bytes.subarray(start, end))) onBadRow(row);
  }
}

/** Tells whether a byte can only stand inside a character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function takeFixed(
  rows: IndexedRows,
  column: ImportedColumn & { readonly type: FixedType },
  onBadField: OnBadField,
): TakenColumn {
  const { kernel, free } = rows;
  const bitmap = newBitmap(rows, column, free);
  const at = aligned(free + bitmap.bytes);
  const values = fixedArray(column.type, kernel.bytes.buffer as ArrayBuffer, at, rows.rows);
  let nulls = 0;
  for (let row = 0; row < rows.rows; row++) {
    row = parseOn(rows, column, { row, at, bitmap: bitmap.address });
    if (row === rows.rows) break;
    nulls += setField(rows, column, { row, values, bitmap: bitmap.address }, onBadField);
  }
  const hasNulls =
    column.nullable && (nulls > 0 || kernel.run.takenNulls() > 0 || column.type === 'time');
  return {
    values: column.type === 'float32' ? Float32Array.from(values as Float64Array) : values,
    validity: hasNulls ? bitmapOf(rows, bitmap.address) : null,
    free: aligned(at + values.byteLength + 8),
  };
}

/** Parses on from a row and gives the first row whose field is not in the commonest form. */
function parseOn(
  rows: IndexedRows,
  { type, field }: ImportedColumn & { readonly type: FixedType },
  place: { readonly row: number; readonly at: number; readonly bitmap: number },
): number {
  const { run, windowAt } = rows.kernel;
  const { row, at, bitmap } = place;
  const first = rows.index + field * 8;
  const stride = rows.width * 8;
  const args = [windowAt, first, stride, row, rows.rows, at] as const;
  if (isIntegerType(type)) {
    const { size, least, most } = INTEGERS[type];
    return run.takeIntegers(...args, size, least, most, bitmap);
  }
  switch (type) {
    case 'bool':
      return run.takeBools(...args, bitmap);
    case 'date':
      return run.takeDates(...args, bitmap);
    case 'datetime':
      return run.takeDatetimes(...args, bitmap);
    case 'float32':
    case 'float64':
      return run.takeFloats(...args, bitmap);
    case 'time':
      return row;
  }
}

type FixedArray =
  | Float64Array
  | BigInt64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/** Parses one field; gives 1 when it is null. */
function setField(
  rows: IndexedRows,
  column: ImportedColumn & { readonly type: FixedType },
  place: { readonly row: number; readonly values: FixedArray; readonly bitmap: number },
  onBadField: OnBadField,
): number {
  const { row, values, bitmap } = place;
  const field = fieldBytes(rows, row, column.field);
  if (field.length === 0 && column.nullable) {
    const { bytes } = rows.kernel;
    const at = bitmap + (row >> 3);
    bytes[at] = (bytes[at] ?? 0) & ~(1 << (row & 7));
    setValue(values, row, 0);
    return 1;
  }
  const value = readValue(column.type, field);
  setValue(values, row, value ?? 0);
  if (value === undefined) onBadField(row, column);
  return 0;
}

function setValue(values: FixedArray, row: number, value: number | bigint): void {
  if (values instanceof BigInt64Array) values[row] = BigInt(value);
  else values[row] = Number(value);
}

function fixedArray(type: FixedType, buffer: ArrayBuffer, at: number, length: number): FixedArray {
  switch (type) {
    case 'bool':
    case 'uint8':
      return new Uint8Array(buffer, at, length);
    case 'int8':
      return new Int8Array(buffer, at, length);
    case 'int16':
      return new Int16Array(buffer, at, length);
    case 'uint16':
      return new Uint16Array(buffer, at, length);
    case 'int32':
    case 'date':
      return new Int32Array(buffer, at, length);
    case 'uint32':
      return new Uint32Array(buffer, at, length);
    case 'int64':
    case 'time':
    case 'datetime':
      return new BigInt64Array(buffer, at, length);
    case 'float32':
    case 'float64':
      return new Float64Array(buffer, at, length);
  }
}

/** A bitmap with all bits set; none, at address 0, for a column without nulls. */
function newBitmap(
  { kernel, rows }: IndexedRows,
  { nullable }: ImportedColumn,
  address: number,
): { readonly address: number; readonly bytes: number } {
  if (!nullable) return { address: 0, bytes: 0 };
  const bytes = (rows + 7) >> 3;
  kernel.bytes.fill(0xff, address, address + bytes);
  return { address, bytes };
}

function bitmapOf({ kernel, rows }: IndexedRows, address: number): Uint8Array {
  return kernel.bytes.subarray(address, address + ((rows + 7) >> 3));
}
