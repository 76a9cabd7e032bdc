// Reads record batches of one slice file: of each, the header and the bytes of the wanted columns, nothing else.
// No file stays open between calls, so an iteration that is dropped half-way holds nothing.

import { checksum } from '../../util/checksum.ts';
import type { BlockPlace, ColumnLayout, FieldPlace } from './arrow-decoding.ts';
import { decodeBatchMessage, decodeDictionaryMessage, decodeFooter } from './arrow-decoding.ts';
import { ARROW_MAGIC, MESSAGE_PREFIX_BYTES, TRAILER_BYTES } from './arrow-format.ts';
import type { Codec } from './codecs.ts';
import { closeFile, damagedFile, openToRead, readFully } from './file-access.ts';
import type { OpenFile } from './file-access.ts';
import { plainBuffers } from './plain-buffers.ts';
import { TextDictionary } from './text-dictionary.ts';

/** What the manifest says of a slice file. */
export interface StoredSlice {
  /** Absolute path. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Rows of each record batch. */
  readonly batches: readonly number[];
  /** CRC-32 of the header of each record batch, and of the footer with what follows it. */
  readonly checksums: readonly number[];
}

/** What the manifest says of a column in a slice file. */
export interface SliceColumn {
  readonly name: string;
  /** CRC-32 of its bytes, per record batch. */
  readonly checksums: readonly number[];
  /** CRC-32 of its dictionary; `null` when it has none. */
  readonly dictionary: number | null;
}

/** One column of a record batch, in memory that the next batch will overwrite. */
export interface ColumnChunk {
  readonly rows: number;
  /** Arrow bitmap; `null` when there are no nulls. */
  readonly validity: Uint8Array | null;
  /** Where each value of varying length begins in `bytes`, and where the last one ends; empty for other types. */
  readonly offsets: Int32Array;
  /** What the values are numbers of; `null` when they are the values themselves. */
  readonly dictionary: TextDictionary | null;
  /** The values in their Arrow form. Begins at a multiple of 8 bytes. */
  readonly bytes: Buffer;
}

/** Memory of one column that is used again for each batch. */
export class ColumnMemory {
  #stored: Buffer = Buffer.alloc(0);
  #plain: Buffer = Buffer.alloc(0);

  /** Memory for bytes as they are in the file; what was in it may be lost. */
  takeStored(length: number): Buffer {
    this.#stored = enlarged(this.#stored, length);
    return this.#stored.subarray(0, length);
  }

  /** Memory for decompressed bytes; what was in it may be lost. */
  takePlain(length: number): Buffer {
    this.#plain = enlarged(this.#plain, length);
    return this.#plain.subarray(0, length);
  }
}

function enlarged(memory: Buffer, length: number): Buffer {
  if (length <= memory.length) return memory;
  return Buffer.allocUnsafeSlow(Math.max(length, memory.length * 2));
}

/** Where things are in a file. */
interface FilePlaces {
  /** Of the columns that are read. */
  readonly fields: readonly FieldPlace[];
  readonly blocks: readonly BlockPlace[];
  /** Of the same columns. */
  readonly dictionaries: readonly (TextDictionary | null)[];
}

/** Where the body of a record batch is in the file. */
interface BatchBodyPlace {
  readonly start: number;
  readonly length: number;
}

/** A record batch before its columns are read. */
interface BatchHeader {
  readonly layout: ReturnType<typeof decodeBatchMessage>;
  readonly rows: number;
  readonly body: BatchBodyPlace;
  readonly places: FilePlaces;
}

/** Bytes that are read at once where they are only checked. */
const VERIFIED_BYTES = 1 << 20;

/** Reads some columns of one slice file. */
export class SliceReader {
  readonly #slice: StoredSlice;
  readonly #columns: readonly SliceColumn[];
  #places: FilePlaces | undefined;

  constructor(slice: StoredSlice, columns: readonly SliceColumn[]) {
    this.#slice = slice;
    this.#columns = columns;
  }

  /** Reads a batch, one chunk per column. Throws `SystemError` when the file does not hold what the manifest says. */
  readBatch(index: number, memories: readonly ColumnMemory[]): readonly ColumnChunk[] {
    return this.#withFile((file) => this.#readBatch(file, index, memories));
  }

  /** Checks what reading all batches would, in constant memory and without decoding values. Throws as `readBatch` does. */
  verify(): void {
    this.#withFile((file) => {
      const piece = Buffer.allocUnsafe(VERIFIED_BYTES);
      for (const index of this.#slice.batches.keys()) {
        const { layout, body } = this.#readHeader(file, index);
        for (const [i, column] of layout.columns.entries()) {
          const { start, end } = columnRange(column, body);
          let crc = 0;
          for (let at = start; at < end; at += piece.length) {
            const bytes = piece.subarray(0, Math.min(piece.length, end - at));
            readFully(file, bytes, body.start + at);
            crc = checksum(bytes, crc);
          }
          checkSum(crc, this.#columns[i]?.checksums[index], this.#chunkName(i, index));
        }
      }
    });
  }

  #withFile<T>(read: (file: OpenFile) => T): T {
    const file = openToRead(this.#slice.path, this.#slice.sizeBytes);
    try {
      return read(file);
    } catch (error) {
      if (error instanceof Error && error.name === 'SystemError') throw error;
      throw damagedFile(file.path, error instanceof Error ? error.message : String(error));
    } finally {
      closeFile(file);
    }
  }

  #readBatch(
    file: OpenFile,
    index: number,
    memories: readonly ColumnMemory[],
  ): readonly ColumnChunk[] {
    const { layout, rows, body, places } = this.#readHeader(file, index);
    const { fields, dictionaries } = places;
    return layout.columns.map((column, i) => {
      const memory = memories[i] ?? new ColumnMemory();
      const bits = fields[i]?.valueBits ?? 0;
      const chunk = readColumn(file, {
        column,
        rows,
        body,
        memory,
        bits,
        codec: layout.codec,
        what: this.#chunkName(i, index),
        crc: this.#columns[i]?.checksums[index],
      });
      return { ...chunk, dictionary: dictionaries[i] ?? null };
    });
  }

  #readHeader(file: OpenFile, index: number): BatchHeader {
    const places = (this.#places ??= this.#readFooter(file));
    const block = places.blocks[index];
    const rows = this.#slice.batches[index];
    if (block === undefined || rows === undefined) throw new Error(`no batch ${index}`);
    const bodyStart = block.offset + block.metadataLength;
    if (bodyStart + block.bodyLength > this.#slice.sizeBytes) throw new Error('a batch is cut off');
    const header = Buffer.allocUnsafe(block.metadataLength);
    readFully(file, header, block.offset);
    check([header], this.#slice.checksums[index], `the header of record batch ${index}`);
    const layout = decodeBatchMessage(header.subarray(MESSAGE_PREFIX_BYTES), places.fields);
    if (layout.rows !== rows) throw new Error(`it has ${layout.rows} rows instead of ${rows}`);
    return { layout, rows, body: { start: bodyStart, length: block.bodyLength }, places };
  }

  #chunkName(column: number, index: number): string {
    return `column ${JSON.stringify(this.#columns[column]?.name ?? '')} of record batch ${index}`;
  }

  #readFooter(file: OpenFile): FilePlaces {
    const { sizeBytes, batches } = this.#slice;
    const trailer = Buffer.alloc(TRAILER_BYTES);
    readFully(file, trailer, sizeBytes - TRAILER_BYTES);
    const footerLength = trailer.readInt32LE();
    const isInside = footerLength > 0 && footerLength < sizeBytes;
    if (trailer.toString('latin1', 4) !== ARROW_MAGIC || !isInside) {
      throw new Error('it is no Arrow file');
    }
    const footer = Buffer.alloc(footerLength);
    readFully(file, footer, sizeBytes - TRAILER_BYTES - footerLength);
    check([footer, trailer], this.#slice.checksums.at(-1), 'its footer');
    const { fields, blocks, dictionaries } = decodeFooter(footer);
    if (blocks.length !== batches.length) throw new Error(`it has ${blocks.length} batches`);
    const wanted = this.#columns.map(({ name }) => {
      const field = fields.get(name);
      if (field === undefined) throw new Error(`it has no column ${JSON.stringify(name)}`);
      return field;
    });
    return {
      fields: wanted,
      blocks,
      dictionaries: wanted.map(({ dictionary }, i) => {
        const block = dictionaries[dictionary];
        const column = this.#columns[i];
        if (dictionary < 0 || column === undefined) return null;
        if (block === undefined) throw new Error('a dictionary is missing');
        return readDictionary(file, block, column);
      }),
    };
  }
}

function readDictionary(file: OpenFile, block: BlockPlace, column: SliceColumn): TextDictionary {
  const { offset, metadataLength, bodyLength } = block;
  const bytes = Buffer.allocUnsafeSlow(metadataLength + bodyLength);
  readFully(file, bytes, offset);
  check(
    [bytes],
    column.dictionary ?? undefined,
    `the dictionary of column ${JSON.stringify(column.name)}`,
  );
  const header = bytes.subarray(MESSAGE_PREFIX_BYTES, metadataLength);
  const { rows, columns, codec } = decodeDictionaryMessage(header);
  const { buffers = [] } = columns[0] ?? {};
  const body = bytes.subarray(metadataLength);
  const memory = new ColumnMemory();
  const [, offsets, text] = plainBuffers(body, { buffers, start: 0, codec, memory });
  if (offsets === undefined || text === undefined) throw new Error('a dictionary has no values');
  const starts = new Int32Array(rows + 1);
  Buffer.from(starts.buffer).set(offsets);
  return new TextDictionary(rows, starts, text);
}

/** Reads all buffers of a column at once: they lie side by side. */
function readColumn(
  file: OpenFile,
  what: {
    column: ColumnLayout;
    rows: number;
    body: BatchBodyPlace;
    memory: ColumnMemory;
    bits: number;
    codec: Codec | null;
    what: string;
    crc: number | undefined;
  },
): Omit<ColumnChunk, 'dictionary'> {
  const { rows, body, memory, codec } = what;
  const { nulls, buffers } = what.column;
  const { start, end } = columnRange(what.column, body);
  const stored = memory.takeStored(end - start);
  readFully(file, stored, body.start + start);
  check([stored], what.crc, what.what);
  const [validity = stored, ...values] = plainBuffers(stored, { buffers, start, codec, memory });
  const data = values.at(-1) ?? validity;
  if (data.length * 8 < rows * what.bits) throw new Error('a column has too few values');
  return {
    rows,
    validity:
      nulls === 0 ? null : new Uint8Array(validity.buffer, validity.byteOffset, validity.length),
    offsets: values.length === 2 ? offsetsOf(values[0] ?? data, rows, data.length) : NO_OFFSETS,
    bytes: data,
  };
}

/** Where a column is in the body of its batch. */
function columnRange(
  { buffers }: ColumnLayout,
  body: BatchBodyPlace,
): { readonly start: number; readonly end: number } {
  const [first, last] = [buffers[0], buffers.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a column has no values');
  const start = first.offset;
  const end = last.offset + last.length;
  if (end < start || end > body.length) throw new Error('a column lies outside its batch');
  return { start, end };
}

/** Throws unless bytes are those that were written. */
function check(bytes: readonly Uint8Array[], expected: number | undefined, what: string): void {
  checkSum(
    bytes.reduce((before, part) => checksum(part, before), 0),
    expected,
    what,
  );
}

function checkSum(crc: number, expected: number | undefined, what: string): void {
  if (crc !== expected) throw new Error(`the checksum of ${what} is wrong`);
}

const NO_OFFSETS = new Int32Array(0);

function offsetsOf(bytes: Buffer, rows: number, dataLength: number): Int32Array {
  const offsets = new Int32Array(bytes.buffer, bytes.byteOffset, rows + 1);
  if (offsets[0] !== 0 || offsets[rows] !== dataLength) throw new Error('text offsets are wrong');
  return offsets;
}
