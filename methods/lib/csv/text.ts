// Writes batches of columns as CSV text such that csvimport with the same types reads the same values again.
// Values become text in a kernel, column by column, and are then put together line by line; no string is made of a cell.

import type { ColumnType } from 'acc-engine';

import { unquotable } from './characters.ts';
import type { CsvCharacters } from './characters.ts';
import { aligned, KernelMemory } from './kernel.ts';
import { dictionaryOf, PlacedDictionaries } from './placed-dictionaries.ts';
import type { Dictionary } from './placed-dictionaries.ts';
import { rareText } from './rare-text.ts';
import { INTEGERS, isIntegerType } from './values.ts';
import type { FixedType } from './values.ts';

/** A column as it is exported. */
export interface ExportedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** A record batch as `batches()` gives it. */
export interface ExportedBatch {
  readonly length: number;
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly validity: Readonly<Record<string, Uint8Array | null | undefined>>;
}

type Fixed = Exclude<ArrayBufferView, DataView>;

/** Text, one value after another; with codes these are numbers of what is in the dictionary. */
interface TextData {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
  readonly codes?: Int32Array | null;
  readonly dictionary?: Dictionary | null;
}

/** One column of it: values of fixed width, or text. */
export type ColumnData = Fixed | TextData;

const NEVER = 0;
const NEEDED = 1;
const ALWAYS = 2;
const NEEDED_OR_EMPTY = 3;

const COLUMN_BYTES = 32;
/** A value of fixed width takes less as text. */
const TEXT_BYTES = 40;
const CHUNK_ROWS = 1 << 13;
const CHUNK_BYTES = 1 << 22;
const OUTPUT_BYTES = 1 << 20;
const SLACK = 64;

/** Writes the rows of batches. One is used at a time on each thread. */
export class CsvTextWriter {
  readonly #columns: readonly ExportedColumn[];
  readonly #characters: CsvCharacters;
  readonly #memory: KernelMemory;
  /** Address of the table of columns. */
  readonly #tableAt: number;
  readonly #dictionaries: PlacedDictionaries;
  readonly #nulls: readonly { readonly at: number; readonly length: number }[];

  constructor(columns: readonly ExportedColumn[], characters: CsvCharacters) {
    this.#columns = columns;
    this.#characters = characters;
    this.#memory = KernelMemory.take();
    const { separator, lineSeparator, quotes, noneAs } = characters;
    const nullTexts = columns.map(({ name }) =>
      typeof noneAs === 'string'
        ? noneAs
        : ((Object.hasOwn(noneAs, name) ? noneAs[name] : '') ?? ''),
    );
    let at = SLACK;
    const marks = [separator, lineSeparator, quotes, ...nullTexts].map((text) => {
      const bytes = Buffer.from(text);
      this.#memory.reserve(at + bytes.length + SLACK);
      this.#memory.bytes.set(bytes, at);
      const mark = { at, length: bytes.length };
      at += bytes.length + 16;
      return mark;
    });
    const [separatorMark, lineMark, quoteMark, ...nulls] = marks;
    if (separatorMark === undefined || lineMark === undefined || quoteMark === undefined) {
      throw new Error('Internal error: marks are missing');
    }
    this.#nulls = nulls;
    this.#tableAt = aligned(at);
    const dictionariesAt = aligned(this.#tableAt + columns.length * COLUMN_BYTES);
    this.#dictionaries = new PlacedDictionaries(this.#memory, dictionariesAt);
    this.#memory.run.configureJoin(
      separatorMark.at,
      separatorMark.length,
      lineMark.at,
      lineMark.length,
      quoteMark.at,
      quoteMark.length,
    );
  }

  /** Calls `onText` with the text of a batch, piece by piece; a piece is valid during the call. */
  write(batch: ExportedBatch, onText: (text: Buffer) => void): void {
    this.#dictionaries.place(this.#columns.map(({ name }) => dictionaryOf(batch.columns[name])));
    for (let row = 0; row < batch.length;) {
      const end = this.#chunkEnd(batch, row);
      this.#writeChunk(batch, { row, end }, onText);
      row = end;
    }
  }

  /** Chunks begin at multiples of 8 rows, because bitmaps do. */
  #chunkEnd(batch: ExportedBatch, row: number): number {
    let rows = CHUNK_ROWS;
    for (; rows > 8; rows /= 2) {
      const end = Math.min(batch.length, row + rows);
      const bytes = this.#columns.reduce((sum, { name }) => {
        const data = batch.columns[name];
        if (dictionaryOf(data) !== null || data === undefined || !('offsets' in data)) return sum;
        return sum + (data.offsets[end] ?? 0) - (data.offsets[row] ?? 0);
      }, 0);
      if (bytes <= CHUNK_BYTES) break;
    }
    return Math.min(batch.length, row + rows);
  }

  #writeChunk(
    batch: ExportedBatch,
    chunk: { readonly row: number; readonly end: number },
    onText: (text: Buffer) => void,
  ): void {
    let at = this.#dictionaries.end;
    for (const [i, column] of this.#columns.entries()) {
      at = this.#placeColumn(batch, { ...chunk, at, i, column });
    }
    this.#join(batch, chunk, at, onText);
  }

  #placeColumn(
    batch: ExportedBatch,
    place: { row: number; end: number; at: number; i: number; column: ExportedColumn },
  ): number {
    const { row, end, at, i, column } = place;
    const data = batch.columns[column.name];
    if (data === undefined) throw new Error(`Internal error: no column ${column.name}`);
    const validity = Object.hasOwn(batch.validity, column.name)
      ? batch.validity[column.name]
      : undefined;
    const rows = end - row;
    let offsetsAt = aligned(at);
    let textAt = aligned(offsetsAt + (rows + 1) * 4);
    let codesAt = 0;
    let next: number;
    const dictionary = this.#dictionaries.at(i);
    if (dictionary !== null && 'codes' in data && data.codes !== undefined && data.codes !== null) {
      const codes = data.codes.subarray(row, end);
      ({ offsetsAt, textAt, codesAt, next } = this.#dictionaries.refer(codes, dictionary, at));
    } else if ('offsets' in data) {
      const [first, last] = [data.offsets[row] ?? 0, data.offsets[end] ?? 0];
      this.#memory.reserve(textAt + last - first + SLACK);
      const { bytes } = this.#memory;
      const offsets = new Int32Array(bytes.buffer, offsetsAt, rows + 1);
      offsets.set(data.offsets.subarray(row, end + 1));
      bytes.set(data.bytes.subarray(first, last), textAt);
      next = textAt + last - first + SLACK;
      textAt -= first;
    } else {
      next = this.#placeFixed(data, { row, end, offsetsAt, textAt, column });
    }
    let validityAt = 0;
    if (validity !== null && validity !== undefined) {
      validityAt = next;
      const bitmap = validity.subarray(row >> 3, (end + 7) >> 3);
      this.#memory.reserve(validityAt + bitmap.length);
      this.#memory.bytes.set(bitmap, validityAt);
      next += bitmap.length;
    }
    const nulls = this.#nulls[i] ?? { at: 0, length: 0 };
    this.#memory.reserve(next + SLACK);
    const table = new Int32Array(this.#memory.bytes.buffer, this.#tableAt + i * COLUMN_BYTES, 8);
    table.set([
      offsetsAt,
      textAt,
      validityAt,
      this.#modeOf(column, nulls.length),
      nulls.at,
      nulls.length,
      codesAt,
      dictionary?.longest ?? 0,
    ]);
    return next;
  }

  /** Copies values behind their text, and writes them there. */
  #placeFixed(
    data: Fixed,
    place: { row: number; end: number; offsetsAt: number; textAt: number; column: ExportedColumn },
  ): number {
    const { row, end, offsetsAt, textAt, column } = place;
    const rows = end - row;
    const valuesAt = aligned(textAt + rows * TEXT_BYTES + SLACK);
    const values = (data as Float64Array).subarray(row, end);
    const wide = column.type === 'float32' ? Float64Array.from(values) : values;
    this.#memory.reserve(valuesAt + wide.byteLength + SLACK);
    this.#memory.bytes.set(new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength), valuesAt);
    const type = column.type as FixedType;
    for (let done = 0; ;) {
      done = this.#writeOn(type, { row: done, rows, valuesAt, offsetsAt, textAt });
      if (done === rows) return textAt + this.#memory.run.writtenText() + SLACK;
      const text = rareText(type, wide[done] ?? 0);
      const offsets = new Int32Array(this.#memory.bytes.buffer, offsetsAt, rows + 1);
      const start = offsets[done] ?? 0;
      this.#memory.bytes.write(text, textAt + start, 'latin1');
      done++;
      offsets[done] = start + text.length;
      if (done === rows) return textAt + start + text.length + SLACK;
    }
  }

  #writeOn(
    type: FixedType,
    place: { row: number; rows: number; valuesAt: number; offsetsAt: number; textAt: number },
  ): number {
    const { run } = this.#memory;
    const { row, rows, valuesAt, offsetsAt, textAt } = place;
    if (isIntegerType(type)) {
      const { size, least } = INTEGERS[type];
      return run.writeIntegers(valuesAt, size, least < 0n, rows, offsetsAt, textAt);
    }
    switch (type) {
      case 'bool':
        return run.writeBools(valuesAt, rows, offsetsAt, textAt);
      case 'time':
        return run.writeTimes(valuesAt, rows, offsetsAt, textAt);
      case 'date':
        return run.writeDates(valuesAt, row, rows, offsetsAt, textAt);
      case 'datetime':
        return run.writeDatetimes(valuesAt, row, rows, offsetsAt, textAt);
      case 'float32':
      case 'float64':
        // Few numbers of 32 bits are short as numbers of 64 bits.
        return run.writeFloats(valuesAt, row, rows, offsetsAt, textAt);
    }
  }

  #join(
    batch: ExportedBatch,
    chunk: { readonly row: number; readonly end: number },
    freeAt: number,
    onText: (text: Buffer) => void,
  ): void {
    const { run } = this.#memory;
    const rows = chunk.end - chunk.row;
    const target = aligned(freeAt);
    const count = this.#columns.length;
    let room = OUTPUT_BYTES;
    this.#memory.reserve(target + room + SLACK);
    for (let row = 0; row < rows;) {
      const next = run.join(this.#tableAt, count, row, rows, target, room);
      const length = run.joinedBytes();
      if (length > 0) onText(this.#memory.bytes.subarray(target, target + length));
      const refused = run.refusedColumn();
      if (refused !== -1) throw this.#refusal(batch, chunk.row + next, refused);
      if (next === row) {
        room = Number(run.mostBytes(this.#tableAt, count, row, row + 1));
        this.#memory.reserve(target + room + SLACK);
      }
      row = next;
    }
  }

  #refusal(batch: ExportedBatch, row: number, index: number): Error {
    const name = this.#columns[index]?.name ?? '';
    const data = batch.columns[name];
    const text =
      data !== undefined && 'offsets' in data
        ? Buffer.from(data.bytes.subarray(data.offsets[row], data.offsets[row + 1])).toString()
        : '';
    return unquotable(name, text);
  }

  #modeOf({ type, nullable }: ExportedColumn, nullLength: number): number {
    const { separator, lineSeparator, quotes, lazyQuotes } = this.#characters;
    if (quotes === '' && separator === '') return NEVER;
    if (quotes !== '' && (separator === '' || !lazyQuotes)) return ALWAYS;
    const isText = type === 'string' || type === 'bytes';
    if (isText) return nullable && nullLength === 0 ? NEEDED_OR_EMPTY : NEEDED;
    const isHarmless = [separator, lineSeparator, quotes].every(
      (text) => text === '' || !/^[\w.:+-]/u.test(text),
    );
    return isHarmless && type !== 'json' ? NEVER : NEEDED;
  }
}
