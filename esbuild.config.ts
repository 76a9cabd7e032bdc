// Bundles src/ into dist/: the command, the public API and the worker, with what they share in common chunks.
//
// Start-up time decides over the form. All of it is CommonJS, because V8 can take compiled code from a cache for
// scripts but, in Node 20, not for modules, and because Node loads a module of its own in half the time. What every
// run needs is one script, the program, which the command (src/acc.ts) starts from such a cache; the rest stays in
// chunks that are loaded when they are asked for. The bundler can split only ES modules, so it makes those first.
//
//   acc.cjs           the command: starts the program
//   program-HASH.cjs  main.cjs, `acc run` and their chunks, as one script: an object of module functions by file name
//   index.js          the public API as an ES module: what api.cjs exports
//   worker.cjs        the entry of worker threads and processes
//   scan-worker.cjs   the entry of threads that look into datasets for a command
//   chunk-HASH.cjs    what several of them share, and what is loaded late

import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, transform } from 'esbuild';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(ROOT, 'dist');
const RUN = 'src/cli/commands/run.ts';
/** What a run in which nothing has changed loads, whatever it builds. */
const HOT = ['src/cli/dispatch.ts', RUN].map((path) => resolve(ROOT, path));
/** Code that never runs in a worker: there the hot chunks would be loaded for nothing. */
const MAIN_THREAD = /\/src\/(?:cli|urd|engine|key|store|report)\//u;
/** Has a file of its own: the program, as a script from a cache, cannot import modules by itself. */
const IMPORTER = 'src/util/import-module.ts';

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  define: {
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': 'moduleUrl',
  },
  logLevel: 'warning',
  write: false,
} as const satisfies BuildOptions;

/** One file of dist/. Names of files are relative to it. */
interface Chunk {
  readonly name: string;
  readonly text: string;
  /** Where its source begins, when it is not just what others share. */
  readonly entry: string | undefined;
  readonly exports: readonly string[];
  /** The chunks that are loaded with it. */
  readonly imports: readonly string[];
}

mkdirSync(DIST, { recursive: true });
const chunks = await bundleChunks();
for (const { name, text } of chunks) writeDist(name, text);
writeDist(basename(IMPORTER, '.ts') + '.cjs', await bundleScript(IMPORTER));
writeDist('index.js', apiModule(chunks));
const program = programScript(chunks);
const programName = `program-${createHash('sha256').update(program).digest('hex').slice(0, 16)}.cjs`;
writeDist(programName, program);
writeDist('acc.cjs', await bundleScript('src/acc.ts', { PROGRAM: JSON.stringify(programName) }));
chmodSync(join(DIST, 'acc.cjs'), 0o755);
linkCommand();

/**
 * Puts the command where npx looks first. Without it npx links this clone into its own cache, once, and from then on
 * starts the file that was the command that day.
 */
function linkCommand(): void {
  const link = join(ROOT, 'node_modules/.bin/acc');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../dist/acc.cjs', link);
}

/** Bundles main thread, worker and API, and makes CommonJS of every chunk. */
async function bundleChunks(): Promise<Chunk[]> {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    entryPoints: {
      main: 'src/main.ts',
      api: 'src/index.ts',
      worker: 'src/worker.ts',
      'scan-worker': 'src/scan-worker.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    chunkNames: 'chunk-[hash]',
    splitting: true,
    format: 'esm',
    external: ['esbuild', 'piscina', 'nodejs-polars'],
    loader: { '.sql': 'text' },
    legalComments: 'linked',
    metafile: true,
    plugins: [keepHotTogether(), keepImporterApart(), builtinsByCall()],
  });
  return Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const name = basename(path);
      const output = metafile.outputs[`dist/${name}`];
      if (output === undefined || !name.endsWith('.cjs')) {
        return { name, text, entry: undefined, exports: [], imports: [] };
      }
      const { entryPoint: entry, exports } = output;
      const imports = output.imports
        .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
        .map((imported) => basename(imported.path));
      return { name, text: await asCommonJs(name, text, output), entry, exports, imports };
    }),
  );
}

/** Makes CommonJS of a chunk. Dynamic imports of what is named become late calls of `require`. */
async function asCommonJs(
  name: string,
  text: string,
  { imports }: Metafile['outputs'][string],
): Promise<string> {
  let late = 0;
  const required = text.replaceAll(/\bimport\((["'`][^"'`$]+["'`])\)/gu, (_, target: string) => {
    late += 1;
    return `Promise.resolve().then(()=>require(${target}))`;
  });
  if (late !== imports.filter(({ kind }) => kind === 'dynamic-import').length) {
    throw new Error(`${name}: found ${late} dynamic imports, but the bundler tells another number`);
  }
  const { target, platform } = COMMON;
  const { code } = await transform(required, { format: 'cjs', minify: true, target, platform });
  // Only bundled packages ask for it.
  const moduleUrl = "const moduleUrl=require('node:url').pathToFileURL(__filename).href;";
  return code.includes('moduleUrl') ? moduleUrl + code : code;
}

/** Bundles a script that stands alone. */
async function bundleScript(entry: string, define: Record<string, string> = {}): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [entry],
    format: 'cjs',
    define: { ...COMMON.define, ...define },
    plugins: [builtinsByCall()],
  });
  return outputFiles[0]?.text ?? '';
}

/** An ES module that takes the API from where the running program, or the running worker, has it too. */
function apiModule(all: readonly Chunk[]): string {
  const { name, exports } = find(all, 'src/index.ts');
  return [
    "const { createRequire } = process.getBuiltinModule('node:module');",
    `export const { ${exports.join(', ')} } = createRequire(import.meta.url)('./${name}');\n`,
  ].join('\n');
}

/** What the command and `acc run` load at once, each chunk as a function that takes what Node gives to a module. */
function programScript(all: readonly Chunk[]): string {
  const hot = new Set([find(all, 'src/main.ts'), find(all, RUN)]);
  for (const { imports } of hot) {
    for (const chunk of all) if (imports.includes(chunk.name)) hot.add(chunk);
  }
  const functions = Array.from(
    hot,
    ({ name, text }) => `"./${name}"(exports,require,module,__filename,__dirname){${text}}`,
  );
  const text = `({${functions.join(',\n')}})`;
  // The command reads it as Latin-1, which is faster.
  if (Buffer.byteLength(text) !== text.length) throw new Error('The program is not plain ASCII');
  return text;
}

function find(all: readonly Chunk[], entry: string): Chunk {
  const found = all.find((chunk) => chunk.entry?.endsWith(entry));
  if (found === undefined) throw new Error(`No chunk begins with ${entry}`);
  return found;
}

function writeDist(name: string, text: string): void {
  writeFileSync(join(DIST, name), text);
}

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

function keepImporterApart(): Plugin {
  return {
    name: 'keep-importer-apart',
    setup(bundler) {
      bundler.onResolve({ filter: /\/import-module\.ts$/ }, () => ({
        path: './import-module.cjs',
        external: true,
      }));
    },
  };
}

/**
 * Importing one of Node's modules makes a module of it in which every export has been asked for: for `fs` that loads
 * the streams. Here each import asks for what it names, and nothing else; modules of functions that nobody needs at
 * once, as `fs/promises`, are not even loaded before the first call.
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
          `const builtin = () => process.getBuiltinModule(${JSON.stringify(path)});`,
          ...Object.entries(process.getBuiltinModule(path) ?? {})
            .filter(([name]) => /^[a-z_$][\w$]*$/iu.test(name) && name !== 'default')
            .map(([name, value]) =>
              path.endsWith('/promises') && typeof value === 'function'
                ? `export const ${name} = (...args) => builtin().${name}(...args);`
                : `export const ${name} = /* @__PURE__ */ (() => builtin().${name})();`,
            ),
          'export default /* @__PURE__ */ builtin();',
        ].join('\n'),
      }));
    },
  };
}
