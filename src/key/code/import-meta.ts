// Lets bundled code see `import.meta` of its own source file instead of the bundle's.
// The text that is hashed names sources relative to the root; where the root is stands in a line put before it.

import { readFileSync } from 'node:fs';
import { extname, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { BuildOptions, OnLoadArgs, OnLoadResult, Plugin } from 'esbuild';

import { escapePattern } from '../../util/escape-pattern.ts';

/** Tells whether a bundle, or a source, may use `import.meta`. */
export function usesImportMeta(text: string): boolean {
  return text.includes('import.meta');
}

/** Returns what adds to build options that each of `sources` which uses `import.meta` gets its own. */
export function importMetaPlugin(
  sources: readonly string[],
  rootDirectory: string,
): (options: BuildOptions) => BuildOptions {
  const users = new Map(
    sources
      .map((file) => [file, readFileSync(file, 'utf8')] as const)
      .filter(([, text]) => usesImportMeta(text)),
  );
  const plugin: Plugin = {
    name: 'acc-import-meta',
    setup(build) {
      build.onLoad({ filter: pathFilter([...users.keys()]) }, (args) =>
        load(args, users, rootDirectory),
      );
    },
  };
  return (options) => ({
    ...options,
    define: { 'import.meta': 'accImportMeta' },
    plugins: [...(options.plugins ?? []), plugin],
  });
}

/** Makes the line that a bundle begins with; empty when it needs none. It is not part of the code's identity. */
export function bundleHeader(text: string, rootDirectory: string): string {
  const parts: string[] = [];
  if (text.includes('__require(')) {
    parts.push(
      'import{createRequire as accCreateRequire}from"node:module";',
      'const require=accCreateRequire(import.meta.url);',
    );
  }
  if (text.includes('accSourceMeta(')) {
    const root = JSON.stringify(pathToFileURL(rootDirectory + sep).href);
    parts.push(
      'import{fileURLToPath as accFilePath}from"node:url";',
      `const accSourceMeta=(path)=>{const url=new URL(path,${root}).href,filename=accFilePath(url);`,
      'return{url,filename,dirname:filename.slice(0,filename.lastIndexOf("/")),',
      'resolve:(name)=>/^\\.{0,2}\\//.test(name)?new URL(name,url).href:import.meta.resolve(name)};};',
    );
  }
  return parts.length === 0 ? '' : `${parts.join('')}\n`;
}

function load(
  { path }: OnLoadArgs,
  users: ReadonlyMap<string, string>,
  rootDirectory: string,
): OnLoadResult | undefined {
  const text = users.get(path);
  if (text === undefined) return undefined;
  const steps = relative(rootDirectory, path).split(sep).map(encodeURIComponent);
  const prefix = `const accImportMeta=accSourceMeta("${steps.join('/')}");`;
  // A `#!` must stay in front; everything else keeps its line.
  const start = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0;
  return {
    contents: text.slice(0, start) + prefix + text.slice(start),
    loader: loaderOf(path),
  };
}

function loaderOf(path: string): 'ts' | 'tsx' | 'js' | 'jsx' {
  switch (extname(path)) {
    case '.ts':
    case '.mts':
    case '.cts':
      return 'ts';
    case '.tsx':
      return 'tsx';
    case '.jsx':
      return 'jsx';
    default:
      return 'js';
  }
}

/** esbuild's filters are regular expressions of Go; escaped text means the same in both. */
function pathFilter(paths: readonly string[]): RegExp {
  const escaped = paths.map(escapePattern);
  return new RegExp(`^(?:${escaped.join('|')})$`);
}
