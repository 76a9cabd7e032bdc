// The part of a file that kernels look at: filled, used up from the front and filled again. It grows only for a record
// that is longer. Unaware of what is in the file.

import { readSync } from 'node:fs';

import { mistake } from '../mistake.ts';
import { CsvFault } from './fault.ts';
import type { CsvFormat } from './format.ts';
import type { CsvKernel } from './kernel.ts';

const LONGEST_RECORD_BYTES = 1 << 29;

/** Bytes `[start, end)` of an open file; whole records. */
export interface FilePart {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

/** The bytes of a part that are in a kernel's window. */
export class FileWindow {
  /** Of the bytes in the window. */
  length = 0;
  /** Position of the first byte that is not used up, in the window. */
  from = 0;
  readonly #part: FilePart;
  readonly #kernel: CsvKernel;
  readonly #newline: number;
  /** Position in the file of the window's first byte. */
  #offset: number;

  constructor(part: FilePart, kernel: CsvKernel, format: CsvFormat) {
    this.#part = part;
    this.#kernel = kernel;
    this.#newline = format.newline;
    this.#offset = part.start;
  }

  /** Position in the file of a byte of the window. */
  positionOf(index: number): number {
    return this.#offset + index;
  }

  /** Of the bytes in the window that are in the file: all but a line end that was given to it. */
  get fileLength(): number {
    return Math.min(this.length, this.#part.end - this.#offset);
  }

  /** Bytes that are not used up. */
  get rest(): number {
    return this.length - this.from;
  }

  /**
   * Drops what is used up and reads on; gives `false` when nothing was left to read. A last record without a line end is
   * given one.
   */
  fill(): boolean {
    const { fd, end } = this.#part;
    const kernel = this.#kernel;
    let position = this.#offset + this.length;
    if (position >= end) return false;
    const at = kernel.windowAt;
    kernel.bytes.copyWithin(at, at + this.from, at + this.length);
    this.#offset += this.from;
    this.length -= this.from;
    this.from = 0;
    // One byte is spared for the line end.
    if (this.length >= kernel.windowBytes - 1) this.#grow();
    const { bytes, windowBytes } = kernel;
    while (position < end && this.length < windowBytes - 1) {
      const room = Math.min(end - position, windowBytes - 1 - this.length);
      const count = readSync(fd, bytes, at + this.length, room, position);
      if (count === 0) throw mistake('The file became shorter while it was read');
      this.length += count;
      position += count;
    }
    if (position === end && bytes[at + this.length - 1] !== this.#newline) {
      bytes[at + this.length++] = this.#newline;
    }
    return true;
  }

  #grow(): void {
    const { windowBytes } = this.#kernel;
    if (windowBytes >= LONGEST_RECORD_BYTES) {
      throw new CsvFault(
        this.#offset,
        `a record is longer than ${LONGEST_RECORD_BYTES} bytes (is a quote opened in it and never closed?)`,
      );
    }
    this.#kernel.growWindow(windowBytes * 2);
  }
}
