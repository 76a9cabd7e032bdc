// Writes the types of all methods, so that the compiler and the editor know names, inputs and results of builds.

import type { MethodSource } from './method-sources.ts';

/** All paths are absolute. */
export interface MethodTypesOptions {
  readonly sources: readonly MethodSource[];
  readonly cacheDirectory: string;
  readonly engineDirectory: string;
}

/** Writes `methods.d.ts` into the cache directory if it would differ; returns its path. */
export function writeMethodTypes(options: MethodTypesOptions): string {
  throw new Error(options.cacheDirectory);
}
