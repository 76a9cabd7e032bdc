// Remembers what was made of source files for as long as the stat of every file that went into it is the same.
// Unaware of bundlers and methods: it keeps digests, packages and facts under keys that its users choose.

import { readFileSync } from 'node:fs';

import type { Digest } from '../../model/ids.ts';
import { writeFileAtomic } from '../../util/atomic-file.ts';
import { sha256 } from '../../util/sha256.ts';
import { isSettled, sameStat, statPath } from '../file-stat.ts';
import type { FileStat, PathStat } from '../file-stat.ts';
import { listDirectory } from './source-listing.ts';
import type { Listing } from './source-listing.ts';

/** The identity of some code and the paths it was made from. */
export interface CodeRecord {
  readonly digest: Digest;
  readonly packages: Readonly<Record<string, string>>;
  /** Absolute paths; one that was absent counts as well: if it appears, the record is stale. */
  readonly files: readonly string[];
  /** Directories whose list of sources must stay the same. */
  readonly directories: readonly string[];
}

/** `[sizeBytes, mtimeMs, ctimeMs, inode]`; `null` for an absent path. */
type StoredStat = readonly [number, number, number, number] | null;

/** A path, how it looked, and for a directory the digest of its listing. */
type StoredPath = readonly [path: string, stat: StoredStat, listing?: string];

/** A record whose paths are indexes into `paths`. */
interface StoredRecord {
  readonly digest: Digest;
  readonly packages: Readonly<Record<string, string>>;
  readonly paths: readonly number[];
}

interface StoredCache {
  readonly format: number;
  /** A cache made by another version or for another place is not used. */
  readonly salt: string;
  readonly paths: readonly StoredPath[];
  readonly shared: readonly number[];
  readonly records: Readonly<Record<string, StoredRecord>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly listings: Readonly<Record<string, readonly [StoredStat, Listing]>>;
  readonly texts: Readonly<Record<string, readonly [StoredStat, boolean]>>;
}

const FORMAT = 2;
/** A stat that equals none: what was read a moment after a change must be read again. */
const UNSETTLED: StoredStat = [-1, 0, 0, 0];

/** What is known of the code of one project. Each path is looked at once, so that a run sees one state. */
export class CodeCache {
  readonly #file: string;
  readonly #salt: string;
  #paths: StoredPath[];
  readonly #ids = new Map<string, number>();
  readonly #shared: Set<number>;
  readonly #records: Map<string, StoredRecord>;
  readonly #facts: Map<string, unknown>;
  readonly #listings: Map<string, readonly [StoredStat, Listing]>;
  readonly #texts: Map<string, readonly [StoredStat, boolean]>;
  readonly #looks = new Map<string, PathStat | undefined>();
  readonly #unchanged: (boolean | undefined)[] = [];
  #dirty = false;

  private constructor(file: string, salt: string, stored: StoredCache | undefined) {
    this.#file = file;
    this.#salt = salt;
    this.#paths = [...(stored?.paths ?? [])];
    for (const [id, [path, , listing]] of this.#paths.entries()) {
      this.#ids.set(`${listing === undefined ? 'file' : 'directory'} ${path}`, id);
    }
    this.#shared = new Set(stored?.shared);
    this.#records = new Map(Object.entries(stored?.records ?? {}));
    this.#facts = new Map(Object.entries(stored?.facts ?? {}));
    this.#listings = new Map(Object.entries(stored?.listings ?? {}));
    this.#texts = new Map(Object.entries(stored?.texts ?? {}));
  }

  /** Reads the cache file. One that is missing, damaged or made under another `salt` counts as empty. */
  static open(file: string, salt: string): CodeCache {
    return new CodeCache(file, salt, readStored(file, salt));
  }

  /** Returns the record under `key` if everything it was made from is unchanged. */
  fresh(
    key: string,
  ): { readonly digest: Digest; readonly packages: CodeRecord['packages'] } | undefined {
    const record = this.#records.get(key);
    if (record === undefined || !this.#allUnchanged(this.#shared)) return undefined;
    return this.#allUnchanged(record.paths) ? record : undefined;
  }

  /** Returns the keys of all records that something has changed under. */
  staleKeys(): string[] {
    return [...this.#records.keys()].filter((key) => this.fresh(key) === undefined);
  }

  /** Returns the files and directories that the record under `key`, stale or not, was made from. */
  sourcesOf(key: string): readonly string[] {
    return (this.#records.get(key)?.paths ?? []).map((id) => this.#paths[id]?.[0] ?? '');
  }

  /**
   * Keeps new records and forgets stale ones. `shared` are paths that count for every record.
   * What was changed at `startedMs` or later may differ from what was read, and is not trusted.
   */
  keep(
    records: ReadonlyMap<string, CodeRecord>,
    shared: readonly string[],
    startedMs: number,
  ): void {
    const stale = this.staleKeys();
    if (!this.#allUnchanged(this.#shared)) this.#shared.clear();
    for (const key of stale) this.#records.delete(key);
    const watch = this.#watcher(startedMs);
    for (const path of shared) this.#shared.add(watch(path, 'file'));
    for (const [key, { digest, packages, files, directories }] of records) {
      const paths = [
        ...files.map((path) => watch(path, 'file')),
        ...directories.map((path) => watch(path, 'directory')),
      ];
      this.#records.set(key, { digest, packages, paths });
    }
    this.#dirty = true;
  }

  /** Returns what was kept for a digest with `setFacts`. */
  facts(digest: Digest): unknown {
    return this.#facts.get(digest);
  }

  /** Keeps plain data for a digest, as long as some record has that digest. */
  setFacts(digest: Digest, facts: unknown): void {
    this.#facts.set(digest, facts);
    this.#dirty = true;
  }

  /** Lists a directory; `undefined` when there is none. */
  listing(directory: string): Listing | undefined {
    return this.#byStat(this.#listings, directory, () => listDirectory(directory));
  }

  /** Tells whether `test` accepts the text of a file. Always the same test must be asked of one file. */
  hasText(file: string, test: (text: string) => boolean): boolean {
    return this.#byStat(this.#texts, file, () => test(readFileSync(file, 'utf8'))) ?? false;
  }

  /** Writes the cache file if there is anything new. The last of several processes wins; losing costs time only. */
  save(): void {
    if (!this.#dirty) return;
    const digests = new Set([...this.#records.values()].map((record) => record.digest as string));
    const stored: StoredCache = {
      format: FORMAT,
      salt: this.#salt,
      ...this.#compactPaths(),
      facts: Object.fromEntries([...this.#facts].filter(([digest]) => digests.has(digest))),
      listings: Object.fromEntries(this.#listings),
      texts: Object.fromEntries(this.#texts),
    };
    writeFileAtomic(this.#file, JSON.stringify(stored));
    this.#dirty = false;
  }

  /** Records each path once. */
  #watcher(startedMs: number): (path: string, kind: 'file' | 'directory') => number {
    const watched = new Map<string, number>();
    return (path, kind) => {
      const id = watched.get(`${kind} ${path}`) ?? this.#watch(path, kind, startedMs);
      watched.set(`${kind} ${path}`, id);
      return id;
    };
  }

  #look(path: string): PathStat | undefined {
    if (!this.#looks.has(path)) this.#looks.set(path, statPath(path));
    return this.#looks.get(path);
  }

  #allUnchanged(ids: Iterable<number>): boolean {
    for (const id of ids) {
      this.#unchanged[id] ??= this.#isUnchanged(id);
      if (!this.#unchanged[id]) return false;
    }
    return true;
  }

  #isUnchanged(id: number): boolean {
    const [path, stat, listing] = this.#paths[id] ?? ['', UNSETTLED];
    if (sameStat(this.#look(path), fromStored(stat))) return true;
    // A directory's stat changes whenever an editor saves a file in it: what counts is the list.
    return listing !== undefined && this.#listingDigest(path) === listing;
  }

  /** Records how a path looks now, and forgets whatever was made when it looked otherwise. */
  #watch(path: string, kind: 'file' | 'directory', startedMs: number): number {
    this.#looks.delete(path);
    const now = toStored(this.#look(path), startedMs);
    const listing = kind === 'directory' ? this.#listingDigest(path) : undefined;
    const name = `${kind} ${path}`;
    const id = this.#ids.get(name) ?? this.#paths.length;
    const [, before, listingBefore] = this.#paths[id] ?? [];
    const same = listing === undefined ? sameStored(before, now) : listing === listingBefore;
    if (before !== undefined && !same) this.#forgetUsersOf(id);
    this.#paths[id] = listing === undefined ? [path, now] : [path, now, listing];
    this.#ids.set(name, id);
    this.#unchanged[id] = true;
    return id;
  }

  #forgetUsersOf(id: number): void {
    for (const [key, record] of this.#records) {
      if (record.paths.includes(id)) this.#records.delete(key);
    }
  }

  /** Where an alias may mean a directory there may be a file, which lists nothing. */
  #listingDigest(directory: string): string {
    const { files = [], directories = [] } =
      this.#look(directory)?.isDirectory === true ? (this.listing(directory) ?? {}) : {};
    const names = directories.includes('node_modules') ? ['node_modules', ...files] : files;
    return sha256(names.join('/')).slice(0, 16);
  }

  #byStat<T>(
    known: Map<string, readonly [StoredStat, T]>,
    path: string,
    make: () => T,
  ): T | undefined {
    const stat = this.#look(path);
    if (stat === undefined) return undefined;
    const entry = known.get(path);
    if (entry !== undefined && sameStat(stat, fromStored(entry[0]))) return entry[1];
    const startedMs = Date.now();
    const value = make();
    known.set(path, [toStored(stat, startedMs), value]);
    this.#dirty = true;
    return value;
  }

  /** Numbers the paths anew, so that those nobody refers to are left out. */
  #compactPaths(): Pick<StoredCache, 'paths' | 'shared' | 'records'> {
    const paths: StoredPath[] = [];
    const renumbered = new Map<number, number>();
    const renumber = (id: number): number => {
      const known = renumbered.get(id);
      if (known !== undefined) return known;
      renumbered.set(id, paths.length);
      return paths.push(this.#paths[id] ?? ['', UNSETTLED]) - 1;
    };
    const shared = [...this.#shared].map(renumber);
    const records = [...this.#records].map(
      ([key, record]) => [key, { ...record, paths: record.paths.map(renumber) }] as const,
    );
    return { paths, shared, records: Object.fromEntries(records) };
  }
}

function readStored(file: string, salt: string): StoredCache | undefined {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredCache;
    return stored.format === FORMAT && stored.salt === salt ? stored : undefined;
  } catch {
    return undefined;
  }
}

function toStored(stat: FileStat | undefined, readAtMs: number): StoredStat {
  if (stat === undefined) return null;
  if (!isSettled(stat, readAtMs)) return UNSETTLED;
  return [stat.sizeBytes, stat.mtimeMs, stat.ctimeMs, stat.inode];
}

function fromStored(stored: StoredStat): FileStat | undefined {
  if (stored === null) return undefined;
  const [sizeBytes, mtimeMs, ctimeMs, inode] = stored;
  return { sizeBytes, mtimeMs, ctimeMs, inode };
}

function sameStored(a: StoredStat | undefined, b: StoredStat): boolean {
  return a !== undefined && sameStat(fromStored(a), fromStored(b));
}
