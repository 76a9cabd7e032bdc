// The code of a file for as long as nothing that it was made from has changed. All that a run needs in which nothing has:
// the bundler and what surrounds it are behind an import that only stale code reaches.

import { join } from 'node:path';

import type { UsageError } from '../../model/errors.ts';
import type { Digest } from '../../model/ids.ts';
import { statPath } from '../file-stat.ts';
import type { LoadBundler } from './code-bundle.ts';
import type { CodeCache } from './code-cache.ts';
import type { CodeEntry } from './code-closure.ts';

/** Code that is up to date. */
export interface CurrentCode {
  readonly digest: Digest;
  /** Absolute path. */
  readonly bundle: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** Where code is remembered, and who brings it up to date. */
export interface ClosureContext {
  readonly cache: CodeCache;
  readonly cacheDirectory: string;
  readonly loadBundler: LoadBundler;
}

/** Returns the code of `file` if nothing that it was made from has changed; loads nothing. */
export function currentCode(
  file: string,
  { cache, cacheDirectory }: ClosureContext,
): CurrentCode | undefined {
  const record = cache.fresh(file);
  if (record === undefined) return undefined;
  const bundle = bundlePath(record.digest, cacheDirectory);
  // The cache directory may be cleaned at any time, also in part.
  if ((statPath(bundle)?.sizeBytes ?? 0) === 0) return undefined;
  return { digest: record.digest, packages: record.packages, bundle };
}

/** Brings stale code up to date; see `bundleStale`. */
export async function updateCode(
  entries: readonly CodeEntry[],
  context: ClosureContext,
): Promise<ReadonlyMap<string, UsageError>> {
  const { bundleStale } = await import('./code-closure.ts');
  return bundleStale(entries, context);
}

/** Loads the real bundler. */
export async function loadEsbuild(): ReturnType<LoadBundler> {
  const { build } = await import('esbuild');
  return build;
}

/** Tells where the bundle of some code lies. */
export function bundlePath(code: Digest, cacheDirectory: string): string {
  return join(cacheDirectory, 'bundles', `${code}.mjs`);
}
