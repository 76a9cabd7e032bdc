// Compression of what methods export, by the end of the file's name: `.gz` and `.zst`. Parts that are compressed one by
// one and put together are a whole again in both formats.

import { PassThrough, Transform } from 'node:stream';
import { createGzip } from 'node:zlib';

import { compress, init } from '@bokuweb/zstd-wasm';

const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 3;
/** Of text, before it is compressed. */
const FRAME_BYTES = 1 << 20;

/** Makes the stream that compresses what goes into a file of this name. */
export async function compressorFor(filename: string): Promise<Transform> {
  if (filename.endsWith('.gz')) return createGzip({ level: GZIP_LEVEL });
  if (!filename.endsWith('.zst')) return new PassThrough();
  await init();
  return zstdStream();
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

function zstdStream(): Transform {
  let held: Buffer[] = [];
  let size = 0;
  const frame = (): Buffer => {
    const bytes = compress(Buffer.concat(held), ZSTD_LEVEL);
    held = [];
    size = 0;
    return Buffer.from(bytes);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      size += chunk.length;
      if (size >= FRAME_BYTES) done(null, frame());
      else done();
    },
    flush(done) {
      if (size > 0) done(null, frame());
      else done();
    },
  });
}
