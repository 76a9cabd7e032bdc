// Finds methods in directories. A file is a method by what it says: helpers may lie beside methods and below them.
// Unaware of what methods do: a broken one is found like any other.

import { realpathSync } from 'node:fs';
import { basename, extname, join, sep } from 'node:path';

import { UsageError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { didYouMean } from '../util/nearest.ts';
import type { CodeCache } from './code/code-cache.ts';

/** A method that was found, without regard to whether it can be loaded. */
export interface MethodSource {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** True when it is shipped with the engine. */
  readonly standard: boolean;
}

/** A directory to look in. Absolute path. */
export interface MethodDirectory {
  readonly path: string;
  /** Shipped with the engine: only its top level counts, because the engine's own project keeps its methods below. */
  readonly standard: boolean;
}

const METHOD_FILE = /^[^_.].*(?<!\.d)\.(?:ts|mts|js|mjs)$/;
const DEFAULT_EXPORT = /\bexport\s+default\b|\bas\s+default\b|\bexport\s*\{\s*default\b/;

/** The methods below some directories. Looks at file names first, and into files only where that is needed. */
export class MethodSources {
  readonly #cache: CodeCache;
  readonly #candidates = new Map<string, MethodSource[]>();
  readonly #directories: readonly MethodDirectory[];

  /** Lists the directories, in this order; one that does not exist holds nothing. */
  constructor(directories: readonly MethodDirectory[], cache: CodeCache) {
    this.#cache = cache;
    this.#directories = directories;
    const seen = new Set<string>();
    for (const directory of directories) this.#list(directory, seen);
  }

  /** Lists all methods by name. Throws `UsageError` when two files claim one name. */
  all(): readonly MethodSource[] {
    const problems: Problem[] = [];
    const found: MethodSource[] = [];
    for (const name of [...this.#candidates.keys()].toSorted()) {
      const [first, ...others] = this.#methodsNamed(name);
      if (first === undefined) continue;
      found.push(first);
      for (const other of others) problems.push(duplicate(first, other));
    }
    if (problems.length > 0) throw new UsageError(problems);
    return found;
  }

  /** Returns the method of this name. Throws `UsageError` when there is none, or more than one. */
  named(name: string): MethodSource {
    const [first, second] = this.#methodsNamed(name);
    if (first === undefined) throw new UsageError(this.#unknown(name));
    if (second !== undefined) throw new UsageError(duplicate(first, second));
    return first;
  }

  /** Returns the file that must hold the method if there is one; `undefined` when only the texts of files can tell. */
  onlyCandidate(name: string): MethodSource | undefined {
    const [first, second] = this.#candidates.get(name) ?? [];
    return second === undefined ? first : undefined;
  }

  #list({ path, standard }: MethodDirectory, seen: Set<string>): void {
    const listing = this.#cache.listing(path);
    if (listing === undefined || !isNew(realpathSync.native(path), seen)) return;
    for (const fileName of listing.files) {
      if (!METHOD_FILE.test(fileName)) continue;
      const name = basename(fileName, extname(fileName));
      const candidates = this.#candidates.get(name) ?? [];
      candidates.push({ name, file: path + sep + fileName, standard });
      this.#candidates.set(name, candidates);
    }
    if (standard) return;
    for (const directory of listing.directories) {
      if (directory === 'node_modules' || directory.startsWith('_')) continue;
      this.#list({ path: join(path, directory), standard }, seen);
    }
  }

  #methodsNamed(name: string): readonly MethodSource[] {
    const candidates = this.#candidates.get(name) ?? [];
    return candidates.filter(({ file }) => this.#cache.hasText(file, looksLikeMethod));
  }

  #unknown(name: string): Problem {
    const [candidate] = this.#candidates.get(name) ?? [];
    const problem = {
      code: 'unknown_method',
      message: `There is no method "${name}"`,
      token: name,
    };
    if (candidate !== undefined) {
      return {
        ...problem,
        hint: `${candidate.file} has no default export made with \`defineMethod\`.`,
      };
    }
    const known = this.all().map((source) => source.name);
    const absent = this.#directories.filter(({ path }) => this.#cache.listing(path) === undefined);
    const all = [
      ...absent.map(({ path }) => `There is no directory ${path} to find methods in.`),
      `The methods are: ${known.join(', ') || 'none'}.`,
    ];
    return { ...problem, hint: didYouMean(name, known, all.join(' ')) };
  }
}

/** A directory is seen once, however many links lead to it; one may lead back to where it lies. */
function isNew(realPath: string, seen: Set<string>): boolean {
  if (seen.has(realPath)) return false;
  seen.add(realPath);
  return true;
}

function looksLikeMethod(text: string): boolean {
  return text.includes('defineMethod') && DEFAULT_EXPORT.test(text);
}

function duplicate(first: MethodSource, second: MethodSource): Problem {
  return {
    code: 'duplicate_method',
    message: `Two files define the method "${first.name}": ${first.file} and ${second.file}`,
    hint: 'Rename one of them: method names are unique, also across sub-directories and standard methods.',
    where: { file: second.file, line: 1, column: 1, length: 1 },
  };
}
