// The methods of a project as build calls need them: found, usable, and as their code is now.

import type { LoadedMethod, MethodCatalog } from '../key/method-catalog.ts';
import { UsageError } from '../model/errors.ts';

/** A method that can be built. */
export type UsableMethod = Pick<LoadedMethod, 'code' | 'shape'>;

/** Looks methods up by name. */
export class MethodLookup {
  readonly #catalog: MethodCatalog;

  constructor(catalog: MethodCatalog) {
    this.#catalog = catalog;
  }

  /** Returns a method whose cached facts still hold, without loading any code; `undefined` when it must be loaded. */
  cached(name: string): UsableMethod | undefined {
    return this.#catalog.cached(name);
  }

  /** Returns a method, bundling it if need be. Rejects with `UsageError` when it is unknown or broken. */
  async load(name: string): Promise<UsableMethod> {
    const method = (await this.#catalog.load([name])).get(name);
    if (method === undefined) throw new Error(`Internal error: no method ${name} after loading it`);
    if (!method.ok) throw method.error;
    return method;
  }

  /** A method as it is now; `undefined` when there is none of that name or it is broken. */
  async current(name: string): Promise<UsableMethod | undefined> {
    try {
      return this.cached(name) ?? (await this.load(name));
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }
}
