// Reads what tsconfig.json and jsconfig.json say about where imports lead, and names every file that says it.
// Unaware of which of several configurations decides: naming a place too many costs one look at it, one too few a stale hit.

import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import type { InstalledPackages } from './installed-packages.ts';
import { packageNameOf } from './package-name.ts';

/** The members of a configuration that are looked at. */
interface CompilerConfig {
  readonly extends?: unknown;
  readonly compilerOptions?: { readonly baseUrl?: unknown; readonly paths?: unknown };
}

/** A member of `paths`: `@lib/*` and the places it may stand for, as absolute paths. */
interface Alias {
  readonly pattern: string;
  readonly targets: readonly string[];
}

/** A configuration with all that it extends. */
interface ConfigChain {
  /** Absolute paths, present or absent. */
  readonly files: readonly string[];
  readonly aliases: readonly Alias[];
}

const CONFIG_NAMES = ['tsconfig.json', 'jsconfig.json'];
/** A string, or what JSON does not have: comments, and commas after the last member. */
const STRING_OR_EXTRA = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=\s*[}\]])/g;

/** The configurations around some sources. Answers are remembered: use one for one look at the disk. */
export class CompilerConfigs {
  readonly #installed: InstalledPackages;
  readonly #chains = new Map<string, ConfigChain>();

  constructor(installed: InstalledPackages) {
    this.#installed = installed;
  }

  /** Lists the files that decide how the sources in `directory` itself are compiled: absolute paths, present or absent. */
  filesIn(directory: string): readonly string[] {
    return CONFIG_NAMES.flatMap((name) => this.#chain(join(directory, name)).files);
  }

  /** Lists the paths that an import of `specifier` from `directory` may mean; each may lack its extension. */
  candidates(specifier: string, directory: string): readonly string[] {
    const found = new Set<string>();
    for (let at = directory; ; at = dirname(at)) {
      const chains = CONFIG_NAMES.map((name) => this.#chain(join(at, name)));
      for (const alias of chains.flatMap(({ aliases }) => aliases)) {
        for (const target of targetsOf(alias, specifier)) found.add(target);
      }
      if (dirname(at) === at) return [...found];
    }
  }

  #chain(file: string): ConfigChain {
    const known = this.#chains.get(file);
    if (known !== undefined) return known;
    const files = new Set<string>();
    const configs: (readonly [file: string, config: CompilerConfig])[] = [];
    this.#read(file, files, configs);
    const chain = { files: [...files], aliases: aliasesOf(configs, dirname(file)) };
    this.#chains.set(file, chain);
    return chain;
  }

  /** Reads a configuration and those it extends. */
  #read(file: string, files: Set<string>, configs: (readonly [string, CompilerConfig])[]): void {
    if (files.has(file)) return;
    files.add(file);
    const config = readConfig(file);
    if (config === undefined) return;
    configs.push([file, config]);
    for (const base of [config.extends].flat()) {
      if (typeof base !== 'string') continue;
      for (const path of this.#basePaths(base, dirname(file))) this.#read(path, files, configs);
    }
  }

  /** Lists the files that `extends` may mean. */
  #basePaths(base: string, directory: string): readonly string[] {
    if (/^\.{1,2}(?:\/|$)/.test(base) || isAbsolute(base)) {
      return withEndings(resolve(directory, base));
    }
    const name = packageNameOf(base);
    const found = this.#installed.find(name, directory);
    if (found === undefined) return [];
    const exported = exportedPath(base, directory);
    return [
      ...(exported === undefined ? [] : [exported]),
      ...(base === name ? declaredConfig(found.directory) : []),
      ...withEndings(join(found.directory, base.slice(name.length))),
    ];
  }
}

/** A base may be named without its ending, or by its directory. */
function withEndings(path: string): readonly string[] {
  if (path.endsWith('.json')) return [path];
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return [...(isDirectory ? [] : [path]), `${path}.json`, join(path, 'tsconfig.json')];
}

/** Where `exports` of a package lead; `undefined` where they do not name it, or nothing is there. */
function exportedPath(base: string, directory: string): string | undefined {
  try {
    const path = createRequire(join(directory, 'tsconfig.json')).resolve(base);
    return path.endsWith('.json') ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The configuration that package.json names in its member `tsconfig`. */
function declaredConfig(directory: string): readonly string[] {
  const file = readConfig(join(directory, 'package.json')) as { tsconfig?: unknown } | undefined;
  return typeof file?.tsconfig === 'string' ? withEndings(join(directory, file.tsconfig)) : [];
}

/** What cannot be read says nothing here: the bundler tells the author. */
function readConfig(file: string): CompilerConfig | undefined {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const json = text.replaceAll(STRING_OR_EXTRA, (part) => (part.startsWith('"') ? part : ''));
    const config: unknown = JSON.parse(json);
    return typeof config === 'object' && config !== null ? config : undefined;
  } catch {
    return undefined;
  }
}

/** Takes together what a configuration and its bases say; `baseUrl` makes every import an alias. */
function aliasesOf(
  configs: readonly (readonly [file: string, config: CompilerConfig])[],
  configDirectory: string,
): readonly Alias[] {
  const absolute = (path: string, from: string): string =>
    resolve(from, path.replace('${configDir}', configDirectory));
  const bases = configs.flatMap(([file, { compilerOptions }]) => {
    const { baseUrl } = compilerOptions ?? {};
    return typeof baseUrl === 'string' ? [absolute(baseUrl, dirname(file))] : [];
  });
  const ofPaths = configs.flatMap(([file, { compilerOptions }]) =>
    Object.entries(compilerOptions?.paths ?? {}).map(([pattern, targets]: [string, unknown]) => ({
      pattern,
      targets: [targets]
        .flat()
        .filter((target) => typeof target === 'string')
        .flatMap((target) => [dirname(file), ...bases].map((from) => absolute(target, from))),
    })),
  );
  return [...ofPaths, { pattern: '*', targets: bases.map((base) => join(base, '*')) }];
}

/** The places an alias gives for a specifier; none where it is about others. */
function targetsOf({ pattern, targets }: Alias, specifier: string): readonly string[] {
  const [before = '', after] = pattern.split('*', 2);
  if (after === undefined) return specifier === pattern ? targets : [];
  if (specifier.length < before.length + after.length) return [];
  if (!specifier.startsWith(before) || !specifier.endsWith(after)) return [];
  const part = specifier.slice(before.length, specifier.length - after.length);
  return targets.map((target) => target.replace('*', () => part));
}
