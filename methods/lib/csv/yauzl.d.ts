// The part of yauzl 3 that is used. An archive that is opened lazily gives its next entry when it is asked to.

import type { Readable } from 'node:stream';

/** A file or directory in an archive, as its central directory has it. */
export interface Entry {
  /** Directories end in `/`. */
  readonly fileName: string;
  readonly crc32: number;
  isEncrypted(): boolean;
}

/** An open archive. */
export interface ZipFile {
  on(event: 'entry', listener: (entry: Entry) => void): this;
  on(event: 'end', listener: () => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  readEntry(): void;
  openReadStream(
    entry: Entry,
    callback: (...result: [Error, undefined] | [null, Readable]) => void,
  ): void;
  close(): void;
}

/** Opens an archive; the callback gets an error or the archive. */
export function open(
  path: string,
  options: { readonly autoClose: boolean; readonly lazyEntries: boolean },
  callback: (...result: [Error, undefined] | [null, ZipFile]) => void,
): void;
