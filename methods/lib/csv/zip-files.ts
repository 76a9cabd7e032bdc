// Reads archives in the zip format: lists the files in one and unpacks some. What is unpacked is compared with the size
// and the checksum that the archive has of it.

import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

import { mistake } from '../mistake.ts';
import type { NamedFile } from './fault.ts';
import { open } from './yauzl.js';
import type { Entry, ZipFile } from './yauzl.js';

/** A file in an archive. */
export interface ZippedFile {
  readonly name: string;
  /** Writes its content to a stream, which is ended. */
  readonly unpack: (target: Writable) => Promise<void>;
}

/** Gives the files of an archive, in its order and without directories, to `read`; they are valid until it has ended. */
export async function withZippedFiles<Result>(
  archive: NamedFile,
  read: (files: readonly ZippedFile[]) => Promise<Result>,
): Promise<Result> {
  const zip = await openArchive(archive);
  try {
    const entries = await listEntries(zip, archive);
    const files = entries.filter(({ fileName }) => !fileName.endsWith('/'));
    return await read(
      files.map((entry) => ({
        name: entry.fileName,
        unpack: (target) => unpack(archive, { zip, entry }, target),
      })),
    );
  } finally {
    zip.close();
  }
}

function openArchive(archive: NamedFile): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(archive.path, { autoClose: false, lazyEntries: true }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(damaged(archive.name, error));
    });
  });
}

function listEntries(zip: ZipFile, archive: NamedFile): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', (error: Error) => reject(damaged(archive.name, error)));
    zip.readEntry();
  });
}

async function unpack(
  archive: NamedFile,
  { zip, entry }: { readonly zip: ZipFile; readonly entry: Entry },
  target: Writable,
): Promise<void> {
  const name = `${archive.name}/${entry.fileName}`;
  if (entry.isEncrypted()) throw mistake(`${name} is encrypted, and cannot be read`);
  let checksum = 0;
  try {
    await pipeline(
      await openEntry(zip, entry),
      async function* counted(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          checksum = crc32(chunk, checksum);
          yield chunk;
        }
      },
      target,
    );
  } catch (error) {
    // What has a system call is the disk's fault.
    throw error instanceof Error && !('syscall' in error) ? damaged(name, error) : error;
  }
  if (checksum !== entry.crc32) {
    throw damaged(name, mistake(`its checksum is ${checksum}, expected ${entry.crc32}`));
  }
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(error);
    });
  });
}

function damaged(name: string, error: Error): Error {
  return mistake(`${name} is damaged or no zip file: ${error.message}`);
}
