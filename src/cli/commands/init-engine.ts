// What the package.json of a new project asks for, so that `npm install` finds the engine that made the project.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { enginePackage } from '../project/engine-package.ts';

/**
 * The version of the running engine if it came from a registry; otherwise where it came from: `file:` with the path of
 * a tarball or directory, relative to `project`, or an address as npm keeps it.
 */
export function engineSpec(project: string): string {
  const { directory, version } = enginePackage();
  const modules = dirname(directory);
  if (basename(modules) !== 'node_modules') return fileSpec(project, directory);
  const origin = originIn(join(modules, '.package-lock.json'));
  if (origin === undefined || /^https?:/u.test(origin)) return version;
  if (!origin.startsWith('file:')) return origin;
  return fileSpec(project, resolve(dirname(modules), origin.slice('file:'.length)));
}

/** Links are followed, as npm does: `..` is where a directory lies. */
function fileSpec(project: string, path: string): string {
  return `file:${relative(realPlace(project), path)}`;
}

function realPlace(directory: string): string {
  return existsSync(directory)
    ? realpathSync(directory)
    : join(realPlace(dirname(directory)), basename(directory));
}

/** Where npm says that it took the engine from; a lock file without registry addresses says nothing of these. */
function originIn(lockFile: string): string | undefined {
  if (!existsSync(lockFile)) return undefined;
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return packages?.['node_modules/acc-engine']?.resolved;
}
