// Bundles build scripts and acc.config.ts, and remembers the bundle for as long as no file it came from has changed.
// Unaware of what scripts do; the caller imports the bundle.

import { join } from 'node:path';

import type { Digest } from '../model/ids.ts';
import { KEY_VERSION } from '../model/manifest.ts';
import type { LoadBundler } from './code/code-bundle.ts';
import { CodeCache } from './code/code-cache.ts';
import { currentCode, loadEsbuild, updateCode } from './code/current-code.ts';
import { linkEngine } from './code/package-links.ts';

/** A script, bundled. */
export interface ScriptBundle {
  /** Absolute path of the source file. */
  readonly file: string;
  /** Absolute path of the bundle to import; another content has another path. Its source map lies beside it. */
  readonly bundle: string;
  readonly digest: Digest;
}

/** All paths are absolute. */
export interface BundleScriptOptions {
  readonly file: string;
  /** In a configuration `acc-engine` means `defineConfig` alone, so that the engine is not loaded to read it. */
  readonly kind: 'script' | 'configuration';
  readonly projectDirectory: string;
  readonly cacheDirectory: string;
  readonly engineDirectory: string;
  readonly engineVersion: string;
  /** esbuild unless given. */
  readonly loadBundler?: LoadBundler;
}

/** Bundles a script unless the cache is right about it. Rejects with `UsageError` when it cannot be bundled. */
export async function bundleScript(options: BundleScriptOptions): Promise<ScriptBundle> {
  const { file, projectDirectory, cacheDirectory, engineDirectory, engineVersion } = options;
  linkEngine(cacheDirectory, engineDirectory);
  const salt = `${KEY_VERSION} ${engineVersion} ${engineDirectory} ${projectDirectory}`;
  const cache = CodeCache.open(join(cacheDirectory, 'scripts.json'), salt);
  const context = { cache, cacheDirectory, loadBundler: options.loadBundler ?? loadEsbuild };
  if (currentCode(file, context) === undefined) {
    const kind = options.kind === 'script' ? 'code' : 'configuration';
    const errors = await updateCode([{ file, rootDirectory: projectDirectory, kind }], context);
    const error = errors.get(file);
    if (error !== undefined) throw error;
    cache.save();
  }
  const current = currentCode(file, context);
  if (current === undefined) throw new Error(`Internal error: ${file} is still stale`);
  return { file, bundle: current.bundle, digest: current.digest };
}
