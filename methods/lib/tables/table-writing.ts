// Writes rows that are given column by column to a dataset.

import type { ColumnarText, ColumnType, DatasetWriter } from 'acc-engine';

import { pickRows, spelledOut } from './column-view.ts';
import type { ColumnView, NumberArray, TableColumn, TextValues } from './column-view.ts';

/** Writes the rows of `views`, one for each of `columns` in the same order; only the rows `picks` in that order, if given. */
export function writeRows(
  writer: DatasetWriter,
  columns: readonly TableColumn[],
  views: readonly ColumnView[],
  picks?: Uint32Array,
): void {
  // Picked here and not by the writer, which takes whole columns faster than rows, and knows no codes.
  const picked = picks === undefined ? views : views.map((view) => pickRows(view, picks));
  const inputs = columns.map(({ name, type }, i) => [name, inputOf(type, picked[i])] as const);
  const validity = columns.map(({ name }, i) => [name, picked[i]?.validity ?? null] as const);
  writer.writeBatch(Object.fromEntries(inputs), { validity: Object.fromEntries(validity) });
}

type CodesView = Extract<ColumnView, { readonly kind: 'codes' }>;

function inputOf(type: ColumnType, view: ColumnView | undefined): NumberArray | ColumnarText {
  if (view === undefined) throw new Error('Internal error: a column without values');
  if (view.kind === 'fixed') return view.values;
  if (view.kind === 'codes' && type === 'string') return new CodedStrings(view);
  const { offsets, bytes } = view.kind === 'text' ? view.text : spelledOut(view);
  const plain = { offsets: offsets.subarray(0, view.length + 1), bytes };
  return isTextType(type) ? { ...plain, type } : plain;
}

function isTextType(type: ColumnType): type is 'number' | 'string' | 'bytes' | 'json' {
  return type === 'number' || type === 'string' || type === 'bytes' || type === 'json';
}

/** Strings as codes; written out only if that is asked for. */
class CodedStrings implements ColumnarText {
  readonly type = 'string';
  readonly codes: Int32Array;
  readonly dictionary: TextValues;
  readonly #view: CodesView;
  #text: TextValues | undefined;

  constructor(view: CodesView) {
    const { codes, dictionary, length } = view;
    this.codes = new Int32Array(codes.buffer, codes.byteOffset, length);
    this.dictionary = dictionary;
    this.#view = view;
  }

  get offsets(): Int32Array {
    return this.#written().offsets;
  }

  get bytes(): Uint8Array {
    return this.#written().bytes;
  }

  #written(): TextValues {
    this.#text ??= spelledOut(this.#view);
    return this.#text;
  }
}
