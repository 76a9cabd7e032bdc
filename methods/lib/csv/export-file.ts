// The files of an export: what they are called, and how their text is compressed.

import { gzipSync } from 'node:zlib';

import { compress } from 'zstd-napi';

/** How files are compressed. */
export type FileCompression = 'none' | 'gzip' | 'zstd';

/** Text is compressed in pieces of this size, which can be unpacked as one. */
const PIECE_BYTES = 4 << 20;

/** What a file is compressed with by its name: `.gz` or `.zst` at its end, or before another ending. */
export function compressionOf(filename: string): FileCompression {
  if (/\.gz(?:\.|$)/u.test(filename)) return 'gzip';
  return /\.zst(?:\.|$)/u.test(filename) ? 'zstd' : 'none';
}

/** The name of a slice's own file: its number stands for `%d` or `%03d`, or comes behind. */
export function slicedFilename(filename: string, sliceno: number): string {
  const pattern = /%(?:0(?<digits>\d))?d/u;
  const digits = Number(pattern.exec(filename)?.groups?.['digits'] ?? 1);
  const number = String(sliceno).padStart(digits, '0');
  return pattern.test(filename)
    ? filename.replace(pattern, () => number)
    : `${filename}.${sliceno}`;
}

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

  #pack(): void {
    if (this.#length === 0) return;
    const text = this.#text.subarray(0, this.#length);
    this.#length = 0;
    this.#packed.push(
      this.#compression === 'gzip'
        ? gzipSync(text, { level: this.#level ?? 6 })
        : compress(text, { compressionLevel: this.#level ?? 3 }),
    );
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#text.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#length + bytes, this.#text.length * 2));
    this.#text.copy(grown, 0, 0, this.#length);
    this.#text = grown;
  }
}
