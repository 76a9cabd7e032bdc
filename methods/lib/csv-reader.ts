// Reads a part of a CSV file block by block in constant memory: the buffer grows only for a record that is longer.
// Unaware of types. The part must begin and end where records do.

import { readSync } from 'node:fs';

import { CsvFault } from './csv-fault.ts';
import { LF } from './csv-format.ts';
import type { FieldBlock } from './csv-tokenizer.ts';

const CHUNK_BYTES = 1 << 19;
const LONGEST_RECORD_BYTES = 1 << 29;

/** Bytes `[start, end)` of an open file. */
export interface FilePart {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Calls `onBlock` for each block of records, in order. Offsets in a `CsvFault`, also in one that `onBlock` throws,
 * count from the start of the block's bytes; it leaves here with its offset in the file.
 */
export function readBlocks(
  part: FilePart,
  block: FieldBlock,
  onBlock: (block: FieldBlock) => void,
): void {
  const window = new FileWindow(part);
  while (window.fill()) {
    try {
      window.take(splitAll(window, block, onBlock));
    } catch (error) {
      throw error instanceof CsvFault
        ? new CsvFault(window.offset + error.offset, error.message)
        : error;
    }
  }
  if (window.length > 0) throw new Error('The file changed while it was read');
}

/** Handles all whole records in the window, and gives how many bytes these are. */
function splitAll(
  window: FileWindow,
  block: FieldBlock,
  onBlock: (block: FieldBlock) => void,
): number {
  const { bytes, length } = window;
  let position = 0;
  for (;;) {
    const next = block.split(bytes, position, length);
    if (next === position) return position;
    onBlock(block);
    position = next;
  }
}

/** The bytes of a part that are in memory. */
class FileWindow {
  bytes: Buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  /** Of the bytes that are filled. */
  length = 0;
  /** File offset of the first byte. */
  offset: number;
  readonly #part: FilePart;

  constructor(part: FilePart) {
    this.#part = part;
    this.offset = part.start;
  }

  /** Reads on, and gives `false` when nothing is left. A last record without a line end is given one. */
  fill(): boolean {
    const { fd, end } = this.#part;
    let position = this.offset + this.length;
    if (position >= end) return false;
    // One byte is spared for the line end.
    if (this.length === this.bytes.length - 1) this.#grow();
    while (position < end && this.length < this.bytes.length - 1) {
      const room = Math.min(end - position, this.bytes.length - 1 - this.length);
      const count = readSync(fd, this.bytes, this.length, room, position);
      if (count === 0) throw new Error('The file became shorter while it was read');
      this.length += count;
      position += count;
    }
    if (position === end && this.bytes[this.length - 1] !== LF) this.bytes[this.length++] = LF;
    return true;
  }

  /** Drops `count` bytes from the start. */
  take(count: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
    this.offset += count;
  }

  #grow(): void {
    if (this.bytes.length > LONGEST_RECORD_BYTES) {
      throw new CsvFault(this.offset, `a record is longer than ${LONGEST_RECORD_BYTES} bytes`);
    }
    const bytes = Buffer.allocUnsafe(this.bytes.length * 2);
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }
}
