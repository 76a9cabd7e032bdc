// Where the running engine lies: the package directory with its version and the methods shipped inside.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Project } from '../../model/project.ts';

/** The package that is running. Paths are absolute. */
export interface EnginePackage {
  readonly directory: string;
  readonly version: string;
  readonly standardMethods: string;
}

let found: EnginePackage | undefined;

/** Finds the package: the nearest directory upwards with a package.json, from `dist` as from `src`. */
export function enginePackage(): EnginePackage {
  found ??= find(import.meta.dirname);
  return found;
}

/** What the key room needs to know to bundle something of a project. */
export interface BundlePlace {
  readonly projectDirectory: string;
  readonly cacheDirectory: string;
  readonly engineDirectory: string;
  readonly engineVersion: string;
}

/** Where bundles of a project go, and which engine they are for. */
export function bundlePlace(project: Pick<Project, 'root' | 'cacheDirectory'>): BundlePlace {
  const { directory, version } = enginePackage();
  return {
    projectDirectory: project.root,
    cacheDirectory: project.cacheDirectory,
    engineDirectory: directory,
    engineVersion: version,
  };
}

function find(start: string): EnginePackage {
  let directory = start;
  while (!existsSync(join(directory, 'package.json'))) {
    if (dirname(directory) === directory) {
      throw new Error(`Internal error: no package.json above ${start}`);
    }
    directory = dirname(directory);
  }
  const text = readFileSync(join(directory, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { directory, version, standardMethods: join(directory, 'methods') };
}
