// The files of exports: how they are called and how they are compressed, both by the name that the author gives.
// Parts that are compressed one by one and put together are a whole again in both formats.

import { PassThrough } from 'node:stream';
import type { Transform } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';

import { compress, CompressStream } from 'zstd-napi';

/** How files are compressed. */
export type FileCompression = 'none' | 'gzip' | 'zstd';

const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 3;

/** What a file is compressed with by its name: `.gz` or `.zst` at its end, or before another ending. */
export function compressionOf(filename: string): FileCompression {
  if (/\.gz(?:\.[^/]*)?$/u.test(filename)) return 'gzip';
  return /\.zst(?:\.[^/]*)?$/u.test(filename) ? 'zstd' : 'none';
}

/**
 * The name of a slice's own file: its number stands for `%d`, with a width as in `%3d` or `%03d`; else it comes behind,
 * before `.gz` or `.zst` at the end, so that programs which unpack files know them.
 */
export function slicedFilename(filename: string, sliceno: number): string {
  const place = /%(?<zero>0?)(?<width>\d*)d/u;
  const { zero = '', width = '' } = place.exec(filename)?.groups ?? {};
  const number = String(sliceno).padStart(Number(width), zero === '' ? ' ' : '0');
  if (place.test(filename)) return filename.replace(place, () => number);
  return filename.replace(/(?:\.gz|\.zst)?$/u, (ending) => `.${sliceno}${ending}`);
}

/** Compresses bytes as something that can stand alone, also where there are none. */
export function compressed(bytes: Buffer, compression: FileCompression, level?: number): Buffer {
  if (compression === 'none') return bytes;
  return compression === 'gzip'
    ? gzipSync(bytes, { level: level ?? GZIP_LEVEL })
    : compress(bytes, { compressionLevel: level ?? ZSTD_LEVEL });
}

/** Makes the stream that compresses what goes into a file. */
export function compressorFor(compression: FileCompression): Transform {
  if (compression === 'none') return new PassThrough();
  return compression === 'gzip'
    ? createGzip({ level: GZIP_LEVEL })
    : new CompressStream({ compressionLevel: ZSTD_LEVEL });
}
