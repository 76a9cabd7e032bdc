// Writes one Arrow IPC file, record batch by record batch.
// Bodies and the buffers in them begin at multiples of 64 bytes of the file. Nothing is known of values and their types.

import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Compression } from '../../model/column-type.ts';
import { onMachine } from '../../model/system-error.ts';
import { checksum } from '../../util/checksum.ts';
import type { DeclaredColumn } from '../manifest/dataset-part.ts';
import type { BatchLayout, BlockPlace } from './arrow-decoding.ts';
import {
  encodeBatchMessage,
  encodeDictionaryMessage,
  encodeFooter,
  encodeSchemaMessage,
} from './arrow-encoding.ts';
import { ARROW_MAGIC, MESSAGE_PREFIX_BYTES, TRAILER_BYTES } from './arrow-format.ts';
import { layOutBody, paddingFor, totalLength } from './batch-body.ts';
import type { BatchBody, BatchColumnBuffers } from './batch-body.ts';
import { BufferPacker } from './buffer-packer.ts';
import { EarlyFlush } from './early-flush.ts';
import { closeFile, writeFully } from './file-access.ts';
import type { OpenFile } from './file-access.ts';

const CONTINUATION = 0xffff_ffff;

/** Bytes of the number of a dictionary's entry, and of values of types of fixed size that are compressed. */
const CODE_BYTES = 4;
const VALUE_BYTES: Readonly<Record<string, number>> = {
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  date: 4,
  int64: 8,
  time: 8,
  datetime: 8,
};

/** How a file is written. */
export interface ArrowFileSettings {
  readonly compression: Compression;
  /** It is removed soon and need not be on disk. */
  readonly isTemporary?: boolean;
}

/** An Arrow IPC file that is being written. */
export class ArrowFileWriter {
  readonly #columns: readonly DeclaredColumn[];
  readonly #compression: Compression;
  readonly #packer: BufferPacker | null;
  readonly #file: OpenFile;
  readonly #blocks: BlockPlace[] = [];
  readonly #dictionaries: BlockPlace[] = [];
  #isEncoded: readonly boolean[] = [];
  readonly #checksums: number[] = [];
  readonly #flush: EarlyFlush | null;
  #position = 0;

  /** Creates or replaces the file. Missing directories are made. */
  constructor(
    path: string,
    columns: readonly DeclaredColumn[],
    { compression, isTemporary = false }: ArrowFileSettings,
  ) {
    this.#columns = columns;
    this.#compression = compression;
    this.#packer = packerFor(compression);
    onMachine('create', dirname(path), () => mkdirSync(dirname(path), { recursive: true }));
    this.#file = { path, fd: onMachine('create', path, () => openSync(path, 'w')) };
    this.#flush = isTemporary ? null : new EarlyFlush(path);
  }

  /** Writes the schema: which columns are encoded by a dictionary. Comes before all batches, and the end. */
  begin(isEncoded: readonly boolean[]): void {
    this.#isEncoded = isEncoded;
    const magic = new Uint8Array(8);
    magic.set(Buffer.from(ARROW_MAGIC));
    const schema = encodeSchemaMessage(this.#columns, isEncoded);
    this.#write([magic, ...frameMessage(schema, magic.length)]);
  }

  /** Writes a record batch of at least one row; returns the CRC-32 of each column's bytes. */
  writeBatch(rows: number, columns: readonly BatchColumnBuffers[]): readonly number[] {
    const body = layOutBody(
      columns.map((column, i) => ({
        ...column,
        isPlain: isFloat(this.#columns[i]),
        valueBytes: this.#isEncoded[i] === true ? CODE_BYTES : valueBytes(this.#columns[i]),
      })),
      this.#packer,
    );
    const message = encodeBatchMessage(batchLayout(rows, body));
    const { place, framed } = this.#place(message, body.length);
    this.#blocks.push(place);
    this.#checksums.push(checksumOf(framed));
    this.#write([...framed, ...body.parts]);
    return body.checksums;
  }

  /** Writes the dictionary of the next column that is encoded by one; returns the CRC-32 of all that is written. */
  writeDictionary(rows: number, column: BatchColumnBuffers): number {
    const body = layOutBody([column], packerFor(this.#compression));
    const id = this.#dictionaries.length;
    const message = encodeDictionaryMessage(id, batchLayout(rows, body));
    const { place, framed } = this.#place(message, body.length);
    this.#dictionaries.push(place);
    this.#write([...framed, ...body.parts]);
    return checksumOf([...framed, ...body.parts]);
  }

  /** Writes the footer, closes the file and returns its size, and the CRC-32 of each header and of the footer. */
  end(): { readonly sizeBytes: number; readonly checksums: readonly number[] } {
    const endMark = Buffer.alloc(MESSAGE_PREFIX_BYTES);
    endMark.writeUInt32LE(CONTINUATION);
    const footer = encodeFooter({
      columns: this.#columns,
      isEncoded: this.#isEncoded,
      blocks: this.#blocks,
      dictionaries: this.#dictionaries,
    });
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeInt32LE(footer.length);
    trailer.write(ARROW_MAGIC, 4);
    this.#write([endMark, footer, trailer]);
    this.#flush?.end();
    closeFile(this.#file);
    this.#checksums.push(checksumOf([footer, trailer]));
    return { sizeBytes: this.#position, checksums: this.#checksums };
  }

  /** Closes the file as it is. */
  abandon(): void {
    this.#flush?.end();
    closeFile(this.#file);
  }

  #place(
    message: Uint8Array,
    bodyLength: number,
  ): { readonly place: BlockPlace; readonly framed: readonly Uint8Array[] } {
    const framed = frameMessage(message, this.#position);
    const place = { offset: this.#position, metadataLength: totalLength(framed), bodyLength };
    return { place, framed };
  }

  #write(buffers: readonly Uint8Array[]): void {
    writeFully(this.#file, buffers);
    const bytes = totalLength(buffers);
    this.#position += bytes;
    this.#flush?.wrote(bytes);
  }
}

/** Puts the prefix before a message and padding behind it, so that what follows is aligned in the file. */
function frameMessage(message: Uint8Array, position: number): readonly Uint8Array[] {
  const padding = paddingFor(position + MESSAGE_PREFIX_BYTES + message.length);
  const prefix = Buffer.alloc(MESSAGE_PREFIX_BYTES);
  prefix.writeUInt32LE(CONTINUATION);
  prefix.writeInt32LE(message.length + padding.length, 4);
  return [prefix, message, padding];
}

function batchLayout(rows: number, { layouts, length, codec }: BatchBody): BatchLayout {
  return { rows, columns: layouts, codec, bodyLength: length };
}

function packerFor(compression: Compression): BufferPacker | null {
  return compression === 'none' ? null : new BufferPacker(compression);
}

function isFloat(column: DeclaredColumn | undefined): boolean {
  return column?.type === 'float64' || column?.type === 'float32';
}

/** Bytes of a value; 0 when that varies or is less than one. */
function valueBytes(column: DeclaredColumn | undefined): number {
  return VALUE_BYTES[column?.type ?? ''] ?? 0;
}

function checksumOf(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((crc, buffer) => checksum(buffer, crc), 0);
}
