// Finds packages the way Node does, and says exactly what is installed: version and lock-file integrity.
// Remembers every path it looked at, present or absent, because a change there can change the answer.

import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

import { sha256 } from '../../util/sha256.ts';
import { statPath } from '../file-stat.ts';

/** The members of package.json that are read here. */
interface PackageFile {
  readonly name?: string;
  readonly version?: string;
  readonly sideEffects?: unknown;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What a lock file knows of a package. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}

/** An installed package. */
export interface InstalledPackage {
  /** With symlinks resolved. */
  readonly directory: string;
  readonly name: string;
  /** Its version, and in what exact form where a lock file knows: `7.9.0 #3fa9c1d2e4b5`. */
  readonly version: string;
  /** False when the package declares that importing it does nothing by itself. */
  readonly sideEffects: boolean;
  /** True when it does not lie in a `node_modules`: a workspace link, or the project itself. */
  readonly isOwnSource: boolean;
}

/** Written by package managers at each install: a change there can put another package in the way. */
const INSTALL_MARKS = [
  'node_modules/.package-lock.json',
  'node_modules/.modules.yaml',
  'node_modules/.yarn-integrity',
  'node_modules/.yarn-state.yml',
  'package-lock.json',
  'npm-shrinkwrap.json',
];

/** Dependencies with no code that runs in a job: types, what fetches a binary at install, and the engine itself. */
const NEVER_RUNS = /^(?:@types\/.*|prebuild-install|acc-engine)$/u;

/** The packages that are installed around the project. Answers are remembered: use one for one look at the disk. */
export class InstalledPackages {
  readonly #found = new Map<string, InstalledPackage | undefined>();
  readonly #files = new Map<string, PackageFile | undefined>();
  readonly #locks = new Map<string, Readonly<Record<string, LockedPackage>>>();
  readonly #looked = new Set<string>();

  /** Finds the package `name` for an import from `directory`; `undefined` when it is not installed. */
  find(name: string, directory: string): InstalledPackage | undefined {
    const key = `${name}\0${directory}`;
    if (!this.#found.has(key)) this.#found.set(key, this.#search(name, directory));
    return this.#found.get(key);
  }

  /**
   * Names `packages` and all they depend on to run, as installed, with their versions; the engine never counts.
   * A name that is installed in several versions has them all: `1.0.2, 2.1.0`.
   */
  closure(packages: Iterable<InstalledPackage>): Record<string, string> {
    const seen = new Set<string>();
    const versions = new Map<string, Set<string>>();
    const queue = [...packages];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next.directory)) continue;
      seen.add(next.directory);
      versions.set(next.name, (versions.get(next.name) ?? new Set()).add(next.version));
      queue.push(...this.#dependencies(next));
    }
    const sorted = [...versions].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([name, all]) => [name, [...all].toSorted().join(', ')]));
  }

  /** Returns every path that was looked at since the object was made, whether or not something was there. */
  looked(): readonly string[] {
    return [...this.#looked];
  }

  #search(name: string, directory: string): InstalledPackage | undefined {
    for (let at = directory; ; at = dirname(at)) {
      if (basename(at) !== 'node_modules') {
        const candidate = join(at, 'node_modules', name);
        if (this.#packageFile(candidate) !== undefined) return this.#describe(candidate, name);
      }
      if (dirname(at) === at) return this.#self(name, directory);
    }
  }

  /** A package may import itself by its own name if it has `exports`. */
  #self(name: string, directory: string): InstalledPackage | undefined {
    for (let at = directory; ; at = dirname(at)) {
      const file = this.#packageFile(at);
      if (file !== undefined) {
        return file.name === name && file.exports !== undefined
          ? this.#describe(at, name)
          : undefined;
      }
      if (dirname(at) === at) return undefined;
    }
  }

  #describe(linked: string, name: string): InstalledPackage {
    const directory = realpathSync(linked);
    const file = this.#packageFile(directory);
    const version = file?.version ?? '0.0.0';
    const exact = this.#exactForm(directory, version);
    return {
      directory,
      name,
      version: exact === undefined ? version : `${version} #${exact}`,
      sideEffects: file?.sideEffects !== false,
      isOwnSource: !directory.split(sep).includes('node_modules'),
    };
  }

  /** Reads package.json of a directory; `undefined` when there is none or it is not JSON. */
  #packageFile(directory: string): PackageFile | undefined {
    if (!this.#files.has(directory)) {
      this.#files.set(
        directory,
        this.#readJson(join(directory, 'package.json')) as PackageFile | undefined,
      );
    }
    return this.#files.get(directory);
  }

  /** Shortens what the lock file says of the package's content; `undefined` when no lock file knows it. */
  #exactForm(directory: string, version: string): string | undefined {
    const inside = directory.indexOf(`${sep}node_modules${sep}`);
    if (inside === -1) return undefined;
    const root = directory.slice(0, inside);
    const locked = this.#lock(root)[relative(root, directory).split(sep).join('/')];
    const content = locked?.integrity ?? locked?.resolved;
    if (content === undefined || locked?.version !== version) return undefined;
    return sha256(content).slice(0, 12);
  }

  /** npm's record of what it installed, or else of what it would install. */
  #lock(root: string): Readonly<Record<string, LockedPackage>> {
    const known = this.#locks.get(root);
    if (known !== undefined) return known;
    for (const mark of INSTALL_MARKS) this.#looked.add(join(root, mark));
    type Lock = { readonly packages?: Readonly<Record<string, LockedPackage>> };
    const lock = (this.#readJson(join(root, 'node_modules/.package-lock.json')) ??
      this.#readJson(join(root, 'package-lock.json'))) as Lock | undefined;
    const packages = lock?.packages ?? {};
    this.#locks.set(root, packages);
    return packages;
  }

  #dependencies(of: InstalledPackage): InstalledPackage[] {
    const file = this.#packageFile(of.directory);
    const names = [file?.dependencies, file?.optionalDependencies, file?.peerDependencies].flatMap(
      (group) => Object.keys(group ?? {}),
    );
    return names
      .filter((name) => !NEVER_RUNS.test(name))
      .map((name) => this.find(name, of.directory))
      .filter((found) => found !== undefined);
  }

  #readJson(path: string): unknown {
    this.#looked.add(path);
    if (statPath(path) === undefined) return undefined;
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      return undefined;
    }
  }
}
