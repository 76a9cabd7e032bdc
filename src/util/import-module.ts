// Imports a module whose address is known only when the engine runs: a bundle of the user's code, a standard method.
// The one place that does. The program is a script from V8's cache, in which `import()` does not work, so this file
// is built into one of its own (esbuild.config.ts).

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.filename);

/** By URL. After a module could not be linked, Node 20 says nothing useful about it any more. */
const failures = new Map<string, unknown>();

/** Imports the module at a `file:` URL, or takes the one that was imported before. */
export async function importModule(url: string): Promise<object> {
  // `require` takes two milliseconds less, but knows no queries.
  if (url.includes('?')) return (await import(url)) as object;
  if (failures.has(url)) throw failures.get(url);
  try {
    return require(fileURLToPath(url)) as object;
  } catch (error) {
    if (isRefused(error)) return (await import(url)) as object;
    failures.set(url, error);
    throw error;
  }
}

/** Nothing of such a module has run yet: it waits for something while it loads, or must be imported by a loader. */
function isRefused(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_REQUIRE_') || code === 'ERR_UNKNOWN_FILE_EXTENSION';
}
