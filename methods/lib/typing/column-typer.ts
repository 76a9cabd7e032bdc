// Makes a column of values of one column of text, batch by batch: null, default or bad where there is no value.
// Where the text comes with a dictionary, each of its texts is read once.

import type { ColumnType } from 'acc-engine';

import { mistake } from '../mistake.ts';
import { cellReader, readTexts } from '../values/cell-reader.ts';
import type { CellReader, ReadSettings, TextValues } from '../values/cell-reader.ts';
import { BAD, latin1, NULL, ParsedCells, READ } from '../values/cells.ts';
import type { Cells } from '../values/cells.ts';
import { exactNumber } from '../values/read-value.ts';
import { TextSink } from '../values/text-codecs.ts';
import { parseTypeSpec } from '../values/type-spec.ts';
import type { TypeSpec } from '../values/type-spec.ts';
import { FixedEncoder } from './encode-fixed.ts';

/** A column of text as `batches()` gives it. */
export interface TextColumnLike extends TextValues {
  readonly codes?: Int32Array | Uint32Array | null;
  readonly dictionary?: TextValues | null;
}

/** A column as `writeBatch` takes it. */
export interface WrittenColumn {
  readonly values: ArrayLike<unknown> | TextValues;
  /** Bit set where there is a value; `null` when there are no nulls. */
  readonly validity: Uint8Array | null;
}

/** How a column is typed. */
export interface TyperSettings extends ReadSettings {
  /** Its name, for messages. */
  readonly column: string;
  readonly type: string;
  /** As text, or a null, instead of what is no value; left out when that is bad. */
  readonly fallback?: string | null | undefined;
}

/** Reads one column. Its results are valid until the next batch is read. */
export class ColumnTyper {
  readonly type: ColumnType;
  readonly #spec: TypeSpec;
  readonly #reader: CellReader;
  readonly #cells = new ParsedCells();
  readonly #sink = new TextSink();
  readonly #encoder: FixedEncoder;
  readonly #fallback: Fallback | undefined;
  #mayHaveNulls = false;
  #text: TextValues | undefined;
  #dictionary: ReadDictionary | undefined;

  /** Throws `TypeSpecError` for a type that does not exist, and for a default that is no value of it. */
  constructor(settings: TyperSettings) {
    this.#spec = parseTypeSpec(settings.type);
    this.type = this.#spec.type;
    this.#encoder = new FixedEncoder(this.type);
    this.#reader = cellReader(this.#spec, settings);
    this.#fallback = readFallback(this.#reader, settings);
  }

  /** By row: `READ`, `NULL` or `BAD`, after `read`. */
  get states(): Uint8Array {
    return this.#cells.states;
  }

  /** Reads a batch and gives the number of texts that are no values. */
  read(column: TextColumnLike, rows: number, validity: Uint8Array | null): number {
    const { codes, dictionary } = column;
    this.#cells.reset(rows);
    this.#mayHaveNulls =
      validity !== null || this.#spec.nullable || this.#fallback?.isNull === true;
    if (validity !== null) markNulls(this.#cells.states, rows, validity);
    if (codes !== undefined && codes !== null && dictionary !== undefined && dictionary !== null) {
      this.#readCodes(codes, dictionary, rows);
    } else {
      this.#text = this.#readAll(textCells(column, rows), this.#cells, this.#sink);
    }
    return this.#cells.bad;
  }

  /** Puts the default, if there is one, in place of what is no value. */
  useFallback(rows: number): void {
    const { states, values, wide } = this.#cells;
    const fallback = this.#fallback;
    if (fallback === undefined || this.#cells.bad === 0) return;
    for (let row = 0; row < rows; row++) {
      if (states[row] !== BAD) continue;
      states[row] = fallback.isNull ? NULL : READ;
      values[row] = fallback.value;
      if (fallback.wide !== undefined) wide.set(row, fallback.wide);
    }
    this.#cells.bad = 0;
  }

  /** Whether what is no value has a default. */
  get hasFallback(): boolean {
    return this.#fallback !== undefined;
  }

  /** The values of the batch; those of bad rows mean nothing. */
  written(rows: number): WrittenColumn {
    const { states } = this.#cells;
    const validity = this.#mayHaveNulls ? validityOf(states, rows) : null;
    if (this.#text !== undefined) {
      const isNumber = this.type === 'number';
      return { values: isNumber ? numbersOf(this.#text, states, rows) : this.#text, validity };
    }
    return { values: this.#encoder.encode(this.#cells, rows), validity };
  }

  #readAll(cells: Cells, into: ParsedCells, sink: TextSink): TextValues | undefined {
    if (this.#spec.nullable) markEmpty(cells, into.states);
    if (this.#reader.kind === 'text') {
      const { append } = this.#reader;
      return readTexts(cells, into, { append, sink, fallback: this.#fallback?.text ?? null });
    }
    this.#reader.read(cells, into);
    return undefined;
  }

  #readCodes(codes: Int32Array | Uint32Array, dictionary: TextValues, rows: number): void {
    if (this.#dictionary?.of !== dictionary) this.#dictionary = this.#readDictionary(dictionary);
    const { cells, text } = this.#dictionary;
    const isClean = cells.bad === 0 && !this.#spec.nullable;
    if (isClean) takeValues(cells, codes, this.#cells, rows);
    else takeCells(cells, codes, this.#cells, rows);
    this.#text =
      text === undefined ? undefined : takeText(text, codes, this.#cells.states, rows, this.#sink);
  }

  #readDictionary(dictionary: TextValues): ReadDictionary {
    const count = dictionary.offsets.length - 1;
    const cells = new ParsedCells();
    cells.reset(count);
    const text = this.#readAll(textCells(dictionary, count), cells, new TextSink());
    return { of: dictionary, cells, text };
  }
}

/** A dictionary whose texts have been read. */
interface ReadDictionary {
  readonly of: TextValues;
  readonly cells: ParsedCells;
  readonly text: TextValues | undefined;
}

interface Fallback {
  readonly isNull: boolean;
  readonly value: number;
  readonly wide: bigint | undefined;
  readonly text: Uint8Array | null;
}

function readFallback(
  reader: CellReader,
  { column, type, fallback }: TyperSettings,
): Fallback | undefined {
  if (fallback === undefined) return undefined;
  if (fallback === null) return { isNull: true, value: 0, wide: undefined, text: null };
  const bytes = new TextEncoder().encode(fallback);
  const cells = new ParsedCells();
  cells.reset(1);
  const text = { offsets: Int32Array.of(0, bytes.length), bytes };
  const into = new TextSink();
  if (reader.kind === 'fixed') reader.read(textCells(text, 1), cells);
  else if (!reader.append(into, bytes, 0, bytes.length)) cells.markBad(0);
  if (cells.bad > 0) {
    throw mistake(
      `Option "defaults": expected ${type} for column ${JSON.stringify(column)}, got ${JSON.stringify(fallback)}`,
    );
  }
  return {
    isNull: false,
    value: cells.values[0] ?? 0,
    wide: cells.wide.get(0),
    text: into.bytes.slice(0, into.length),
  };
}

/** Exact numbers: bigints where numbers are not. */
function numbersOf(
  { offsets, bytes }: TextValues,
  states: Uint8Array,
  rows: number,
): readonly (number | bigint | null)[] {
  return Array.from({ length: rows }, (_, row) => {
    if (states[row] === NULL) return null;
    return exactNumber(latin1(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0));
  });
}

function textCells({ bytes, offsets }: TextValues, count: number): Cells {
  return { bytes, starts: offsets, ends: offsets.subarray(1), first: 0, step: 1, count };
}

function markNulls(states: Uint8Array, rows: number, validity: Uint8Array): void {
  for (let row = 0; row < rows; row++) {
    if ((((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0) states[row] = NULL;
  }
}

function markEmpty({ starts, ends, count }: Cells, states: Uint8Array): void {
  for (let cell = 0; cell < count; cell++) if (starts[cell] === ends[cell]) states[cell] = NULL;
}

function validityOf(states: Uint8Array, rows: number): Uint8Array | null {
  let nulls = 0;
  for (let row = 0; row < rows; row++) if (states[row] === NULL) nulls++;
  if (nulls === 0) return null;
  const bits = new Uint8Array((rows + 7) >> 3);
  for (let row = 0; row < rows; row++) {
    if (states[row] !== NULL) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
}

/** Takes what was read of a dictionary, of which every text is a value. */
function takeValues(
  dictionary: ParsedCells,
  codes: Int32Array | Uint32Array,
  into: ParsedCells,
  rows: number,
): void {
  const { values, wide } = dictionary;
  for (let row = 0; row < rows; row++) into.values[row] = values[codes[row] ?? 0] ?? 0;
  if (wide.size > 0) takeWide(dictionary, codes, into, rows);
}

function takeCells(
  dictionary: ParsedCells,
  codes: Int32Array | Uint32Array,
  into: ParsedCells,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    if (into.states[row] === NULL) continue;
    const code = codes[row] ?? 0;
    const state = dictionary.states[code] ?? READ;
    if (state === BAD) into.markBad(row);
    else into.states[row] = state;
    into.values[row] = dictionary.values[code] ?? 0;
  }
  if (dictionary.wide.size > 0) takeWide(dictionary, codes, into, rows);
}

function takeWide(
  { wide }: ParsedCells,
  codes: Int32Array | Uint32Array,
  into: ParsedCells,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const value = wide.get(codes[row] ?? 0);
    if (value !== undefined) into.wide.set(row, value);
  }
}

function takeText(
  { offsets: from, bytes }: TextValues,
  codes: Int32Array | Uint32Array,
  states: Uint8Array,
  rows: number,
  sink: TextSink,
): TextValues {
  const offsets = new Int32Array(rows + 1);
  sink.length = 0;
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? 0;
    if (states[row] !== NULL) sink.append(bytes, from[code] ?? 0, from[code + 1] ?? 0);
    offsets[row + 1] = sink.length;
  }
  return { offsets, bytes: sink.bytes.subarray(0, sink.length) };
}
