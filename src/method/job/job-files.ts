// The files that one stage makes in its job directory: written under a temporary name, hashed on the way, registered.
// Unaware of other stages but for what they have left; what is registered without a digest is hashed when the job ends.

import {
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { threadId } from 'node:worker_threads';

import { UsageError } from '../../model/errors.ts';
import { digest } from '../../model/ids.ts';
import { InvalidOutputError } from '../../model/invalid-output.ts';
import type { WrittenFile } from '../../model/stage.ts';
import { globMatcher } from '../../util/glob.ts';
import { sha256 } from '../../util/sha256.ts';
import { checkWritableName, isEngineName, TEMPORARY_PREFIX } from './file-names.ts';
import { fileWriter, timeOfChange } from './file-writer.ts';

/** Files of a job up to some moment; a value is `null` until the file has been hashed. */
export interface KnownFiles {
  readonly files: Readonly<Record<string, WrittenFile | null>>;
  /** Files to delete when the job ends. */
  readonly tempFiles: readonly string[];
}

/** Whether a file outlives the job. */
export interface Keeping {
  /** Deletes the file when the job ends. */
  readonly temp?: boolean | undefined;
}

/** How a file is written. */
export interface Writing extends Keeping {
  /** `false` for a large file that is not read again soon: it is written past the memory that the system keeps of files. */
  readonly cached?: boolean | undefined;
}

/** Makes and registers files of one stage. */
export class JobFiles {
  readonly #directory: string;
  readonly #before: KnownFiles;
  readonly #files = new Map<string, WrittenFile | null>();
  readonly #temp = new Set<string>();
  readonly #writers = new Map<Writable, string>();
  #temporaries = 0;

  constructor(directory: string, before: KnownFiles) {
    this.#directory = directory;
    this.#before = before;
  }

  /** Names of all registered files, in no order. */
  names(): readonly string[] {
    const names = new Set([...Object.keys(this.#before.files), ...this.#files.keys()]);
    return [...names].filter((name) => !this.#temp.has(name));
  }

  /** Writes a whole file in one atomic step and registers it. */
  write(name: string, content: string | Uint8Array, keeping: Keeping = {}): void {
    checkWritableName(name);
    const temporary = this.#temporary(name);
    const mtimeMs = timeOfChange();
    try {
      writeFileSync(temporary, content);
      utimesSync(temporary, mtimeMs / 1000, mtimeMs / 1000);
      renameSync(temporary, join(this.#directory, name));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    const sizeBytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
    this.#add(name, { sizeBytes, digest: digest(sha256(content)), mtimeMs }, keeping);
  }

  /** Opens a file for writing. It appears under its name, and is registered, when the stream has ended. */
  open(name: string, { cached = true, ...keeping }: Writing = {}): Writable {
    checkWritableName(name);
    const file = { temporary: this.#temporary(name), path: join(this.#directory, name), cached };
    const writer = fileWriter(file, (record) => this.#add(name, record, keeping));
    this.#writers.set(writer, name);
    return writer;
  }

  /**
   * Registers a file that was written by other means; one that was temporary is kept. It is hashed when the job ends:
   * what an earlier `write` put there may not be what is there now. A link is no file of the job, whose target may change.
   */
  register(name: string): void {
    checkWritableName(name);
    if (lstatSync(join(this.#directory, name), { throwIfNoEntry: false })?.isFile() !== true) {
      throw new UsageError({
        code: 'unknown_file',
        message: `Expected ${JSON.stringify(name)} to be a file in the job's directory ${this.#directory}`,
        token: name,
      });
    }
    this.#add(name, null, {});
  }

  /** Registers all files that match and are neither registered nor temporary; returns their names, sorted. */
  registerMatching(pattern: string): readonly string[] {
    const matches = globMatcher(pattern);
    const known = new Set([...this.names(), ...this.#before.tempFiles, ...this.#temp]);
    const names = userFiles(this.#directory).filter((name) => matches(name) && !known.has(name));
    for (const name of names) this.#files.set(name, null);
    return names.toSorted();
  }

  /** Waits for streams that have been ended; throws `InvalidOutputError` for one that has not. */
  async end(): Promise<KnownFiles> {
    for (const [writer, name] of this.#writers) {
      if (!writer.writableEnded && !writer.destroyed) {
        this.abort();
        throw new InvalidOutputError(
          `file ${JSON.stringify(name)} was opened for writing and never ended`,
        );
      }
      if (!writer.closed) await finished(writer);
    }
    return { files: Object.fromEntries(this.#files), tempFiles: [...this.#temp] };
  }

  /** Drops what is half written or temporary. */
  abort(): void {
    for (const writer of this.#writers.keys()) writer.destroy();
    for (const name of this.#temp) rmSync(join(this.#directory, name), { force: true });
  }

  #add(name: string, record: WrittenFile | null, keeping: Keeping): void {
    if (keeping.temp === true) {
      this.#temp.add(name);
      this.#files.delete(name);
    } else {
      this.#files.set(name, record);
      this.#temp.delete(name);
    }
  }

  /** A temporary path beside the file. The thread is part of it: slices of one job share the process. */
  #temporary(name: string): string {
    const path = join(this.#directory, name);
    const directory = dirname(path);
    if (directory !== this.#directory) mkdirSync(directory, { recursive: true });
    return join(directory, `${TEMPORARY_PREFIX}${process.pid}-${threadId}-${this.#temporaries++}`);
  }
}

/** Lists the files below a job directory that are the method's own, relative and in no order. Names with a dot in front are left out. */
export function userFiles(directory: string, below = ''): string[] {
  const names: string[] = [];
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    const name = below + entry.name;
    if (isEngineName(name) || entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) names.push(...userFiles(directory, `${name}/`));
    else if (entry.isFile()) names.push(name);
  }
  return names;
}
