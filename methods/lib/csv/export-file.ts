// The files of an export: what they are called, how they are compressed, and how parts become one.

import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { compress } from 'zstd-napi';

/** How files are compressed. */
export type FileCompression = 'none' | 'gzip' | 'zstd';

/** Text is compressed in pieces of this size, which can be unpacked as one. */
const PIECE_BYTES = 4 << 20;
const COPY_BYTES = 1 << 20;

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

/** A file that text is written to. */
export class ExportFile {
  /** Bytes written, compressed. */
  sizeBytes = 0;
  readonly #fd: number;
  readonly #compression: FileCompression;
  readonly #level: number | undefined;
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  private constructor(fd: number, compression: FileCompression, level: number | undefined) {
    this.#fd = fd;
    this.#compression = compression;
    this.#level = level;
  }

  /** Creates or replaces a file. */
  static create(path: string, compression: FileCompression, level: number | undefined): ExportFile {
    return new ExportFile(openSync(path, 'w'), compression, level);
  }

  /** Takes bytes that may change afterwards. */
  write(text: Buffer): void {
    if (this.#compression === 'none') return this.#put(text);
    this.#pieces.push(Buffer.from(text));
    this.#pieceBytes += text.length;
    if (this.#pieceBytes >= PIECE_BYTES) this.flush();
  }

  /** Ends a piece, so that what was written by now can stand alone; returns the size of the file. */
  flush(): number {
    if (this.#pieceBytes > 0) {
      const text = Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#pieceBytes = 0;
      this.#put(
        this.#compression === 'gzip'
          ? gzipSync(text, { level: this.#level ?? 6 })
          : compress(text, { compressionLevel: this.#level ?? 3 }),
      );
    }
    return this.sizeBytes;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #put(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.sizeBytes += bytes.length;
  }
}

/** Some bytes of a file. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Puts files together and removes them: the first one is continued where it can be. */
export function joinFiles(ranges: readonly FileRange[], path: string): void {
  const paths = [...new Set(ranges.map((range) => range.path))];
  const [first] = ranges;
  const isWhole = ranges.length === paths.length;
  if (first !== undefined && isWhole) renameSync(first.path, path);
  const fd = openSync(path, isWhole ? 'a' : 'w');
  try {
    for (const range of isWhole ? ranges.slice(1) : ranges) append(fd, range);
  } finally {
    closeSync(fd);
  }
  for (const part of paths) rmSync(part, { force: true });
}

function append(target: number, { path, start, end }: FileRange): void {
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  const fd = openSync(path, 'r');
  try {
    for (let position = start; position < end;) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, end - position), position);
      if (count === 0) throw new Error(`${path} became shorter while it was read`);
      for (let done = 0; done < count;) done += writeSync(target, buffer, done, count - done);
      position += count;
    }
  } finally {
    closeSync(fd);
  }
}
