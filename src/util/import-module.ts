// Imports a module whose address is known only when the engine runs: a bundle of the user's code, a standard method.
// The one place that does. The program is a script from V8's cache, in which `import()` does not work, so this file
// is built into one of its own (esbuild.config.ts).

/** Imports the module at `url`, or takes the one that was imported before. */
export function importModule(url: string): Promise<object> {
  return import(url) as Promise<object>;
}
