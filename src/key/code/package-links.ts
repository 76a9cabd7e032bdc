// Symlinks in `.acc/node_modules`, through which bundles find the running engine and packages that lie elsewhere.

import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { systemError } from '../../model/system-error.ts';

/** Names a link and the directory it is to lead to. Paths are absolute. */
export interface PackageLink {
  /** The package name by which bundles import it. */
  readonly name: string;
  readonly target: string;
  readonly cacheDirectory: string;
}

/** Makes `acc-engine`, imported by a bundle in `cacheDirectory`, mean the running engine. */
export function linkEngine(cacheDirectory: string, engineDirectory: string): void {
  linkPackage({ name: 'acc-engine', target: engineDirectory, cacheDirectory });
}

/** Makes the link by one atomic step unless it is right already. */
export function linkPackage({ name, target, cacheDirectory }: PackageLink): void {
  const path = join(cacheDirectory, 'node_modules', name);
  if (readLink(path) === target) return;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(temporary, { force: true });
    symlinkSync(target, temporary, 'dir');
    renameSync(temporary, path);
  } catch (error) {
    throw systemError(error, 'link', path);
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
