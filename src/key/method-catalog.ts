// Which methods there are, and each one's code and shape: from the cache for as long as no file they came from
// has changed, else bundled and described anew. All that is stale is bundled in one step, asked for or not.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import type { UsageError } from '../model/errors.ts';
import { KEY_VERSION } from '../model/manifest.ts';
import type { Equivalence, MethodCode, MethodShape } from '../model/method-shape.ts';
import type { LoadBundler } from './code/code-bundle.ts';
import { CodeCache } from './code/code-cache.ts';
import { currentCode, loadEsbuild, updateCode } from './code/current-code.ts';
import type { CurrentCode } from './code/current-code.ts';
import { linkEngine } from './code/package-links.ts';
import { MethodSources } from './method-sources.ts';
import type { MethodSource } from './method-sources.ts';

/** A method that can be run. */
export interface LoadedMethod {
  readonly ok: true;
  readonly source: MethodSource;
  readonly code: MethodCode;
  readonly shape: MethodShape;
}

/** A method whose module cannot be bundled or whose definition is refused. It breaks only its own builds. */
export interface BrokenMethod {
  readonly ok: false;
  readonly source: MethodSource;
  readonly error: UsageError;
}

/** Imports a bundle and returns its definition as data. Rejects with the reason when there is none. */
export type DescribeMethod = (bundle: string, source: MethodSource) => Promise<MethodShape>;

/** Where a catalog looks, and who it asks. All paths are absolute. */
export interface MethodCatalogOptions {
  readonly projectDirectory: string;
  /** Searched in this order. */
  readonly methodDirectories: readonly string[];
  /** The methods shipped with the engine; searched last, and not twice when the project is the engine's own. */
  readonly standardDirectory: string;
  /** `.acc` */
  readonly cacheDirectory: string;
  /** Package directory of the running engine: what `acc-engine` means to bundles. */
  readonly engineDirectory: string;
  /** A cache written by another version of the engine is not used. */
  readonly engineVersion: string;
  readonly describe: DescribeMethod;
  /** esbuild unless given. */
  readonly loadBundler?: LoadBundler;
}

/** What is known of a digest without importing the bundle. */
interface MethodFacts {
  readonly shape: MethodShape;
  readonly unsound: readonly string[];
  readonly equivalence?: Equivalence;
}

/** The methods of a project. Each file is looked at once per catalog: a run sees one state of the code. */
export class MethodCatalog {
  readonly #options: MethodCatalogOptions;
  readonly #cache: CodeCache;
  readonly #sources: MethodSources;
  readonly #loadBundler: LoadBundler;
  readonly #loaded = new Map<string, LoadedMethod | BrokenMethod>();
  /** Names asked for since the last step began; `undefined` while no step is planned. */
  #asked: Set<string> | undefined;
  #step: Promise<void> = Promise.resolve();

  private constructor(options: MethodCatalogOptions) {
    const { projectDirectory, cacheDirectory, engineDirectory, engineVersion } = options;
    const salt = `${KEY_VERSION} ${engineVersion} ${engineDirectory} ${projectDirectory}`;
    this.#options = options;
    this.#cache = CodeCache.open(join(cacheDirectory, 'methods.json'), salt);
    this.#sources = new MethodSources(
      [
        ...options.methodDirectories.map((path) => ({ path, standard: false })),
        { path: options.standardDirectory, standard: true },
      ],
      this.#cache,
    );
    this.#loadBundler = options.loadBundler ?? loadEsbuild;
  }

  /** Opens the catalog; makes `.acc/node_modules/acc-engine` lead to the running engine. */
  static open(options: MethodCatalogOptions): MethodCatalog {
    linkEngine(options.cacheDirectory, options.engineDirectory);
    return new MethodCatalog(options);
  }

  /** Lists all methods by name. Throws `UsageError` when two files claim one name. */
  sources(): readonly MethodSource[] {
    return this.#sources.all();
  }

  /** Returns one method's source. Throws `UsageError` with the nearest name when there is none. */
  source(name: string): MethodSource {
    return this.#sources.named(name);
  }

  /** Returns the method if nothing it was made from has changed; `undefined` when it must be loaded. Loads no code. */
  cached(name: string): LoadedMethod | undefined {
    const loaded = this.#loaded.get(name);
    if (loaded !== undefined) return loaded.ok ? loaded : undefined;
    // A file with fresh code is known to be a method, so its text need not be looked at.
    const candidate = this.#sources.onlyCandidate(name);
    const current = candidate && currentCode(candidate.file, this.#context());
    const source = current === undefined ? undefined : candidate;
    if (current === undefined || source === undefined) return undefined;
    const facts = this.#cache.facts(current.digest) as MethodFacts | undefined;
    if (facts === undefined) return undefined;
    const method = methodOf(source, current, facts);
    this.#loaded.set(name, method);
    return method;
  }

  /**
   * Returns the methods of these names; what is stale is bundled in one step, which calls made in the same turn
   * of the event loop share. Rejects with `UsageError` for names that no method has.
   */
  async load(names: readonly string[]): Promise<ReadonlyMap<string, LoadedMethod | BrokenMethod>> {
    for (const name of names) if (this.#needsLoading(name)) this.#sources.named(name);
    const missing = names.filter((name) => this.#needsLoading(name));
    if (missing.length > 0) await this.#plan(missing);
    return new Map(
      names.map((name) => {
        const loaded = this.#loaded.get(name);
        if (loaded === undefined) throw new Error(`Internal error: ${name} was not loaded`);
        return [name, loaded];
      }),
    );
  }

  /** Writes the cache if something was learnt. Losing it costs time only. */
  save(): void {
    this.#cache.save();
  }

  #needsLoading(name: string): boolean {
    return this.cached(name) === undefined && !this.#loaded.has(name);
  }

  /** Adds names to the next step, which begins when the present turn of the event loop is over. */
  #plan(names: readonly string[]): Promise<void> {
    if (this.#asked === undefined) {
      this.#asked = new Set();
      const turnOver = setImmediate();
      // A step that failed was told to those who waited for it, and does not stop the next one.
      this.#step = Promise.allSettled([this.#step, turnOver]).then(() => this.#loadAsked());
    }
    for (const name of names) this.#asked.add(name);
    return this.#step;
  }

  async #loadAsked(): Promise<void> {
    const names = [...(this.#asked ?? [])].filter((name) => this.#needsLoading(name));
    this.#asked = undefined;
    const sources = names.map((name) => this.#sources.named(name));
    const errors = await this.#bundle(sources);
    await Promise.all(
      sources.map(async (source) => {
        const error = errors.get(source.file);
        const loaded = error ? broken(source, error) : await this.#describe(source);
        this.#loaded.set(source.name, loaded);
      }),
    );
    this.#cache.save();
  }

  /** Bundles what is stale among `sources`, and with it every other stale method that was ever used. */
  async #bundle(sources: readonly MethodSource[]): Promise<ReadonlyMap<string, UsageError>> {
    const stale = sources.filter(({ file }) => currentCode(file, this.#context()) === undefined);
    if (stale.length === 0) return new Map();
    const known = new Set(this.#cache.staleKeys());
    const others = this.#sources.all().filter(({ file }) => known.has(file));
    const { projectDirectory, standardDirectory } = this.#options;
    const entries = [...new Set([...stale, ...others])].map(({ file, standard }) => ({
      file,
      rootDirectory: standard ? dirname(standardDirectory) : projectDirectory,
      kind: 'code' as const,
    }));
    return updateCode(entries, this.#context());
  }

  async #describe(source: MethodSource): Promise<LoadedMethod | BrokenMethod> {
    const current = currentCode(source.file, this.#context());
    if (current === undefined) throw new Error(`Internal error: ${source.file} is still stale`);
    const known = this.#cache.facts(current.digest) as MethodFacts | undefined;
    if (known !== undefined) return methodOf(source, current, known);
    try {
      const shape = await this.#options.describe(current.bundle, source);
      const facts: MethodFacts = {
        shape,
        unsound: await unsoundOf(current.bundle, shape.env),
        ...(await equivalence(current, shape)),
      };
      this.#cache.setFacts(current.digest, facts);
      return methodOf(source, current, facts);
    } catch (error) {
      const { describeError } = await import('./describe-error.ts');
      return broken(source, describeError(error, source, current.bundle));
    }
  }

  #context(): Parameters<typeof currentCode>[1] {
    const { cacheDirectory } = this.#options;
    return { cache: this.#cache, cacheDirectory, loadBundler: this.#loadBundler };
  }
}

function broken(source: MethodSource, error: UsageError): BrokenMethod {
  return { ok: false, source, error };
}

function methodOf(source: MethodSource, current: CurrentCode, facts: MethodFacts): LoadedMethod {
  const { digest, bundle, packages } = current;
  const { name, file } = source;
  const { shape, ...known } = facts;
  return { ok: true, source, code: { name, file, digest, bundle, packages, ...known }, shape };
}

async function equivalence(
  current: CurrentCode,
  { equivalentTo }: MethodShape,
): Promise<Pick<MethodFacts, 'equivalence'>> {
  if (equivalentTo.length === 0) return {};
  const { equivalenceOf } = await import('./code/equivalent-code.ts');
  const text = readFileSync(current.bundle, 'utf8');
  return { equivalence: equivalenceOf(text, current, equivalentTo) };
}

/** The parser is loaded only for a bundle that may need it. */
async function unsoundOf(bundle: string, env: readonly string[]): Promise<readonly string[]> {
  const text = readFileSync(bundle, 'utf8');
  const { mayBeUnsound, unsoundReasons } = await import('./code/unsound.ts');
  if (!mayBeUnsound(text)) return [];
  const { SourceMap } = await import('../util/source-map.ts');
  return unsoundReasons(text, new SourceMap(text, readFileSync(`${bundle}.map`, 'utf8')), env);
}
