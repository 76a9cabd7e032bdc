// Writes one Arrow IPC file, record batch by record batch.
// Bodies and the buffers in them begin at multiples of 64 bytes of the file. Nothing is known of values and their types.

import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

import type { DeclaredColumn } from '../manifest/dataset-part.ts';
import type { BlockPlace, BufferPlace, ColumnLayout } from './arrow-decoding.ts';
import { encodeBatchMessage, encodeFooter, encodeSchemaMessage } from './arrow-encoding.ts';
import { ARROW_MAGIC, MESSAGE_PREFIX_BYTES, TRAILER_BYTES } from './arrow-format.ts';
import { attempt, closeFile, writeFully } from './file-access.ts';
import type { OpenFile } from './file-access.ts';

const ALIGNMENT = 64;
const CONTINUATION = 0xffff_ffff;
const PADDING = new Uint8Array(ALIGNMENT);

/** One column's part of a record batch. */
export interface BatchColumnBuffers {
  readonly nulls: number;
  readonly buffers: readonly Uint8Array[];
}

/** An Arrow IPC file that is being written. */
export class ArrowFileWriter {
  readonly #columns: readonly DeclaredColumn[];
  readonly #file: OpenFile;
  readonly #blocks: BlockPlace[] = [];
  #position = 0;

  /** Creates or replaces the file. Missing directories are made. */
  constructor(path: string, columns: readonly DeclaredColumn[]) {
    this.#columns = columns;
    attempt('create', dirname(path), () => mkdirSync(dirname(path), { recursive: true }));
    this.#file = { path, fd: attempt('create', path, () => openSync(path, 'w')) };
    const magic = new Uint8Array(8);
    magic.set(Buffer.from(ARROW_MAGIC));
    this.#write([magic, ...frameMessage(encodeSchemaMessage(columns), magic.length)]);
  }

  /** Writes a record batch of at least one row. */
  writeBatch(rows: number, columns: readonly BatchColumnBuffers[]): void {
    const { layouts, body, bodyLength } = layOutBody(columns);
    const offset = this.#position;
    const message = encodeBatchMessage({ rows, columns: layouts, bodyLength });
    const framed = frameMessage(message, offset);
    this.#blocks.push({ offset, metadataLength: totalLength(framed), bodyLength });
    this.#write([...framed, ...body]);
  }

  /** Writes the footer, closes the file and returns its size. */
  end(): number {
    const endMark = Buffer.alloc(MESSAGE_PREFIX_BYTES);
    endMark.writeUInt32LE(CONTINUATION);
    const footer = encodeFooter(this.#columns, this.#blocks);
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeInt32LE(footer.length);
    trailer.write(ARROW_MAGIC, 4);
    this.#write([endMark, footer, trailer]);
    closeFile(this.#file);
    return this.#position;
  }

  /** Closes the file as it is. */
  abandon(): void {
    closeFile(this.#file);
  }

  #write(buffers: readonly Uint8Array[]): void {
    writeFully(this.#file, buffers);
    this.#position += totalLength(buffers);
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

function layOutBody(columns: readonly BatchColumnBuffers[]): {
  layouts: readonly ColumnLayout[];
  body: readonly Uint8Array[];
  bodyLength: number;
} {
  const body: Uint8Array[] = [];
  let bodyLength = 0;
  const place = (buffer: Uint8Array): BufferPlace => {
    const offset = bodyLength;
    const padding = paddingFor(buffer.length);
    if (buffer.length > 0) body.push(buffer, padding);
    bodyLength += buffer.length + padding.length;
    return { offset, length: buffer.length };
  };
  const layouts = columns.map(({ nulls, buffers }) => ({ nulls, buffers: buffers.map(place) }));
  return { layouts, body, bodyLength };
}

function paddingFor(length: number): Uint8Array {
  return PADDING.subarray(0, (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
}

function totalLength(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}
