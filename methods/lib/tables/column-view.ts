// Columns of rows as typed arrays, whatever their type: fixed-size numbers, text as offsets and bytes, or codes into a
// dictionary of texts. Unaware of datasets' files; what a batch holds is looked at as it is, nothing is copied.

import type { ColumnType } from 'acc-engine';

/** Values of a fixed size. */
export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Texts, byte strings or JSON texts, one after another: value `i` is bytes `[offsets[i], offsets[i + 1])`. */
export interface TextValues {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Rows of one column. A bit of `validity` is set where there is a value; `null` means that no row is null. */
export type ColumnView = {
  readonly length: number;
  readonly validity: Uint8Array | null;
} & (
  | { readonly kind: 'fixed'; readonly values: NumberArray }
  | { readonly kind: 'text'; readonly text: TextValues }
  | { readonly kind: 'codes'; readonly codes: Uint32Array; readonly dictionary: TextValues }
);

/** A column as methods of this folder know it. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** Some rows, column by column, in the order in which the columns were asked for. */
export interface TableBatch {
  readonly length: number;
  readonly views: readonly ColumnView[];
}

interface BatchText {
  readonly length: number;
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
  readonly codes?: Uint32Array | Int32Array | Int16Array | null;
  readonly dictionary?: TextValues | null;
}

interface BatchLike {
  readonly length: number;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly validity: Readonly<Record<string, Uint8Array | null>>;
}

/** What has batches: a dataset, or some of a chain. */
export interface BatchSource {
  batches(sliceno: number | null, columns: readonly string[]): Iterable<BatchLike>;
}

/** Goes through the batches of a slice. Each is good until the next one is asked for. */
export function* tableBatches(
  source: BatchSource,
  sliceno: number | null,
  names: readonly string[],
): Generator<TableBatch> {
  for (const { length, columns, validity } of source.batches(sliceno, names)) {
    yield { length, views: names.map((name) => viewOf(columns[name], validity[name] ?? null)) };
  }
}

/** Looks at a column of a batch. */
export function viewOf(column: unknown, validity: Uint8Array | null): ColumnView {
  if (ArrayBuffer.isView(column)) {
    const values = column as NumberArray;
    return { kind: 'fixed', length: values.length, validity, values };
  }
  const text = column as BatchText;
  const { length, codes, dictionary } = text;
  if (codes !== undefined && codes !== null && dictionary !== undefined && dictionary !== null) {
    const unsigned =
      codes.BYTES_PER_ELEMENT === 4
        ? new Uint32Array(codes.buffer, codes.byteOffset, codes.length)
        : new Uint32Array(codes);
    return { kind: 'codes', length, validity, codes: unsigned, dictionary };
  }
  return { kind: 'text', length, validity, text };
}

/** Tells whether a row is null. */
export function isNullAt(validity: Uint8Array | null, row: number): boolean {
  return validity !== null && (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0;
}

/** The texts that codes stand for; nulls are empty. */
export function spelledOut(view: Extract<ColumnView, { readonly kind: 'codes' }>): TextValues {
  const { codes, dictionary, length, validity } = view;
  const rows = Uint32Array.from({ length }, (_, i) =>
    isNullAt(validity, i) ? NO_ROW : (codes[i] ?? 0),
  );
  return pickText(dictionary, rows, 0, length);
}

/** In a list of rows: a null instead of a row. */
export const NO_ROW = 0xff_ff_ff_ff;

/** Copies the texts in rows `picks[start, end)`; nothing for `NO_ROW`. */
export function pickText(
  { offsets, bytes }: TextValues,
  picks: Uint32Array,
  start: number,
  end: number,
): TextValues {
  const count = end - start;
  const froms = new Int32Array(count);
  const ends = new Int32Array(count + 1);
  let size = 0;
  for (let i = 0; i < count; i++) {
    const row = picks[start + i] ?? NO_ROW;
    if (row !== NO_ROW) {
      const from = offsets[row] ?? 0;
      froms[i] = from;
      size += (offsets[row + 1] ?? 0) - from;
    }
    ends[i + 1] = size;
  }
  const out = new Uint8Array(size + WORD_BYTES);
  copyTexts(bytes, froms, { ends, bytes: out });
  return { offsets: ends, bytes: out };
}

/** Copies words of four bytes; what that writes too much is written over by the next text. */
function copyTexts(
  bytes: Uint8Array,
  froms: Int32Array,
  target: { readonly ends: Int32Array; readonly bytes: Uint8Array },
): void {
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new DataView(target.bytes.buffer);
  const { ends } = target;
  const safe = bytes.length - WORD_BYTES;
  let at = 0;
  for (let i = 0; i < froms.length; i++) {
    const from = froms[i] ?? 0;
    const end = ends[i + 1] ?? 0;
    const length = end - at;
    if (length > LONG) target.bytes.set(bytes.subarray(from, from + length), at);
    else if (from + length <= safe) {
      for (let j = 0; j < length; j += WORD_BYTES) out.setInt32(at + j, source.getInt32(from + j));
    } else for (let j = 0; j < length; j++) target.bytes[at + j] = bytes[from + j] ?? 0;
    at = end;
  }
}

/** From here on a call into native code is faster than a loop. */
const LONG = 256;
const WORD_BYTES = 4;

/** Takes the rows `picks[start, end)` of a column; `NO_ROW` gives a null. */
export function pickRows(
  view: ColumnView,
  picks: Uint32Array,
  start = 0,
  end: number = picks.length,
): ColumnView {
  const length = end - start;
  const validity = pickValidity(view.validity, picks, start, end);
  switch (view.kind) {
    case 'fixed':
      return {
        kind: 'fixed',
        length,
        validity,
        values: pickNumbers(view.values, picks, start, end),
      };
    case 'text':
      return { kind: 'text', length, validity, text: pickText(view.text, picks, start, end) };
    case 'codes': {
      const codes = new Uint32Array(length);
      pick32(view.codes, picks, start, end, codes);
      return { kind: 'codes', length, validity, codes, dictionary: view.dictionary };
    }
  }
}

/** Marks no row as null. Bits beyond the end are clear. */
function pickValidity(
  validity: Uint8Array | null,
  picks: Uint32Array,
  start: number,
  end: number,
): Uint8Array | null {
  if (validity === null && !hasNoRow(picks, start, end)) return null;
  const bits = new Uint8Array((end - start + 7) >> 3);
  for (let i = start; i < end; i++) {
    const row = picks[i] ?? NO_ROW;
    if (row === NO_ROW || isNullAt(validity, row)) continue;
    const at = i - start;
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return bits;
}

function hasNoRow(picks: Uint32Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (picks[i] === NO_ROW) return true;
  return false;
}

/** An array of the same kind, of `length` zeros. */
export function emptyLike(values: NumberArray, length: number): NumberArray {
  const Kind = values.constructor as new (length: number) => NumberArray;
  return new Kind(length);
}

/** The memory of 64-bit values as unsigned integers. */
export function longs({ buffer, byteOffset, length }: NumberArray): BigUint64Array {
  return new BigUint64Array(buffer, byteOffset, length);
}

/** The same memory as an array of unsigned numbers of that width; of 64-bit values twice as many. */
export function words<Kind extends Uint8Array | Uint16Array | Uint32Array>(
  Words: new (buffer: ArrayBufferLike, offset: number, length: number) => Kind,
  values: NumberArray,
  width: number,
): Kind {
  return new Words(values.buffer, values.byteOffset, values.byteLength / width);
}

/** One loop for each width: a loop that saw all nine kinds of arrays would be compiled for none. */
function pickNumbers(
  values: NumberArray,
  picks: Uint32Array,
  start: number,
  end: number,
): NumberArray {
  const out = emptyLike(values, end - start);
  switch (values.BYTES_PER_ELEMENT) {
    case 1:
      pick8(words(Uint8Array, values, 1), picks, start, end, words(Uint8Array, out, 1));
      break;
    case 2:
      pick16(words(Uint16Array, values, 2), picks, start, end, words(Uint16Array, out, 2));
      break;
    case 4:
      pick32(words(Uint32Array, values, 4), picks, start, end, words(Uint32Array, out, 4));
      break;
    case 8:
      pick64(longs(values), picks, start, end, longs(out));
      break;
  }
  return out;
}

type Pick<Kind> = (values: Kind, picks: Uint32Array, start: number, end: number, out: Kind) => void;

// A row that is not there reads as undefined, which is 0 in every array.
const pick8: Pick<Uint8Array> = (values, picks, start, end, out) => {
  for (let i = start; i < end; i++) out[i - start] = values[picks[i] ?? 0] ?? 0;
};

const pick16: Pick<Uint16Array> = (values, picks, start, end, out) => {
  for (let i = start; i < end; i++) out[i - start] = values[picks[i] ?? 0] ?? 0;
};

const pick32: Pick<Uint32Array> = (values, picks, start, end, out) => {
  for (let i = start; i < end; i++) out[i - start] = values[picks[i] ?? 0] ?? 0;
};

/** As integers, because floats could lose the bits of a NaN. Compiled, this makes no bigint. */
const pick64: Pick<BigUint64Array> = (values, picks, start, end, out) => {
  for (let i = start; i < end; i++) out[i - start] = values[picks[i] ?? 0] ?? 0n;
};
