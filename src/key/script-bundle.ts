// Bundles build scripts and acc.config.ts, and remembers the bundle as long as no file it came from changed.

import type { Digest } from '../model/ids.ts';

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
}

/** Bundles a script unless the cache is right about it. Rejects with `UsageError` when it cannot be bundled. */
export function bundleScript(options: BundleScriptOptions): Promise<ScriptBundle> {
  throw new Error(options.file);
}
