// The text of an export on its way into files.

import { compressed } from '../tables/exported-files.ts';
import type { FileCompression } from '../tables/exported-files.ts';

/** Text is compressed in pieces of this size, which can be unpacked as one. */
const PIECE_BYTES = 4 << 20;

/** Collects text, and compresses it where that is wanted, until it is taken. */
export class TextCollector {
  readonly #compression: FileCompression;
  readonly #level: number | undefined;
  #text = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #length = 0;
  /** Of text that was compressed. */
  #packed: Buffer[] = [];

  constructor(compression: FileCompression, level: number | undefined) {
    this.#compression = compression;
    this.#level = level;
  }

  /** Takes bytes that may change afterwards. */
  write(text: Buffer): void {
    this.#reserve(text.length);
    text.copy(this.#text, this.#length);
    this.#length += text.length;
    if (this.#compression !== 'none' && this.#length >= PIECE_BYTES) this.#pack();
  }

  /** Gives what has been collected since the last time, as something that can stand alone; valid until the next call. */
  take(): readonly Buffer[] {
    if (this.#compression !== 'none') this.#pack();
    const text = this.#length === 0 ? [] : [this.#text.subarray(0, this.#length)];
    const taken = [...this.#packed, ...text];
    this.#packed = [];
    this.#length = 0;
    return taken;
  }

  /** What stands in a file without any text. */
  get nothing(): Buffer {
    return compressed(Buffer.alloc(0), this.#compression, this.#level);
  }

  #pack(): void {
    if (this.#length === 0) return;
    const text = this.#text.subarray(0, this.#length);
    this.#length = 0;
    this.#packed.push(compressed(text, this.#compression, this.#level));
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#text.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#length + bytes, this.#text.length * 2));
    this.#text.copy(grown, 0, 0, this.#length);
    this.#text = grown;
  }
}
