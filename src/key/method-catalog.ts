// Which methods there are, and each one's code and shape, from the cache as long as no file they came from changed.

import type { UsageError } from '../model/errors.ts';
import type { MethodCode, MethodShape } from '../model/method-shape.ts';

/** A method that was found, without regard to whether it can be loaded. */
export interface MethodSource {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** True when it is shipped with the engine. */
  readonly standard: boolean;
}

/** A method that can be run. */
export interface Method {
  readonly ok: true;
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
}

/** The methods of a project. Each file is looked at once per catalog: a run sees one state of the code. */
export class MethodCatalog {
  readonly #options: MethodCatalogOptions;

  private constructor(options: MethodCatalogOptions) {
    this.#options = options;
  }

  /** Opens the catalog; makes `.acc/node_modules/acc-engine` point to the running engine. */
  static open(options: MethodCatalogOptions): MethodCatalog {
    return new MethodCatalog(options);
  }

  /** Lists all methods by name. Throws `UsageError` when two files claim one name. */
  sources(): readonly MethodSource[] {
    throw new Error(this.#options.cacheDirectory);
  }

  /** Returns one method's source; throws `UsageError` with the nearest name when there is none. */
  source(name: string): MethodSource {
    throw new Error(this.#options.cacheDirectory + name);
  }

  /** Returns the method if the cache is right about it; `undefined` when it must be loaded. Loads no code. */
  cached(name: string): Method | undefined {
    throw new Error(this.#options.cacheDirectory + name);
  }

  /**
   * Returns the methods of these names, bundling what is stale in one step.
   * Calls made in the same turn of the event loop share that step. Rejects with `UsageError` for unknown names.
   */
  load(names: readonly string[]): Promise<ReadonlyMap<string, Method | BrokenMethod>> {
    throw new Error(this.#options.cacheDirectory + names.join());
  }

  /** Writes the cache if something was learnt. Losing it costs time only. */
  save(): void {
    throw new Error(this.#options.cacheDirectory);
  }
}
