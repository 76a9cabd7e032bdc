// Bundles entry files with esbuild so that the text of each bundle is the identity of the code that can run:
// unused exports are shaken out, comments and layout are gone, packages stay outside.
// Unaware of caches and of what the entries define. All entries go through one call: one by one costs six times as much.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

import type { BuildFailure, BuildOptions, BuildResult, Message, Metafile } from 'esbuild';

import type { Problem } from '../../model/errors.ts';
import { UsageError } from '../../model/errors.ts';
import { importMetaPlugin, usesImportMeta } from './import-meta.ts';
import type { InstalledPackage, InstalledPackages } from './installed-packages.ts';
import { configurationPlugin, packagePlugin } from './package-imports.ts';
import { packageNameOf } from './package-name.ts';

/** In the text of a bundle, which keeps the names of what it imports. */
const ENGINE_QUERIES = /\bqueryDatasets\b/u;

/** esbuild's `build`, or a stand-in that counts. */
export type Bundler = (options: BuildOptions) => Promise<BuildResult>;

/** Loads the bundler: called only when something has to be bundled. */
export type LoadBundler = () => Promise<Bundler>;

/** What a call has in common for all its entries. Paths are absolute. */
export interface BundleCall {
  /** Sources are named relative to it, so that moving it changes no bundle. */
  readonly rootDirectory: string;
  /** Where the bundles will lie: packages must resolve from here as they do from the source. */
  readonly cacheDirectory: string;
  /** In a configuration `acc-engine` means `defineConfig` alone. */
  readonly kind: 'code' | 'configuration';
  readonly loadBundler: LoadBundler;
  /** The files that an entry was made from before, if ever; they decide who is to blame for an error. */
  readonly sourcesOf: (entry: string) => readonly string[];
  readonly installed: InstalledPackages;
}

/** A bundle as text, with all that it came from. */
export interface BundledCode {
  readonly text: string;
  /** Its sources are named relative to the root, and their contents are left out. */
  readonly map: string;
  /** External packages by the specifier in the text. */
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  /** Absolute paths of all files that were read, also those of which nothing is left. */
  readonly sources: readonly string[];
  /** Absolute paths of symlinks, or below them, through which sources were found. */
  readonly links: readonly string[];
  /** Imports of own sources that do not begin with a dot: path aliases, and packages of the workspace. */
  readonly aliased: readonly AliasedImport[];
}

/** An import that something beside its own text leads to its source. */
export interface AliasedImport {
  readonly specifier: string;
  /** Absolute path of the directory of the file it stands in. */
  readonly directory: string;
}

/** A file that was read, with what it imports. */
interface BundledFile {
  /** Absolute path; `undefined` for what a plugin made up. */
  readonly file: string | undefined;
  /** As the metafile names them. */
  readonly imports: readonly string[];
  readonly links: readonly string[];
  readonly aliased: readonly AliasedImport[];
}

/** What a plugin made up, or package.json leaves out, has a namespace before its name. */
const NO_FILE = /^(?:acc|\(disabled\)):/;

/** Bundles each entry (absolute paths); an entry that cannot be bundled gets the error instead of the code. */
export async function bundleCode(
  entries: readonly string[],
  call: BundleCall,
): Promise<ReadonlyMap<string, BundledCode | UsageError>> {
  const run = await call.loadBundler();
  const results = await bundleSound(entries, call, run);
  const withMeta = [...results].filter(
    (result): result is [string, BundledCode] =>
      !(result[1] instanceof UsageError) && usesImportMeta(result[1].text),
  );
  for (const [entry, code] of withMeta) {
    const plugin = importMetaPlugin(code.sources, call.rootDirectory);
    results.set(entry, await bundleOne(entry, call, (options) => run(plugin(options))));
  }
  return results;
}

/** Bundles all entries in one call; when that fails, those to blame for it one by one and the rest again. */
async function bundleSound(
  entries: readonly string[],
  call: BundleCall,
  run: Bundler,
): Promise<Map<string, BundledCode | UsageError>> {
  if (entries.length === 0) return new Map();
  try {
    return await bundleTogether(entries, call, run);
  } catch (error) {
    const messages = messagesOf(error);
    const files = messages.map((message) => absolute(message.location?.file ?? '', call));
    const blamed = entries.filter((entry) => {
      const sources = call.sourcesOf(entry);
      return files.some((file) => file === entry || sources.includes(file));
    });
    const alone = blamed.length > 0 ? blamed : entries;
    const rest = entries.filter((entry) => !alone.includes(entry));
    const results = await bundleSound(rest, call, run);
    const single = await Promise.all(alone.map((entry) => bundleOne(entry, call, run)));
    for (const [index, entry] of alone.entries()) {
      const result = single[index];
      if (result !== undefined) results.set(entry, result);
    }
    return results;
  }
}

async function bundleOne(
  entry: string,
  call: BundleCall,
  run: Bundler,
): Promise<BundledCode | UsageError> {
  try {
    const results = await bundleTogether([entry], call, run);
    const code = results.get(entry);
    if (code === undefined) throw new Error(`Internal error: no bundle was made of ${entry}`);
    return code;
  } catch (error) {
    return new UsageError(messagesOf(error).map((message) => problemOf(message, call)));
  }
}

async function bundleTogether(
  entries: readonly string[],
  call: BundleCall,
  run: Bundler,
): Promise<Map<string, BundledCode>> {
  const packages = new Map<string, InstalledPackage>();
  const result = await run(bundleOptions(entries, call, packages));
  const texts = new Map(result.outputFiles?.map((file) => [file.path, file.text]));
  const metafile = result.metafile;
  if (metafile === undefined) throw new Error('Internal error: esbuild gave no metafile');
  const inputs = readInputs(metafile, call);
  return new Map(
    entries.map((entry, index) => {
      const output = metafile.outputs[`${index}.js`];
      const path = join(call.rootDirectory, `${index}.js`);
      const code: BundledCode = {
        text: texts.get(path) ?? '',
        map: texts.get(`${path}.map`) ?? '',
        packages: new Map([
          ...externalPackages(output, packages),
          ...loadedByEngine(texts.get(path) ?? '', call),
        ]),
        ...origins(entry, output?.entryPoint, inputs),
      };
      return [entry, code];
    }),
  );
}

/** Every option here is part of the meaning of a key. */
function bundleOptions(
  entries: readonly string[],
  call: BundleCall,
  packages: Map<string, InstalledPackage>,
): BuildOptions {
  const plugins = [packagePlugin({ ...call, packages })];
  return {
    entryPoints: entries.map((entry, index) => ({ in: entry, out: String(index) })),
    absWorkingDir: call.rootDirectory,
    outdir: call.rootDirectory,
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    treeShaking: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    sourcemap: 'external',
    // The caller adds the sources: through esbuild, a helper's text would come once for each entry that uses it.
    sourcesContent: false,
    loader: { '.txt': 'text', '.sql': 'text' },
    logLevel: 'silent',
    plugins: call.kind === 'configuration' ? [configurationPlugin(), ...plugins] : plugins,
  };
}

function externalPackages(
  output: Metafile['outputs'][string] | undefined,
  packages: ReadonlyMap<string, InstalledPackage>,
): ReadonlyMap<string, InstalledPackage> {
  const used = new Map<string, InstalledPackage>();
  for (const { path, external } of output?.imports ?? []) {
    const found = external === true ? packages.get(path) : undefined;
    if (found !== undefined) used.set(path, found);
  }
  return used;
}

/** The package that the engine itself loads for queries, found where it will look: beside itself, then in the project. */
function loadedByEngine(
  text: string,
  { installed, cacheDirectory }: BundleCall,
): readonly (readonly [string, InstalledPackage])[] {
  if (!ENGINE_QUERIES.test(text)) return [];
  const name = 'nodejs-polars';
  const found =
    installed.find(name, dirname(import.meta.filename)) ?? installed.find(name, cacheDirectory);
  return found === undefined ? [] : [[name, found]];
}

/** Reads from the metafile what each file imports; entries share most files, so this is done once for all. */
function readInputs({ inputs }: Metafile, call: BundleCall): ReadonlyMap<string, BundledFile> {
  return new Map(
    Object.entries(inputs).map(([name, input]) => {
      const file = absolute(name, call);
      const imports = input.imports.filter(
        ({ path, external }) => external !== true && inputs[path] !== undefined,
      );
      const links = imports.map(({ path, original }) =>
        linkTo(absolute(path, call), file, original),
      );
      return [
        name,
        {
          file: NO_FILE.test(name) ? undefined : file,
          imports: imports.map(({ path }) => path),
          links: links.filter((link) => link !== undefined),
          aliased: imports.flatMap(({ original: specifier }) =>
            specifier === undefined || /^[./]/.test(specifier)
              ? []
              : [{ specifier, directory: dirname(file) }],
          ),
        },
      ];
    }),
  );
}

/** Lists the files that an entry imports, directly or through others, with the links and aliases on the way to them. */
function origins(
  entry: string,
  entryPoint: string | undefined,
  inputs: ReadonlyMap<string, BundledFile>,
): Pick<BundledCode, 'sources' | 'links' | 'aliased'> {
  const sources: string[] = [];
  const links = new Set<string>();
  const aliased: AliasedImport[] = [];
  const seen = new Set(entryPoint === undefined ? [] : [entryPoint]);
  for (const name of seen) {
    const input = inputs.get(name);
    if (input?.file !== undefined) sources.push(input.file);
    for (const path of input?.imports ?? []) seen.add(path);
    for (const link of input?.links ?? []) links.add(link);
    aliased.push(...(input?.aliased ?? []));
  }
  if (sources[0] !== entry) links.add(entry);
  return { sources, links: [...links], aliased };
}

/** esbuild follows symlinks, so a source that does not lie where the import says was found through one. */
function linkTo(
  source: string,
  importer: string,
  specifier: string | undefined,
): string | undefined {
  if (specifier?.startsWith('.') !== true) return undefined;
  const said = join(dirname(importer), specifier);
  // An import may leave out the extension or `index.ts`, and may say `.js` for `.ts`.
  if (source.startsWith(said.replace(/\.\w+$/, ''))) return undefined;
  return existsSync(said) ? said : dirname(said);
}

function messagesOf(error: unknown): readonly Message[] {
  const messages = (error as Partial<BuildFailure> | null)?.errors;
  if (messages === undefined || messages.length === 0) throw error;
  return messages;
}

function problemOf(message: Message, call: BundleCall): Problem {
  const problem = { code: 'cannot_bundle', ...wordsOf(message.text) };
  if (message.location === null) return problem;
  const { file, line, column, length } = message.location;
  return {
    ...problem,
    where: { file: absolute(file, call), line, column: column + 1, length: Math.max(1, length) },
  };
}

const SYNTAX = /^(?:Expected|Unexpected|Unterminated) /u;

/** esbuild says what it met, but not what kind of mistake that is, or what to do. */
function wordsOf(text: string): Pick<Problem, 'message' | 'hint'> {
  const [, specifier] = /^Could not resolve "(.+)"$/u.exec(text) ?? [];
  if (specifier === undefined) {
    return { message: SYNTAX.test(text) ? `Syntax error: ${lowerFirst(text)}` : text };
  }
  return /^[./]/u.test(specifier)
    ? {
        message: `There is no file "${specifier}" to import`,
        hint: 'Paths of imports are relative to the file they stand in.',
      }
    : {
        message: `There is no package "${specifier}" to import`,
        hint: `\`npm install ${packageNameOf(specifier)}\` installs it, if that is its name.`,
      };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function absolute(file: string, call: BundleCall): string {
  return isAbsolute(file) ? file : join(call.rootDirectory, file);
}
