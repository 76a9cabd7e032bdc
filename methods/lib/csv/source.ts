// Makes plain text of the files that are imported: compressed ones and those in UTF-16 are unpacked into a temporary
// file, because only in a plain file can several threads begin in the middle. What a file is, its first bytes tell.

import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { DecompressStream } from 'zstd-napi';

import { mistake } from '../mistake.ts';
import type { NamedFile } from './fault.ts';

/** How text is encoded; a byte order mark decides against it. */
export type CsvEncoding = 'utf-8' | 'latin-1' | 'utf-16' | 'utf-16le' | 'utf-16be';

/** A file of plain text in an encoding of which a byte is a character, or a part of one beyond ASCII. */
export interface TextFile extends NamedFile {
  /** Where the text begins: behind a byte order mark. */
  readonly start: number;
  readonly size: number;
  /** Bytes are characters of Latin-1. */
  readonly isLatin1: boolean;
}

/** Makes a temporary file: gives a stream to write it, and its path. */
export type MakeTemporary = () => { readonly stream: Writable; readonly path: string };

const CHUNK_BYTES = 1 << 20;

/** Gives the file itself where it is plain text, and otherwise what has been unpacked from it. */
export async function openText(
  file: NamedFile,
  encoding: CsvEncoding,
  makeTemporary: MakeTemporary,
): Promise<TextFile> {
  const unpacked = await decompressed(file, makeTemporary);
  const first = firstBytes(unpacked.path);
  const utf16 = utf16Of(first, encoding);
  const text = utf16 === undefined ? unpacked : await transcoded(unpacked, utf16, makeTemporary);
  const hasMark = utf16 === undefined && first.toString('latin1', 0, 3) === '\u00EF\u00BB\u00BF';
  return {
    name: file.name,
    path: text.path,
    start: hasMark ? 3 : 0,
    size: statSync(text.path).size,
    isLatin1: encoding === 'latin-1' && utf16 === undefined && !hasMark,
  };
}

async function decompressed(file: NamedFile, makeTemporary: MakeTemporary): Promise<NamedFile> {
  const first = firstBytes(file.path);
  const isGzip = first.length > 1 && first.readUInt16BE() === 0x1f_8b;
  const isZstd = first.length > 3 && first.readUInt32LE() === 0xfd_2f_b5_28;
  if (!isGzip && !isZstd) return file;
  const format = isGzip ? 'gzip' : 'zstd';
  const { stream, path } = makeTemporary();
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES / 4 });
  try {
    await pipeline(
      createReadStream(file.path, { highWaterMark: CHUNK_BYTES }),
      isGzip ? gunzip : new DecompressStream(),
      stream,
    );
  } catch (error) {
    throw unpackingError(file, format, error);
  }
  // Zlib stops in silence where a member has ended and no other begins.
  const { size } = statSync(file.path);
  if (isGzip && gunzip.bytesWritten < size && !isZero(file.path, gunzip.bytesWritten, size)) {
    throw mistake(
      `${file.name} is damaged: byte ${gunzip.bytesWritten} ends its gzip data, but other data follow`,
    );
  }
  return { name: file.name, path };
}

function unpackingError(file: NamedFile, format: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isCut = /unexpected end of file|ended in middle/iu.test(error.message);
  if (isCut) return mistake(`${file.name} is cut off: its ${format} data end too early`);
  // What has a system call is the disk's fault.
  if ('syscall' in error) return error;
  return mistake(`${file.name} is damaged: its ${format} data cannot be read (${error.message})`);
}

function utf16Of(first: Buffer, encoding: CsvEncoding): 'utf-16le' | 'utf-16be' | undefined {
  const mark = first.length > 1 ? first.readUInt16BE() : 0;
  if (mark === 0xff_fe) return 'utf-16le';
  if (mark === 0xfe_ff) return 'utf-16be';
  if (encoding === 'utf-16') return 'utf-16le';
  return encoding === 'utf-8' || encoding === 'latin-1' ? undefined : encoding;
}

async function transcoded(
  file: NamedFile,
  encoding: 'utf-16le' | 'utf-16be',
  makeTemporary: MakeTemporary,
): Promise<NamedFile> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const { stream, path } = makeTemporary();
  const decode = (chunk: Uint8Array, more: boolean): Buffer => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: more }));
    } catch {
      throw mistake(`${file.name} is damaged: it is not ${encoding.toUpperCase()} throughout`);
    }
  };
  await pipeline(
    createReadStream(file.path, { highWaterMark: CHUNK_BYTES }),
    async function* decodeAll(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) yield decode(chunk, true);
      yield decode(new Uint8Array(0), false);
    },
    stream,
  );
  return { name: file.name, path };
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(4);
  const fd = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Archives are padded with zeros by some programs. */
function isZero(path: string, from: number, to: number): boolean {
  const bytes = Buffer.alloc(1 << 16);
  const fd = openSync(path, 'r');
  try {
    for (let position = from; position < Math.min(to, fstatSync(fd).size);) {
      const count = readSync(fd, bytes, 0, bytes.length, position);
      if (bytes.subarray(0, count).some((byte) => byte !== 0)) return false;
      position += count;
    }
    return true;
  } finally {
    closeSync(fd);
  }
}
