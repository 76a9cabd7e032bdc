// Imports the bundle of a method. Node keeps a module for good, so each thread loads each code once,
// and once more for other values of the environment variables it declares: it may look at them while it loads.

import { pathToFileURL } from 'node:url';

import { importModule } from '../../util/import-module.ts';
import { sha256 } from '../../util/sha256.ts';

/** Values of the environment variables that a method declares, by name; `null` for one that is not set. */
export type DeclaredEnvironment = Readonly<Record<string, string | null>>;

/** Imports the bundle, an absolute path, as it loads in this environment. */
export async function importMethod(bundle: string, env: DeclaredEnvironment): Promise<object> {
  const url = pathToFileURL(bundle);
  if (Object.keys(env).length > 0) url.search = sha256(JSON.stringify(env)).slice(0, 16);
  return importModule(url.href);
}

/** The present values of some environment variables. */
export function environmentOf(names: readonly string[]): DeclaredEnvironment {
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? null]));
}

/** Sets environment variables to what a job's key says, whatever the script or an earlier job in this thread has set. */
export function setEnvironment(env: DeclaredEnvironment): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
}
