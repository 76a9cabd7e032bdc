// The content of files as SHA-256, remembered by stat so that unchanged files are not read again.
// Unaware of what the files are for. A file changed a moment before it was hashed is hashed again next time,
// as a further change within the same tick of the clock would not show in its stat.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { SystemError } from '../model/errors.ts';
import { digest } from '../model/ids.ts';
import type { Digest } from '../model/ids.ts';
import { systemError } from '../model/system-error.ts';
import { writeFileAtomic } from '../util/atomic-file.ts';
import { isSettled, sameStat, statPath } from './file-stat.ts';
import type { FileStat } from './file-stat.ts';

/** A file's content and the part of its stat that records keep. */
export interface FileDigest {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** What is kept of one file: `[sizeBytes, mtimeMs, ctimeMs, inode, digest]`. */
type Entry = readonly [number, number, number, number, Digest];

const FORMAT = 1;
/** The cache file stays below some 10 MB; what was hashed longest ago is forgotten first. */
const MOST_ENTRIES = 50_000;
const CHUNK_BYTES = 1 << 20;
/** How often a file that changes while it is read is read again before its last state is taken. */
const MOST_ATTEMPTS = 3;

/** Digests of files, kept in `files.json` of the cache directory. Safe for several processes at once. */
export class FileDigests {
  readonly #path: string;
  /** In order of hashing, oldest first; `undefined` until the cache file has been read. */
  #entries: Map<string, Entry> | undefined;
  readonly #learnt = new Map<string, Entry>();
  readonly #inFlight = new Map<string, Promise<FileDigest>>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens the digests kept in `cacheDirectory`; nothing is read until the first look-up. */
  static open(cacheDirectory: string): FileDigests {
    return new FileDigests(join(cacheDirectory, 'files.json'));
  }

  /** Returns the digest if the file's stat proves that it is still right; reads no content. */
  known(path: string): FileDigest | undefined {
    this.#entries ??= readEntries(this.#path);
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    const [sizeBytes, mtimeMs, ctimeMs, inode, content] = entry;
    if (!sameStat(statPath(path), { sizeBytes, mtimeMs, ctimeMs, inode })) return undefined;
    return { digest: content, sizeBytes, mtimeMs };
  }

  /** Returns the digest of a file, reading it if need be. Rejects with a `SystemError` when it cannot be read. */
  async digestOf(path: string): Promise<FileDigest> {
    const known = this.known(path);
    if (known !== undefined) return known;
    const running = this.#inFlight.get(path);
    if (running !== undefined) return running;
    const hashing = this.#hash(path).finally(() => this.#inFlight.delete(path));
    this.#inFlight.set(path, hashing);
    return hashing;
  }

  /** Returns the digest of a file, or what is there in its place. */
  async digestIfFile(path: string): Promise<FileDigest | 'nothing' | 'directory'> {
    try {
      return await this.digestOf(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EISDIR') return 'directory';
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
      throw error;
    }
  }

  /**
   * Tells whether a file may have had another content since it was recorded; a missing file has changed. One that was
   * written meanwhile has too: whoever read it in between may have read anything, even if it is now as it was.
   */
  async changedSince(path: string, record: FileDigest): Promise<boolean> {
    const stat = statPath(path);
    if (stat?.sizeBytes !== record.sizeBytes || stat.mtimeMs !== record.mtimeMs) return true;
    const now = await this.digestOf(path);
    return now.digest !== record.digest;
  }

  /** Writes what was learnt since opening, if anything. Losing it costs time only. */
  save(): void {
    if (this.#learnt.size === 0) return;
    // Other processes may have written since: what they learnt is kept, and ours, being newer, comes last.
    const entries = readEntries(this.#path);
    for (const [path, entry] of this.#learnt) {
      entries.delete(path);
      entries.set(path, entry);
    }
    const files = Object.fromEntries([...entries].slice(-MOST_ENTRIES));
    writeFileAtomic(this.#path, JSON.stringify({ format: FORMAT, files }));
    this.#learnt.clear();
  }

  async #hash(path: string): Promise<FileDigest> {
    for (let attempt = 1; ; attempt++) {
      const startedMs = Date.now();
      const before = statPath(path);
      if (before === undefined) throw new SystemError({ code: 'ENOENT', operation: 'read', path });
      const content = await hashFile(path, before);
      const unchanged = sameStat(before, statPath(path));
      if (!unchanged && attempt < MOST_ATTEMPTS) continue;
      if (unchanged && isSettled(before, startedMs)) this.#remember(path, before, content);
      return { digest: content, sizeBytes: before.sizeBytes, mtimeMs: before.mtimeMs };
    }
  }

  #remember(path: string, stat: FileStat, content: Digest): void {
    const entry: Entry = [stat.sizeBytes, stat.mtimeMs, stat.ctimeMs, stat.inode, content];
    this.#entries?.set(path, entry);
    this.#learnt.set(path, entry);
  }
}

/** Reads the cache file; an unreadable one is an empty one. */
function readEntries(path: string): Map<string, Entry> {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as {
      format: number;
      files: Record<string, Entry>;
    };
    return new Map(stored.format === FORMAT ? Object.entries(stored.files) : []);
  } catch {
    return new Map();
  }
}

async function hashFile(path: string, stat: FileStat): Promise<Digest> {
  try {
    if (stat.sizeBytes < CHUNK_BYTES) {
      return digest(createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
    await using file = await open(path);
    return await hashChunks(file);
  } catch (error) {
    throw systemError(error, 'read', path);
  }
}

/** Hashes one chunk while the next is read: two buffers, whatever the file's size. */
async function hashChunks(file: FileHandle): Promise<Digest> {
  const hash = createHash('sha256');
  let current = Buffer.allocUnsafe(CHUNK_BYTES);
  let next = Buffer.allocUnsafe(CHUNK_BYTES);
  let { bytesRead } = await file.read(current, 0, CHUNK_BYTES);
  while (bytesRead > 0) {
    const reading = file.read(next, 0, CHUNK_BYTES);
    hash.update(bytesRead === CHUNK_BYTES ? current : current.subarray(0, bytesRead));
    ({ bytesRead } = await reading);
    [current, next] = [next, current];
  }
  return digest(hash.digest('hex'));
}
