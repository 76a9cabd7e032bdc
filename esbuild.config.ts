// Bundles src/ into dist/: the command, the public API and the worker, with what they share in common chunks.
// Start-up time decides over the cut: whatever every run needs comes in a few files, because Node takes about a third
// of a millisecond for each, and the rest stays in chunks that are loaded when they are asked for.

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** What a run in which nothing has changed loads, whatever it builds. */
const HOT = ['src/cli/dispatch.ts', 'src/cli/commands/run.ts'].map((path) => resolve(ROOT, path));
/** Code that never runs in a worker: there the hot chunks would be loaded for nothing. */
const MAIN_THREAD = /\/src\/(?:cli|urd|engine|key|store|report)\//u;

await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/main.ts', 'src/index.ts', 'src/worker.ts', 'src/scan-worker.ts'],
  outdir: 'dist',
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['esbuild', 'piscina'],
  loader: { '.sql': 'text' },
  minify: true,
  legalComments: 'linked',
  logLevel: 'warning',
  // Bundled CommonJS packages ask for Node's modules with require(), and better-sqlite3 for its native half.
  banner: {
    js: "const require=process.getBuiltinModule('node:module').createRequire(import.meta.url);",
  },
  plugins: [keepHotTogether(), builtinsByCall()],
});

/**
 * The bundler puts modules into one chunk that are used by the same entries, and every dynamic import is an entry:
 * left alone, it cuts the hot modules into some forty files. Here all dynamic imports of the main thread count as
 * users of all hot modules, which costs nothing, as those are loaded by then.
 */
function keepHotTogether(): Plugin {
  return {
    name: 'keep-hot-together',
    setup(bundler) {
      bundler.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        const target = resolve(dirname(importer), path);
        if (kind !== 'dynamic-import' || !MAIN_THREAD.test(importer)) return undefined;
        return { path: target, namespace: 'after-hot' };
      });
      bundler.onLoad({ filter: /./, namespace: 'after-hot' }, ({ path }) => ({
        contents: [
          ...HOT.map((hot) => `import ${JSON.stringify(hot)};`),
          `export * from ${JSON.stringify(path)};`,
        ].join('\n'),
        resolveDir: dirname(path),
      }));
    },
  };
}

/**
 * Importing one of Node's modules makes a module of it in which every export has been asked for: for `fs` that loads
 * the streams. Here each import asks for what it names, and nothing else.
 */
function builtinsByCall(): Plugin {
  return {
    name: 'builtins-by-call',
    setup(bundler) {
      bundler.onResolve({ filter: /^node:/ }, ({ path, namespace, kind }) =>
        namespace === 'builtin' || kind === 'require-call'
          ? { path, external: true }
          : { path, namespace: 'builtin', sideEffects: false },
      );
      bundler.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
        contents: [
          `const builtin = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)});`,
          ...Object.keys(process.getBuiltinModule(path) ?? {})
            .filter((name) => /^[a-z_$][\w$]*$/iu.test(name) && name !== 'default')
            .map((name) => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`),
          'export default builtin;',
        ].join('\n'),
      }));
    },
  };
}
