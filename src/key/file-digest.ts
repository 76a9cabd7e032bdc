// The content of files as SHA-256, remembered by stat so that unchanged files are not read again.
// Unaware of what the files are for.

import type { Digest } from '../model/ids.ts';

/** A file's content and the part of its stat that records keep. */
export interface FileDigest {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** Digests of files, kept in `files.json` of the cache directory. Safe for several processes at once. */
export class FileDigests {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens the digests kept in `cacheDirectory`; nothing is read until the first look-up. */
  static open(cacheDirectory: string): FileDigests {
    return new FileDigests(cacheDirectory);
  }

  /** Returns the digest if the file's stat proves that it is still right; reads no content. */
  known(path: string): FileDigest | undefined {
    throw new Error(this.#path + path);
  }

  /** Returns the digest of a file, reading it if need be. Rejects with a `SystemError` when it cannot be read. */
  digestOf(path: string): Promise<FileDigest> {
    throw new Error(this.#path + path);
  }

  /** Tells whether a file no longer has the content it was recorded with; a missing file has changed. */
  changedSince(path: string, record: FileDigest): Promise<boolean> {
    throw new Error(this.#path + path + record.digest);
  }

  /** Writes what was learnt since opening, if anything. Losing it costs time only. */
  save(): void {
    throw new Error(this.#path);
  }
}
