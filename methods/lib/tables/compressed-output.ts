// Compression of what methods export, by the end of the file's name: `.gz` and `.zst`. Parts that are compressed one by
// one and put together are a whole again in both formats.

import { PassThrough } from 'node:stream';
import type { Transform } from 'node:stream';
import { createGzip } from 'node:zlib';

import { CompressStream } from 'zstd-napi';

const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 3;

/** Makes the stream that compresses what goes into a file of this name. */
export function compressorFor(filename: string): Transform {
  if (filename.endsWith('.gz')) return createGzip({ level: GZIP_LEVEL });
  if (filename.endsWith('.zst')) return new CompressStream({ compressionLevel: ZSTD_LEVEL });
  return new PassThrough();
}

/** The name of one slice's file: `%d` in the name, with a width as in `%03d`, or a number behind it. */
export function slicedName(filename: string, sliceno: number): string {
  const place = /%(0?)(\d*)d/u.exec(filename);
  if (place !== null) {
    const [whole, zero = '', width = ''] = place;
    const digits = String(sliceno).padStart(Number(width), zero === '' ? ' ' : '0');
    return filename.replace(whole, digits);
  }
  const [, stem = filename, end = ''] = /^(.*?)(\.gz|\.zst)?$/u.exec(filename) ?? [];
  return `${stem}.${sliceno}${end}`;
}
