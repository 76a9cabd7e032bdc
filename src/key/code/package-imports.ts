// Decides for every bare import of a bundle whether it stays outside as a package or is bundled as own source.
// A package that resolves differently where the bundle will lie is imported under an alias, `NAME@VERSION`.

import { isBuiltin } from 'node:module';
import { join } from 'node:path';

import type { OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';

import type { InstalledPackage, InstalledPackages } from './installed-packages.ts';
import { linkPackage } from './package-links.ts';
import { packageNameOf } from './package-name.ts';

/** What the decision depends on. */
export interface PackageImports {
  /** Absolute path; bundles lie in its `bundles`. */
  readonly cacheDirectory: string;
  readonly installed: InstalledPackages;
  /** Filled by the plugin: the packages that stay outside, by the specifier they are imported with. */
  readonly packages: Map<string, InstalledPackage>;
}

const BARE_IMPORT = /^[^./#]/;

/** Makes the plugin that keeps packages outside. The engine is always outside and is not counted. */
export function packagePlugin(imports: PackageImports): Plugin {
  return {
    name: 'acc-packages',
    setup(build) {
      build.onResolve({ filter: BARE_IMPORT }, (args) => resolveImport(args, imports));
    },
  };
}

/** Makes the plugin that replaces the engine by `defineConfig` alone. */
export function configurationPlugin(): Plugin {
  return {
    name: 'acc-configuration',
    setup(build) {
      build.onResolve({ filter: /^acc-engine$/ }, ({ path }) => ({ path, namespace: 'acc' }));
      build.onLoad({ filter: /^/, namespace: 'acc' }, () => ({
        contents: 'export const defineConfig = (config) => config;',
      }));
    },
  };
}

/** Leaves to esbuild what is not a package in `node_modules`: files, built-ins, workspace links and path aliases. */
function resolveImport(args: OnResolveArgs, imports: PackageImports): OnResolveResult | undefined {
  if (args.kind === 'entry-point' || args.namespace !== 'file' || isBuiltin(args.path)) return;
  const name = packageNameOf(args.path);
  if (name === 'acc-engine') return { path: args.path, external: true, sideEffects: false };
  const found = imports.installed.find(name, args.resolveDir);
  if (found === undefined || found.isOwnSource) return;
  const specifier = specifierOf(args.path, found, imports);
  imports.packages.set(specifier, found);
  return { path: specifier, external: true, sideEffects: found.sideEffects };
}

/** The specifier that leads from the bundle to the same package. */
function specifierOf(
  path: string,
  found: InstalledPackage,
  { cacheDirectory, installed }: PackageImports,
): string {
  const seen = installed.find(found.name, join(cacheDirectory, 'bundles'));
  if (seen?.directory === found.directory) return path;
  const alias = `${found.name}@${found.version.split(' ')[0]}`;
  linkPackage({ name: alias, target: found.directory, cacheDirectory });
  return alias + path.slice(found.name.length);
}
